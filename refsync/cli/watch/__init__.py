"""`refsync watch`: what is new and what was fixed, each time that a file was saved or a library changed."""
