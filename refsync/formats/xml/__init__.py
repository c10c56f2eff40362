"""Formats of XML records (EndNote, PubMed), and safe reading of XML."""
