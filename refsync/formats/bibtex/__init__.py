"""BibTeX and BibLaTeX: scanned without losing a byte, read, written, edited in place."""
