"""From a plan and pairs to a candidate."""
