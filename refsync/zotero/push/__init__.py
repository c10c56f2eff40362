"""From records to a Zotero library."""
