"""A strategy at work: rules over all futures week by week, what they did, and on real series."""
