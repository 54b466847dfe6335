"""Which unknowns move a result."""
