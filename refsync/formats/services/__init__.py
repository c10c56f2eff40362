"""Responses of bibliographic services: Crossref, OpenAlex, Semantic Scholar, dblp, arXiv."""
