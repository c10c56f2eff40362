"""What several formats use: decoding, streams, JSON, conversion of field values and item types."""
