"""`refsync check` and `refsync rules`."""
