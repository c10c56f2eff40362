"""Formats of XML records: EndNote's and PubMed's; and what reading XML safely takes."""
