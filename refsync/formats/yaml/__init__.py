"""Formats in YAML, and safe reading and writing of YAML."""
