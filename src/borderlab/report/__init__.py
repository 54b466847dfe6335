"""Pages, figures and plain text made from results."""
