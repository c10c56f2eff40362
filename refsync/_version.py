"""The version, in a module of its own so that the lowest rooms may know it."""

__version__ = "0.1.0"
