"""What a run tells, and keeps."""
