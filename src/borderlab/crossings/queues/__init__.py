"""The simulator: a network in, every entity through its lanes, counts out. Knows no place by name."""
