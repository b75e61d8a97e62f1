"""Rules that a practice writes in TOML, of payers and of the house: parsed, judged, tested by their examples."""
