"""Formats with one tag per line: RIS, Web of Science, EndNote, PubMed, Ovid, Cochrane."""
