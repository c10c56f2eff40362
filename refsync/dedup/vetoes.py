"""Vetoes: what holds two records apart however alike they look. They stand above the model's probability.

Each is a rule that people who deduplicate by hand apply, and names the case that it is for.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from refsync.dedup.comparison_vectors import Comparison
from refsync.dedup.feature_columns import is_periodical
from refsync.dedup.profile import Profile
from refsync.dedup.titles import numbers, numbers_differ, opposed, words_swapped

CLEAR = frozenset({"notice", "numbers", "generic title", "edition", "type", "opposites"})
"""Vetoes after which nobody needs to be asked, unless everything else agrees."""

DOUBTS = frozenset({"subtitle", "words", "places"})
"""Vetoes that only say that a pair by itself is not sure: a third record that is the same as both settles them."""

_NEAR = 0.94  # titles this near by three people or more differ by a word that one source left out
_OTHER_JOURNAL = 0.3  # below this similarity two names of journals are two journals
_SMALL = frozenset(
    {"the", "a", "an", "of", "on", "in", "for", "and", "to", "with", "by", "at", "from", "as", "its", "their"}
)


_FORMS = frozenset("tutorial panel demo demonstration poster talk keynote abstract session".split())


@dataclass(frozen=True, slots=True)
class Look:
    """What the rules look at in one pair."""

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
    begun: bool
    people: int
    journals: bool

    @property
    def conflict(self) -> bool:
        """Whether any part of the place, or the DOI, differs."""
        return self.volume_differs or self.issue_differs or self.page_differs or self.doi_differs

    @property
    def other_journal(self) -> bool:
        """Whether both venues are journals, and not the same."""
        return self.journals and 0 <= self.venue < _OTHER_JOURNAL

    @classmethod
    def at(cls, c: Comparison, row: int) -> "Look":
        """The pair in one row of a comparison; -1 where a similarity is unknown."""

        def similarity(name: str) -> float:
            value = float(c.similarity[name][row])
            return -1.0 if np.isnan(value) else value

        gap = int(c.year_gap[row])
        page_equal = bool(c.page_equal[row])
        return cls(
            similarity("title"),
            similarity("author"),
            similarity("abstract"),
            similarity("venue"),
            bool(c.title_equal[row]),
            bool(c.main_equal[row]),
            bool(c.contained[row]),
            bool(c.doi_equal[row] or c.identifier_equal[row]),
            page_equal and bool(c.volume_equal[row] or (gap == 0 and not c.volume_differs[row])),
            bool(c.generic[row]),
            bool(c.doi_differs[row]),
            gap,
            bool(c.volume_equal[row]),
            bool(c.issue_differs[row]),
            bool(c.volume_differs[row]),
            bool(c.page_differs[row]),
            page_equal,
            bool(c.range_equal[row]),
            bool(c.misspelt[row]),
            bool(c.begun[row]),
            int(c.families[row]),
            bool(c.journals[row]),
        )


def vetoes(a: Profile, b: Profile, x: Look) -> tuple[str, ...]:
    """The names of the rules that hold two records apart; symmetric in the two."""
    found = []
    if _notice(a, b, x):
        found.append("notice")
    if x.generic and not _sure_place(a, b, x):
        found.append("generic title")
    if x.title < 0 and not x.identity:
        found.append("no title")
    if _thin(a, b, x):
        found.append("thin")
    if x.title >= 0 and not x.title_equal:
        found.extend(_titles(a, b, x))
    if (
        x.doi_differs
        and not x.identity
        and _same_registrant(a, b)
        and (x.page_differs or x.volume_differs or x.issue_differs or x.generic or x.year_gap > 0 or not x.title_equal)
    ):
        found.append("doi")
    if _issue(a, b, x):
        found.append("issue")
    # a year later in another place is another form of the work, a year later in one place a source's slip
    later = x.year_gap == 1 and 0 <= x.venue < 0.7
    if (x.year_gap > 2 or later) and not (x.identity or x.locator):
        found.append("years")
    if _edition(a, b, x):
        found.append("edition")
    if _type(a, b):
        found.append("type")
    if _report_number(a, b, x):
        found.append("report number")
    if 0 <= x.author < 0.4 and not (x.identity and x.title >= 0.9) and not (x.locator and x.title >= 0.95):
        found.append("authors")
    elsewhere = x.volume_differs and 0 <= x.venue < 0.7 and not x.identity and not x.page_equal
    # one text in two journals (a guideline, a talk's abstract) is two papers; of one volume, a name translated
    elsewhere |= x.other_journal and not (x.identity or x.locator or x.volume_equal)
    if elsewhere or (x.page_differs and ((x.volume_differs and not x.identity) or 0 <= x.abstract < 0.6)):
        # one abstract at two meetings, one speech in two journals; two abstracts of a supplement with one DOI
        found.append("places")
    return tuple(found)


def _thin(a: Profile, b: Profile, x: Look) -> bool:
    """A short title that no author bears out; two words by one person in a periodical, which may be a column."""
    if x.identity or x.locator or x.abstract >= 0.9:
        return False
    if x.author < 0:
        return x.abstract < 0 and min(len(a.title_key), len(b.title_key)) < 30
    column = not x.generic and x.people == 1 and min(a.title.count(" "), b.title.count(" ")) < 2
    return column and {a.kind, b.kind} <= {"", "article"} and (is_periodical(a.venue) or is_periodical(b.venue))


def _notice(a: Profile, b: Profile, x: Look) -> bool:
    """An erratum, a reply, a comment, a retraction notice is not its article: another page proves nothing else."""
    if a.notice == b.notice:
        return False
    if {a.notice, b.notice} & {"correction", "retraction"}:
        return not (x.locator and x.identity and x.author >= 0.9)
    # some databases add `Letter:` or `- Reply` to the title of the one thing on that page
    return not (x.locator and x.author >= 0.8)


def _sure_place(a: Profile, b: Profile, x: Look) -> bool:
    if x.title_equal and x.identity and x.year_gap <= 1:
        return True
    if x.issue_differs or x.doi_differs:
        return False
    # several guests edit one issue together
    guests = x.title_equal and a.title_key.startswith("guest") and x.people > 1 and x.author >= 0.95
    if guests and x.venue >= 0.7 and x.year_gap == 0 and not x.conflict:
        return True
    if x.page_equal and not x.volume_differs and x.year_gap == 0 and (x.author >= 0.8 or x.author < 0 <= x.venue):
        return True
    return x.abstract >= 0.95 and x.author >= 0.9 and x.year_gap == 0 and not x.page_differs


def _issue(a: Profile, b: Profile, x: Look) -> bool:
    """A column in two issues of one volume, where nothing else would tell them apart."""
    different = a.number.isdigit() and b.number.isdigit() and a.number != b.number
    return (
        different
        and a.volume == b.volume != ""
        and x.venue >= 0.7
        and not (x.page_equal or x.identity or x.abstract >= 0.9)
    )


def _titles(a: Profile, b: Profile, x: Look) -> list[str]:
    found = []
    # two parts do not share a range of pages; two abstracts may share a page
    ranged = x.range_equal and x.locator and x.author >= 0.8 and x.title >= 0.95
    ranged |= x.locator and x.author >= 0.8 and x.abstract >= 0.95
    whole = ranged or (x.identity and (x.locator or x.abstract >= 0.9))
    if a.title and b.title and not whole and numbers_differ(a.title, b.title) and not _dated(a, b):
        found.append("numbers")
    left, right = Counter(a.title.split()), Counter(b.title.split())
    if opposed(list(left - right), list(right - left)) and not whole:
        found.append("opposites")
    if x.title < 0.6 and not x.contained and not (x.identity and (x.locator or x.abstract >= 0.9)):
        # same authors and near-equal abstracts under different titles are two papers more often than one renamed
        found.append("titles")
        return found
    only_left, only_right = words_swapped(a.title, b.title)
    only_left = [word for word in only_left if word not in _SMALL]
    only_right = [word for word in only_right if word not in _SMALL]
    # a page of a supplement holds several abstracts
    if x.identity or (x.locator and (x.range_equal or x.author >= 0.8 or x.author < 0)) or _misspelt(x):
        return found
    if only_left and only_right:
        if not (x.abstract >= 0.9 and x.title >= 0.9):
            found.append("words")
    elif _FORMS.issuperset(only_left + only_right) and not x.conflict and (only_left or only_right):
        # a paper and the tutorial, panel or demonstration of it
        found.append("subtitle")
    elif (only_left or only_right) and not (x.abstract >= 0.95 or _one_volume(a, b, x) or _broken_off(x)):
        found.append("subtitle")
    return found


def _dated(a: Profile, b: Profile) -> bool:
    """One title names the year, the other does not: `(MOSS 2031)` after the name of a meeting."""
    left, right = numbers(a.title), numbers(b.title)
    extra = (left - right) or (right - left)
    return not (left - right and right - left) and all(year in {str(a.year), str(b.year)} for year in extra)


def _misspelt(x: Look) -> bool:
    """Few letters apart by the same people, and nothing speaks against: one source misspells the title."""
    sure = x.people > 1 or x.year_gap == 0
    return x.misspelt and x.author >= 0.9 and sure and not x.conflict


def _broken_off(x: Look) -> bool:
    """The beginning of the other title by the same people, in no other journal or year."""
    sure = x.people > 1 or x.year_gap == 0
    if x.title >= _NEAR and x.people > 2 and x.author >= 0.97 and x.year_gap == 0:
        return not (x.conflict or x.other_journal)
    return x.begun and x.author >= 0.9 and sure and x.year_gap <= 0 and not (x.conflict or x.other_journal)


def _one_volume(a: Profile, b: Profile, x: Look) -> bool:
    """The same people in one volume of one journal, pages unknown: one source left out the subtitle."""
    if x.author < 0.9 or x.venue < 0.7 or x.year_gap != 0:
        return False
    begins = a.title_key.startswith(b.title_key) or b.title_key.startswith(a.title_key)
    return (begins or x.title >= 0.9) and not x.conflict


def _same_registrant(a: Profile, b: Profile) -> bool:
    return a.doi.split("/", 1)[0] == b.doi.split("/", 1)[0]


def _edition(a: Profile, b: Profile, x: Look) -> bool:
    if a.edition and b.edition and a.edition != b.edition:
        return True
    books = a.kind in {"book", "volume"} and b.kind in {"book", "volume"}
    return books and bool(a.isbns and b.isbns) and not set(a.isbns) & set(b.isbns) and x.year_gap > 1


def _type(a: Profile, b: Profile) -> bool:
    """A thesis is not the article made of it, a volume or book not a paper in it."""
    kinds = {a.kind, b.kind}
    if len(kinds) == 1 or "" in kinds:
        return False
    if "thesis" in kinds:
        return not kinds & {"report", "book"}
    return bool(kinds & {"volume", "book"}) and bool(kinds & {"paper", "chapter", "article"})


def _report_number(a: Profile, b: Profile, x: Look) -> bool:
    """Two reports of one institute with one title: a revised and the first one. Sources write more or less of it."""
    if not a.kind == b.kind == "report" or x.identity:
        return False
    left, right = set(a.number.split("-")), set(b.number.split("-"))
    return bool(a.number and b.number) and not (left <= right or right <= left)
