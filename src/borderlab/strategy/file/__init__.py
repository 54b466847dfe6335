"""Strategy files: read strictly, listed, begun, searched for free numbers."""
