"""`refsync dedupe` and `refsync explain`."""
