"""Response surfaces: what a pattern of restrictions does to the border, for the model of the two governments."""
