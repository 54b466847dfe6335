"""Runs of many futures by chunks: planned, executed, kept, resumed."""
