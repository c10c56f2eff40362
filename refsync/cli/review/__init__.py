"""`refsync review` and `refsync learn`."""
