"""The ordinary border: places, volumes, the fitted table, the network of a period, what freight and hours cost."""
