"""The commands that read or write a Zotero library."""
