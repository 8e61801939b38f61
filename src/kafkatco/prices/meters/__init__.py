"""The rules that match meters of price lists and bills with skus of the tables."""
