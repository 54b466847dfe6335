"""Everything that has a name: finding it, showing it, checking it."""
