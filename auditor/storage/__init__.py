"""Our own tables, and the questions asked of them."""
