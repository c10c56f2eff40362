"""Readers and writers, one module for each format; each is a `Format`, found by `registry`."""
