"""Makers: small values and tables with defaults, so that a test names only what it is about."""
