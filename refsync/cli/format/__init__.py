"""`refsync format`: .bib files in one layout."""
