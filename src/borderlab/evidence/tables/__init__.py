"""The shipped tables as checked, frozen rows: one file for each kind of row."""
