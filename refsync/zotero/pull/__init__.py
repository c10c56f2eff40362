"""Pulling a Zotero library into a .bib file."""
