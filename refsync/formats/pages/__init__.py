"""Formats for people: saved web pages and listings, lists, Markdown, formatted bibliographies."""
