"""Typed access to what the product knows: sources, parameters, levers, indicators, claims, episodes."""
