"""Runs that write: files replaced whole or not at all, with the state before kept so that a run can be undone."""
