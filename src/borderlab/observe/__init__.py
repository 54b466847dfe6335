"""Real data in: recognising and importing the public files, the store, indicator series, effects of episodes."""
