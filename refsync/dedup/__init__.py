"""Deduplication: which records are one paper, which are versions of one work. Nothing heavy is imported here."""
