"""Boxes and trees in which the runs of interest lie."""
