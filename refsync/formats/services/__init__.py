"""What the services of the field answer: Crossref, OpenAlex, Semantic Scholar, DBLP, arXiv."""
