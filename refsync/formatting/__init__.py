"""Formatting a BibTeX file: pure functions from a text and settings to a text; what no setting names stays as it is."""
