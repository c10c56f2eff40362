"""A .bib file and a Zotero library, both ways: a three-way merge against the last synced state."""
