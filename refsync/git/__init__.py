"""Bibliographies under version control: a three-way merge by entries and fields, and git's settings for it."""
