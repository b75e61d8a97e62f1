"""Monitors: weekly counts and audited outcomes in, readings, stories and alerts out."""
