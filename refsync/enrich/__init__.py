"""Filling what records lack from Crossref, OpenAlex and arXiv: looked up, compared, proposed; never written here."""
