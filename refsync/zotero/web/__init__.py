"""Zotero's Web API: the client, the local copy of a library, and a journal of every write."""
