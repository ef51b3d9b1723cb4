"""Pairs to a candidate model to a verdict."""
