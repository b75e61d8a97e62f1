"""Values and rules of the business; knows no table, page, clock or network."""
