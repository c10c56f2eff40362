"""Fields that are not LaTeX."""

VERBATIM_FIELDS = frozenset(
    "doi eprint eprinttype archiveprefix primaryclass isbn issn pmid pmcid file localfile pdf url urlraw verba verbb "
    "verbc refsync-source crossref xref xdata ids related entryset".split()
)
"""Fields whose values are URLs, numbers and keys: the same in text and in LaTeX."""
