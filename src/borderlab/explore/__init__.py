"""Many futures × strategies: sampling, running, robustness, discovery."""
