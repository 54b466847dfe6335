"""borderlab: a policy laboratory for U.S.–Mexico border security cooperation."""

__version__ = "0.1.0"
