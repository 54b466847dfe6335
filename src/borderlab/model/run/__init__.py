"""A strategy and the world stepped together; what is reported of it."""
