"""The built-in rules, one a file. `registry` lists them."""
