"""The calculators: which there are, what each takes, and its answer. The command line and the pages show the same."""
