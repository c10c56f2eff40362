"""Formats of one tag a line: RIS, Web of Science, EndNote's, PubMed's."""
