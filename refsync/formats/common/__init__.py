"""What the formats share: bytes to text, streams, drafts of records."""
