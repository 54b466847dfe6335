"""Public files as they come: opened, recognised, checked row by row."""
