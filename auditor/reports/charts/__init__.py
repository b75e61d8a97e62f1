"""Charts as SVG: one definition for page, mail and PDF. Each has a title that says the finding, and its table."""
