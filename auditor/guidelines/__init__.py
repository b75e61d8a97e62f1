"""Claim in, violations out: rules and dated code tables."""
