"""Conversion between records and Zotero's items: item types, fields, creators, dates, tags, Extra. Pure."""
