"""Guideline editions: imported, listed, looked up by date, and claims checked against them."""
