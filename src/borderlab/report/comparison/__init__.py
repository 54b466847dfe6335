"""The report of a comparison of strategies."""
