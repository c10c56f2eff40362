"""From a Zotero library to a .bib file."""
