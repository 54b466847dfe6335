"""The user's own data: one writer at a time, downloads, the live feed kept."""
