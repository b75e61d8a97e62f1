"""A simulated practice: seeded claims with known errors and known drift."""
