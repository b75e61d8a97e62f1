"""Numbers in, result out: one method family a file. Does not know what a claim is."""
