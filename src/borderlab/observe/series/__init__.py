"""Series under plain names, shipped and imported, and what they showed on a day."""
