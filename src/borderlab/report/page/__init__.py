"""One offline page: blocks, charts, map, tables, style."""
