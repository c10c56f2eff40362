"""Zotero libraries: records to items and back, a client that retries, push and pull."""
