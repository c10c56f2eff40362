"""What rules look at in one pair: the comparison of two profiles as plain values."""

import re
from typing import Any, NamedTuple

import numpy as np

from refsync.dedup.comparison_vectors import ComparisonVectors
from refsync.dedup.feature_columns import Bools, Floats, Ints, one_isbn
from refsync.dedup.meetings import GENERAL_WORDS
from refsync.dedup.profile import Profile
from refsync.dedup.title_difference import Difference, is_spelling, title_difference

OTHER_JOURNAL = 0.3
"""Below this similarity two names of journals are two journals."""

_NONE = Difference("equal")


class PairFacts(NamedTuple):
    """One pair; a similarity is from 0 to 1, and -1 where a field is missing on either side.

    Attributes:
        title: similarity of the titles' letters.
        author: similarity of the author lists.
        abstract: similarity of the abstracts.
        venue: similarity of the venues.
        title_equal: whether the folded titles are equal.
        main_equal: whether one title is the other up to its subtitle.
        contained: whether all words of one title are in the other.
        identity: whether a DOI, PMID, PMCID or arXiv number is equal.
        locator: whether the first page is equal, and the volume or the year.
        generic: whether either title says too little to identify a paper.
        doi_differs: whether both have a DOI, and not the same.
        year_gap: years between the two; -1 where unknown.
        volume_equal: whether both have the same volume.
        issue_differs: whether both have an issue, and not the same.
        volume_differs: whether both have a volume, and not the same.
        page_differs: whether both have a first page, and not the same.
        page_equal: whether both have the same first page.
        range_equal: whether both have the same range of several pages.
        misspelt: whether the titles differ by few letters.
        truncated: whether one title is the beginning of the other, but not at its subtitle.
        people: the number of names in the shorter author list.
        journals: whether both venues are surely journals.
        publisher: similarity of the publishers, institutions or schools.
        difference: which words only one of the titles has; `equal` where a title is missing.
        isbn_equal: whether an ISBN is shared, and not only that of a set of volumes.
        isbn_differs: whether both have an ISBN, and none is shared.
    """

    title: float
    author: float
    abstract: float
    venue: float
    title_equal: bool
    main_equal: bool
    contained: bool
    identity: bool
    locator: bool
    generic: bool
    doi_differs: bool
    year_gap: int
    volume_equal: bool
    issue_differs: bool
    volume_differs: bool
    page_differs: bool
    page_equal: bool
    range_equal: bool
    misspelt: bool
    truncated: bool
    people: int
    journals: bool
    publisher: float = -1.0
    difference: Difference = _NONE
    isbn_equal: bool = False
    isbn_differs: bool = False

    @property
    def conflict(self) -> bool:
        """Whether any part of the place in a publication, or the DOI, differs."""
        return self.volume_differs or self.issue_differs or self.page_differs or self.doi_differs

    @property
    def other_journal(self) -> bool:
        """Whether both venues are journals, and not the same."""
        return self.journals and 0 <= self.venue < OTHER_JOURNAL

    @property
    def contradicted(self) -> bool:
        """Whether anything that places a work differs."""
        return self.conflict or self.other_journal or 0 <= self.publisher < 0.5 or self.isbn_differs

    @property
    def titles_differ(self) -> bool:
        """Whether both have a title, and not the same."""
        return self.title >= 0 and not self.title_equal

    @property
    def words_differ(self) -> bool:
        """Whether words of content differ, in more than their spelling."""
        return self.titles_differ and self.difference.kind not in {"equal", "typed", "spelling"}


_COMPARED = PairFacts._fields[: PairFacts._fields.index("difference")]


def pair_facts(vectors: ComparisonVectors, row: int, a: Profile, b: Profile) -> PairFacts:
    """The facts about the profiles `a` and `b`, which row `row` of the comparison vectors compares."""
    (compared,) = compared_facts(vectors, np.array([row]))
    return complete_facts(compared, a, b)


def compared_facts(vectors: ComparisonVectors, rows: Ints) -> list[tuple[Any, ...]]:
    """What the comparison vectors say in these rows: the first values of the facts, which `complete_facts` completes.

    Many rows at once: to take single values out of arrays takes most of the time that rules do.
    """
    v = vectors
    same_year = (v.year_gap == 0) & ~v.volume_differs
    columns: dict[str, Floats | Ints | Bools] = {
        **{name: np.nan_to_num(values, nan=-1.0) for name, values in v.similarity.items()},
        "title_equal": v.title_equal,
        "main_equal": v.main_equal,
        "contained": v.contained,
        "identity": v.doi_equal | v.identifier_equal,
        "locator": v.page_equal & (v.volume_equal | same_year),
        "generic": v.generic,
        "doi_differs": v.doi_differs,
        "year_gap": v.year_gap,
        "volume_equal": v.volume_equal,
        "issue_differs": v.issue_differs,
        "volume_differs": v.volume_differs,
        "page_differs": v.page_differs,
        "page_equal": v.page_equal,
        "range_equal": v.range_equal,
        "misspelt": v.misspelt,
        "truncated": v.truncated,
        "people": v.families,
        "journals": v.journals,
    }
    return [*zip(*(columns[name][rows].tolist() for name in _COMPARED), strict=True)]


def complete_facts(compared: tuple[Any, ...], a: Profile, b: Profile) -> PairFacts:
    """The facts about two profiles, of which some are known from the comparison vectors."""
    facts = PairFacts(*compared)
    if facts.titles_differ:
        facts = facts._replace(difference=_difference(a, b, misspelt=facts.misspelt))
    if a.isbns and b.isbns:
        facts = facts._replace(isbn_equal=one_isbn(a, b), isbn_differs=set(a.isbns).isdisjoint(b.isbns))
    return facts


_OF_EDITIONS = frozenset("edition ed edn version release v first second third fourth fifth sixth revised".split())
_TYPED_IN = frozenset(
    "vol volume no pp pages page unpubl unpublished accessed retrieved available under online from at in ed eds "
    "edition press verlag january february march april may june july august september october november december".split()
)
_VOLUMES = frozenset("vol vols volume band bd tome tomo teil".split())
_LABELS = (
    "case report", "case reports", "brief communication", "short communication", "brief report", "original article",
    "review article", "research article", "original research", "clinical report", "research note",
)  # fmt: skip
"""What databases add to a title to say what kind of article it is."""
_VENUE = re.compile(
    r"(?:in )?(?:the )?(?:proc|proceedings|international (?:conference|journal|workshop|symposium)|acm|ieee|"
    r"(?:annual|european|international) (?:meeting|conference)|transactions on)\\b"
)
_MOST = 0.7  # of the words after a title; the others are spelt in another way where they belong
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)")


def _is_typed(word: str, own: Profile, other: Profile, *, at_end: bool) -> bool:
    """Whether a word that only one title has is no title's: a number, an initial, a name as the other spells it."""
    if word.isdigit():
        return len(word) > 2 or word in {str(year)[2:] for year in (own.year, other.year) if year}
    return (
        (len(word) == 1 and word.isascii())
        or (at_end and (bool(_ORDINAL.fullmatch(word)) or word in GENERAL_WORDS))
        or any(is_spelling(word, name) for name in (*own.authors.families[:20], *other.authors.families[:20]))
    )


def _names_a_book(text: str) -> bool:
    """Whether words after a title name the book in which it is: `in ada lind ed advances in moss`."""
    return text.startswith("in ") and not {"ed", "eds", "editor", "editors", "hg", "hrsg"}.isdisjoint(text.split())


def _sides(difference: Difference) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return difference.left, difference.right


_EDITION_AT_END = re.compile(
    r".{10,} (?:\d{1,2}(?:st|nd|rd|th|e|a)?|new|revised|rev|second|third|fourth|fifth|sixth|seventh|eighth|neue|neu) "
    r"(?:revised |rev |enlarged |uberarbeitete |erweiterte )?(?:ed|edn|edition|auflage|aufl|edicion|edizione)$"
)


def _ends_with_edition(title: str) -> bool:
    """Whether a title has its edition typed after it, maybe with a publisher before: `moss harbour press 2nd ed`."""
    return bool(_EDITION_AT_END.match(title))


def _difference(a: Profile, b: Profile, *, misspelt: bool) -> Difference:
    """The difference of the titles without words that one source typed into the title from other fields."""
    if misspelt and (a.damaged or b.damaged):  # letters that a source could not write
        return Difference("spelling")
    difference = title_difference(a.title, b.title)
    every = difference.left + difference.right
    if difference.kind in {"form", "number"} and all(word in _OF_EDITIONS or word[0].isdigit() for word in every):
        same_edition = difference.kind == "form" and a.edition == b.edition != ""
        if same_edition or a.version == b.version != "":
            return Difference("spelling")
    if difference.kind not in {"subtitle", "extra", "number"} or bool(difference.left) == bool(difference.right):
        return difference
    more, own, other = (difference.left, a, b) if difference.left else (difference.right, b, a)
    if _ends_with_edition(own.title) and not _ends_with_edition(other.title):
        return difference if own.edition == other.edition != "" else Difference("form", *_sides(difference))
    if len(other.title_key) <= 15:
        return difference
    if not (_VOLUMES.isdisjoint(more) or own.volume or other.volume) and {own.form, other.form} <= {"book", "volume"}:
        return difference  # a volume of the work
    known = own.other_words | other.other_words | _TYPED_IN
    at_end = own.title.startswith(other.title + " ")
    typed = sum(word in known or _is_typed(word, own, other, at_end=at_end) for word in more)
    if max(map(len, more)) < 2:  # `case B` of `case A`
        return difference
    people = sum(name in more for name in set(other.authors.families))
    if at_end and people >= 2:  # a whole reference after the title
        return Difference("typed")
    if typed == len(more) or (at_end and len(more) > 2 and typed >= _MOST * len(more)):
        return Difference("typed")
    rest = own.title.removeprefix(other.title + " ")
    if rest != own.title and (rest.removeprefix("a ") in _LABELS or _names_a_book(rest) or _VENUE.match(rest)):
        return Difference("typed")
    return difference
