"""Measurements: one command each, `python benchmarks/NAME.py`, which prints a table and writes JSON."""
