"""A finished comparison: arrays with names, robustness, stability."""
