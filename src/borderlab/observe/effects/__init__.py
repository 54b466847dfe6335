"""What happened to a series around an episode."""
