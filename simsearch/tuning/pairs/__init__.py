"""Pairs as they come, and as they are divided."""
