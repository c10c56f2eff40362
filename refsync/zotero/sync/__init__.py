"""Syncing a .bib file and a Zotero library in both directions: a three-way merge against the last synced state."""
