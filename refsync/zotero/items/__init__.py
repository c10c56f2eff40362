"""Records as Zotero's items and back: item types, fields, creators, dates, tags, Extra. Pure."""
