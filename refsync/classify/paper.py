"""What the classifiers know of a paper."""

from typing import NamedTuple


class Paper(NamedTuple):
    """The values of a record that are evidence of its areas, as plain text.

    Attributes:
        title, abstract: either may be empty.
        venue: the name of the journal, the proceedings or the series, in full or abbreviated.
        issn: of the journal, or empty.
        keywords: the record's own ones, in one text.
        categories: arXiv's own categories of the paper.
    """

    title: str
    abstract: str = ""
    venue: str = ""
    issn: str = ""
    keywords: str = ""
    categories: tuple[str, ...] = ()


def as_paper(paper: "tuple[str, str] | Paper") -> Paper:
    """A pair of title and abstract as a paper."""
    return paper if isinstance(paper, Paper) else Paper(*paper)
