"""How good models are, on the same questions."""
