"""Pushing records to a Zotero library."""
