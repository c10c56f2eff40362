"""Zotero's Web API: the client, the local copy of a library, and the journal of all writes."""
