"""The report of a simulation of the crossings."""
