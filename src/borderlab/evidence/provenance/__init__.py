"""Where a number comes from, and what leans on it."""
