"""What a run reports and records."""
