"""What rules look at in one pair: the comparison of two profiles as plain values."""

from dataclasses import dataclass

import numpy as np

from refsync.dedup.comparison_vectors import ComparisonVectors
from refsync.dedup.profile import Profile
from refsync.dedup.titles import words_swapped

OTHER_JOURNAL = 0.3
"""Below this similarity two names of journals are two journals."""

_SMALL_WORDS = frozenset(
    {"the", "a", "an", "of", "on", "in", "for", "and", "to", "with", "by", "at", "from", "as", "its", "their"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFacts:
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
        words_left: words that only the first title has, without spelling variants and small words.
        words_right: those that only the second one has.
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
    words_left: tuple[str, ...] = ()
    words_right: tuple[str, ...] = ()

    @property
    def conflict(self) -> bool:
        """Whether any part of the place in a publication, or the DOI, differs."""
        return self.volume_differs or self.issue_differs or self.page_differs or self.doi_differs

    @property
    def other_journal(self) -> bool:
        """Whether both venues are journals, and not the same."""
        return self.journals and 0 <= self.venue < OTHER_JOURNAL

    @property
    def titles_differ(self) -> bool:
        """Whether both have a title, and not the same."""
        return self.title >= 0 and not self.title_equal


def pair_facts(vectors: ComparisonVectors, row: int, a: Profile, b: Profile) -> PairFacts:
    """The facts about the profiles `a` and `b`, which row `row` of the comparison vectors compares."""

    def similarity(name: str) -> float:
        value = float(vectors.similarity[name][row])
        return -1.0 if np.isnan(value) else value

    year_gap = int(vectors.year_gap[row])
    page_equal, volume_equal = bool(vectors.page_equal[row]), bool(vectors.volume_equal[row])
    volume_differs = bool(vectors.volume_differs[row])
    title, title_equal = similarity("title"), bool(vectors.title_equal[row])
    left, right = words_swapped(a.title, b.title) if title >= 0 and not title_equal else ([], [])
    return PairFacts(
        title=title,
        author=similarity("author"),
        abstract=similarity("abstract"),
        venue=similarity("venue"),
        title_equal=title_equal,
        main_equal=bool(vectors.main_equal[row]),
        contained=bool(vectors.contained[row]),
        identity=bool(vectors.doi_equal[row] or vectors.identifier_equal[row]),
        locator=page_equal and (volume_equal or (year_gap == 0 and not volume_differs)),
        generic=bool(vectors.generic[row]),
        doi_differs=bool(vectors.doi_differs[row]),
        year_gap=year_gap,
        volume_equal=volume_equal,
        issue_differs=bool(vectors.issue_differs[row]),
        volume_differs=volume_differs,
        page_differs=bool(vectors.page_differs[row]),
        page_equal=page_equal,
        range_equal=bool(vectors.range_equal[row]),
        misspelt=bool(vectors.misspelt[row]),
        truncated=bool(vectors.truncated[row]),
        people=int(vectors.families[row]),
        journals=bool(vectors.journals[row]),
        words_left=tuple(word for word in left if word not in _SMALL_WORDS),
        words_right=tuple(word for word in right if word not in _SMALL_WORDS),
    )
