"""Auditor: a human-in-the-loop audit sampler and drift monitor for medical coding."""
