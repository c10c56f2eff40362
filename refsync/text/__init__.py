"""Rules for text: mark-up, folding, names, identifiers, venues."""
