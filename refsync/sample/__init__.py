"""A small library of invented papers, for `refsync demo`."""
