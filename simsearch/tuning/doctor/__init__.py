"""What is wrong with pairs, before they train."""
