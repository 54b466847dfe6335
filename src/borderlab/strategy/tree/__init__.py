"""The checked tree of a strategy, the words it may use, and the tree in plain words."""
