"""Text rules: markup, folding, names, titles, identifiers, venues, pages and similarity."""
