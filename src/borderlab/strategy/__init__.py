"""Strategies: text to a checked tree, and what of it is in force this week."""
