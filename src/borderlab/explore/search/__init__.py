"""A search for better numbers of a strategy."""
