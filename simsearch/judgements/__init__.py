"""Judgements: what people said was right or wrong, kept, and put to use."""
