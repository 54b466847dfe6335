"""Futures: one draw each of everything that nobody knows exactly, and the parameters they give."""
