"""Generators of shipped files: models, and pages and pictures of the documentation."""
