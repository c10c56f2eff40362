"""What merging and fixing change in the user's own .bib files, and in the documents that cite; nothing is written."""
