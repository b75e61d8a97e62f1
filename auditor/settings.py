"""Settings: defaults, then a config file, then AUDITOR_* variables. The only reader of the environment."""
