"""Merging duplicates inside a Zotero library."""
