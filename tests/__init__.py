"""Every test; the folders mirror `auditor/`."""
