"""BibTeX and BibLaTeX: lossless scanning, reading, writing and minimal edits."""
