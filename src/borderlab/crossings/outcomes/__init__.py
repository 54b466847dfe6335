"""What a scenario does beside the ordinary border: the two runs, their measures, sums and files."""
