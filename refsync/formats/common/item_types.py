"""Groups of BibTeX types that share the meaning of a field, for formats that reuse one field for several things."""

ARTICLE_TYPES = frozenset({"article", "periodical"})
BOOK_TYPES = frozenset({"book", "collection", "booklet"})
PART_TYPES = frozenset({"incollection", "inproceedings", "inreference"})
"""Works that are published as part of a book or of proceedings."""

PUBLISHER_FIELDS = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}
"""Types whose publisher is in a field of another name."""


def publisher_field(type_: str) -> str:
    """The field that names the publisher of a work of this type."""
    return PUBLISHER_FIELDS.get(type_, "publisher")
