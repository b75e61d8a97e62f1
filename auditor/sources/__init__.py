"""Where claims live: the mapping from any schema to canonical selectables, and the questions asked."""
