"""Deduplication and tagging on Apache Spark: the local engine's rules, with Spark to move the data."""
