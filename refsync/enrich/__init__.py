"""Values for missing fields from Crossref, OpenAlex and arXiv: looked up, compared, proposed; never written here."""
