"""Runs that write files: all files or none are replaced, and their old content is kept so that a run can be undone."""
