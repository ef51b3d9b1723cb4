"""A linear map on frozen vectors: fitted in seconds on anchors and positives, applied to stored vectors."""
