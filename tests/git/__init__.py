"""Tests of the merge of .bib files under version control."""
