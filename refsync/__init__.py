"""refsync: deduplicate, classify and sync bibliographic references."""

__version__ = "0.1.0"
