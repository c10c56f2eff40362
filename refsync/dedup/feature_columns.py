"""Profiles as columns, and the similarities of single fields for many pairs at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Indel, Prefix
from rapidfuzz.process import cpdist

from refsync.dedup.profile import Profile
from refsync.dedup.publishers import publisher_similarity
from refsync.dedup.venue_kinds import is_journal, is_periodical
from refsync.text.venues import venue_similarity

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_ABSTRACT = 700  # letters of two abstracts compared: enough to distinguish them
_YEARS, _PLACES = 4, 8  # a title in so many years, or at so many places or by so many people, is no paper's own
_IN_EDITIONS = frozenset({"book", "volume", "thesis", "report", "software", "dataset", "web"})  # years are editions
_SHORT = 25  # letters; a shorter title recurs sooner, and a shorter beginning is no cut title
_MISSPELT = 12  # letters of a title in which one may be wrong, exchanged, missing or too many
_SPELT = 0.75  # similarity from which two family names may be one name spelt in two ways
_OTHER_KIND = 0.4  # the similarity of a journal and a meeting that have their name in common, at most


@dataclass(frozen=True, slots=True)
class SharedValues:
    """What depends on a whole library: values that titles with little in common share, and titles that recur.

    Attributes:
        dois: over titles with little in common: a supplement's or a volume's, no paper's identity.
        abstracts: the same.
        titles: the keys of those that recur year after year or from author to author.
    """

    dois: frozenset[str] = frozenset()
    abstracts: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()


MOST_TITLES = 8
"""Of the titles over one value, how many of the first in order are looked at."""


def are_unalike(titles: Sequence[str]) -> bool:
    """Whether the titles over one value, the first `MOST_TITLES` in order, are three or more with little in common."""
    return len(titles) > 2 and sum(Indel.normalized_similarity(x, titles[0]) < 0.6 for x in titles) >= 2


COUNTED = ("title", "doi", "abstract")


def counted_codes(profiles: Sequence[Profile]) -> tuple[list[int], list[int], list[int]]:
    """Hashes of the values of `COUNTED`, which `shared_values` counts; 0 where there is none."""
    return (
        [hash(p.title_key) if p.title_key else 0 for p in profiles],
        [hash(p.doi) if p.doi else 0 for p in profiles],
        [hash(p.abstract) if p.abstract else 0 for p in profiles],
    )


def _frequent(codes: Ints) -> Ints:
    """Where the values are that occur three times or more."""
    at = np.flatnonzero(codes)
    _, inverse, counts = np.unique(codes[at], return_inverse=True, return_counts=True)
    return at[counts[inverse] > 2]


def _shared(profiles: Sequence[Profile], codes: Ints, titles: Ints, value: Callable[[Profile], str]) -> frozenset[str]:
    """The values that three or more titles with little in common share."""
    over: dict[str, set[str]] = {}
    titled = np.where(titles, codes, 0)
    at = _frequent(titled)
    # most values that recur are those of copies of one paper, whose titles are equal
    _, first = np.unique(np.column_stack((codes[at], titles[at])), axis=0, return_index=True)
    single = np.zeros_like(codes)
    single[at[first]] = codes[at[first]]
    for i in _frequent(single).tolist():
        p = profiles[i]
        over.setdefault(value(p), set()).add(p.title_key)
    return frozenset(value for value, own in over.items() if are_unalike(sorted(own)[:MOST_TITLES]))


def title_occurrences(p: Profile) -> tuple[str, str, str]:
    """When, where and by whom the title of a record occurs; empty where that does not count, or is unknown."""
    counts = bool(p.title_key) and p.form not in _IN_EDITIONS
    place = f"{p.year}\x1f{p.volume}\x1f{p.pages.number}" if counts else ""
    person = p.authors.families[0][:4] if p.title_key and p.authors.families else ""
    return str(p.year) if counts and p.year else "", place, person


def recurs(title: str, years: int, places: int, people: int) -> bool:
    """Whether a title is no paper's own: it occurs in so many years, at so many places, by so many people."""
    return people >= _PLACES or places >= _PLACES or years >= (_YEARS if len(title) > _SHORT else _YEARS - 1)


def _recurring(profiles: Sequence[Profile], codes: Ints) -> frozenset[str]:
    """The titles that recur."""
    seen: dict[str, tuple[set[str], set[str], set[str]]] = {}
    for p in map(profiles.__getitem__, _frequent(codes).tolist()):
        own = seen.setdefault(p.title_key, (set(), set(), set()))
        for values, value in zip(own, title_occurrences(p), strict=True):
            if value:
                values.add(value)
    return frozenset(title for title, own in seen.items() if recurs(title, *map(len, own)))


def shared_values(profiles: Sequence[Profile], codes: Sequence[Ints] = ()) -> SharedValues:
    """Those of a whole library; `codes` are its `counted_codes`, if they are known."""
    titles, dois, abstracts = codes or [np.array(column, np.int64) for column in counted_codes(profiles)]
    return SharedValues(
        dois=_shared(profiles, dois, titles, attrgetter("doi")),
        abstracts=_shared(profiles, abstracts, titles, attrgetter("abstract")),
        titles=_recurring(profiles, titles),
    )


def _codes(values: Sequence[str]) -> Ints:
    """A number for each value; 0 is the empty one."""
    table = {value: number for number, value in enumerate(dict.fromkeys(("", *values)))}
    return np.fromiter(map(table.__getitem__, values), np.int64, len(values))


def one_isbn(a: Profile, b: Profile) -> bool:
    """Whether an ISBN is shared; beside one that each has for itself, it is that of a set of volumes."""
    left, right = set(a.isbns), set(b.isbns)
    return bool(left & right) and (left <= right or right <= left)


class FeatureColumns:
    """Profiles as columns, for comparing many pairs of them field by field.

    `shared` are the values that unlike titles share in the whole library, of which the profiles may be a part;
    `abstract_text` gives the abstract of a profile, which may be without.
    """

    def __init__(self, profiles: Sequence[Profile], shared: SharedValues, abstract_text: Callable[[int], str]) -> None:
        self.profiles = profiles
        self.shared = shared
        self.abstract_text = abstract_text

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """Values that are compared as texts."""
        ps = self.profiles
        return {
            "title": [p.title for p in ps],
            "title_key": [p.title_key for p in ps],
        }

    @cached_property
    def abstract(self) -> Ints:
        """Codes of the abstracts; one over titles that have little in common (a notice, a banner) is none."""
        return _codes(["" if p.abstract in self.shared.abstracts else p.abstract for p in self.profiles])

    @cached_property
    def cut(self) -> Bools:
        """Whether the source cut the title."""
        return np.array([p.title_cut for p in self.profiles], np.bool_)

    @cached_property
    def length(self) -> Ints:
        """Letters of the titles."""
        return np.array([len(key) for key in self.texts["title_key"]], np.int64)

    @cached_property
    def ranged(self) -> Bools:
        """Whether the pages are more than one."""
        return np.array([bool(p.pages.last) and p.pages.last != p.pages.first for p in self.profiles], np.bool_)

    @cached_property
    def venue_names(self) -> list[str]:
        """The venue of each code."""
        return ["", *dict.fromkeys(p.venue for p in self.profiles if p.venue)]

    @cached_property
    def publisher_names(self) -> list[str]:
        """The publisher of each code."""
        return ["", *dict.fromkeys(p.publisher for p in self.profiles if p.publisher)]

    @cached_property
    def has_isbn(self) -> Bools:
        """Whether a record has an ISBN."""
        return np.array([bool(p.isbns) for p in self.profiles], np.bool_)

    @cached_property
    def title(self) -> Ints:
        """Codes of the title keys."""
        return _codes([p.title_key for p in self.profiles])

    @cached_property
    def title_and_main(self) -> tuple[Ints, Ints]:
        """Codes of whole titles and of titles up to the subtitle, in one numbering."""
        n = len(self.profiles)
        codes = _codes([p.title_key for p in self.profiles] + [p.title_main for p in self.profiles])
        return codes[:n], codes[n:]

    @cached_property
    def ids(self) -> dict[str, Ints]:
        """Codes of values that are equal or not."""
        ps = self.profiles
        return {
            "volume": _codes([p.volume for p in ps]),
            "number": _codes([p.number for p in ps]),
            "page": _codes([p.pages.number for p in ps]),
            "last": _codes([p.pages.last for p in ps]),
            "doi": _codes(["" if p.doi in self.shared.dois else p.doi for p in ps]),
            "arxiv": _codes([p.arxiv for p in ps]),
            "pmid": _codes([p.pmid for p in ps]),
            "pmcid": _codes([p.pmcid for p in ps]),
            "kind": _codes([p.kind for p in ps]),
            "venue": _codes([p.venue for p in ps]),
            "publisher": _codes([p.publisher for p in ps]),
            "first": _codes([p.authors.families[0] if p.authors.families else "" for p in ps]),
            "initial": _codes([p.authors.initials[0] if p.authors.initials else "" for p in ps]),
        }

    @cached_property
    def authors(self) -> tuple[list[str], list[str], Ints, Bools]:
        """Sorted families and sorted words as texts, the number of names, and whether the list is cut."""
        lists = [p.authors for p in self.profiles]
        return (
            [" ".join(sorted(a.families[:30])) for a in lists],
            [" ".join(sorted(set(a.words[:60]))) for a in lists],
            np.array([len(a.families) for a in lists], np.int64),
            np.array([a.truncated for a in lists], np.bool_),
        )

    @cached_property
    def family_lists(self) -> Ints:
        """Codes of the sorted families."""
        return _codes(self.authors[0])

    @cached_property
    def year(self) -> Ints:
        """Years; 0 where missing."""
        return np.array([p.year for p in self.profiles], np.int64)

    @cached_property
    def journal(self) -> Bools:
        """Whether the venue is a journal: meetings go by their organiser's, series' or own name, journals by one."""
        return np.array([is_journal(p) for p in self.profiles], np.bool_)

    @cached_property
    def periodical(self) -> Bools:
        """Whether the venue calls itself a journal."""
        return np.array([is_periodical(p.venue) for p in self.profiles], np.bool_)

    @cached_property
    def paper(self) -> Bools:
        """Whether the record is a paper of a meeting, and its venue does not call itself a journal."""
        return np.array([p.kind == "paper" for p in self.profiles], np.bool_) & ~self.periodical

    @cached_property
    def generic(self) -> Bools:
        """Whether the title says nothing: it is generic, or recurs year after year or from author to author."""
        recurring = self.shared.titles
        return np.array([p.generic or p.title_key in recurring for p in self.profiles], np.bool_)

    def _equality(self, a: Ints, b: Ints) -> tuple[dict[str, Bools], dict[str, Bools]]:
        same, differ = {}, {}
        for name, codes in self.ids.items():
            x, y = codes[a], codes[b]
            known = (x > 0) & (y > 0)
            same[name], differ[name] = known & (x == y), known & (x != y)
        return same, differ

    def _title(self, a: Ints, b: Ints) -> Floats:
        """Indel similarity of the letters; NaN where a title is missing."""
        codes = self.title
        known = (codes[a] > 0) & (codes[b] > 0)
        equal = known & (codes[a] == codes[b])
        keys = self.texts["title_key"]
        result = _texts(known & ~equal, a, b, keys, keys, _ratio, equal=equal)
        for i in np.flatnonzero(known & ~equal & (self.cut[a] | self.cut[b])).tolist():
            x, y = (keys[a[i]], keys[b[i]])
            # a source that cuts titles marks it by an ellipsis: what it left is compared with as much of the other
            size = (
                len(x) if self.cut[a[i]] and len(x) <= len(y) else len(y) if self.cut[b[i]] and len(y) <= len(x) else 0
            )
            if size:
                result[i] = Indel.normalized_similarity(x[:size], y[:size])
        return result

    def _misspelt(self, a: Ints, b: Ints, title: Floats) -> Floats:
        """How far two unequal titles may be one title with letters wrong: 1 at none, 0 at too many for its length."""
        keys = self.texts["title_key"]
        likely = np.nan_to_num(title) > 0.8
        todo = likely & (title < 1.0)
        distance = _texts(todo, a, b, keys, keys, _edits)
        allowed = np.clip(self._length(a, b) / _MISSPELT, 1, 4)
        return np.where(todo & (distance <= allowed), 1 - np.nan_to_num(distance) / (np.floor(allowed) + 1), 0.0)

    def _beginning(self, a: Ints, b: Ints, title: Floats, main_equal: Bools) -> Bools:
        """Whether one title is the other broken off, but not at its subtitle: a source that cuts titles silently."""
        keys = self.texts["title_key"]
        short = self._length(a, b)
        todo = (np.nan_to_num(title) > 0.5) & (title < 1.0) & ~main_equal & (short > _SHORT)
        common = _texts(todo, a, b, keys, keys, _prefix)
        result: Bools = np.nan_to_num(common) >= np.where(todo, short, np.inf)
        return result

    def _length(self, a: Ints, b: Ints) -> Ints:
        return np.minimum(self.length[a], self.length[b])

    def _contained(self, a: Ints, b: Ints, title: Floats, main_equal: Bools) -> Floats:
        """How far one title's words are all in the other's; 1 where one is the other up to its subtitle."""
        texts = self.texts["title"]
        todo = (np.nan_to_num(title) > 0.3) & (np.nan_to_num(title) < 0.97) & ~main_equal
        ratio = np.nan_to_num(_texts(todo, a, b, texts, texts, _token_set))
        return np.where(main_equal, 1.0, np.clip((ratio - 0.9) / 0.1, 0, 1))

    def _author(self, a: Ints, b: Ints) -> tuple[Floats, Floats]:
        """Similarity of author lists, and of the shorter with its part of the longer."""
        families, words, counts, cut = self.authors
        known = (counts[a] > 0) & (counts[b] > 0)
        codes = self.family_lists
        equal = known & (codes[a] == codes[b])
        whole = _texts(known & ~equal, a, b, families, families, _ratio, equal=equal)
        rest = known & (np.nan_to_num(whole) < 0.97)
        part = np.nan_to_num(_texts(rest, a, b, families, families, _token_set, equal=equal))
        swapped = np.nan_to_num(_texts(rest, a, b, words, words, _token_set))
        # a list that another source cuts is marked or keeps three names; one name out of many may be any Zhang
        fewer, more = np.minimum(counts[a], counts[b]), np.maximum(counts[a], counts[b])
        short = (fewer < 3) & (more > fewer + 1) & ~(cut[a] | cut[b])
        trust = np.where(short, 0.8, 0.97)
        best = np.maximum(np.nan_to_num(whole), np.maximum(part * trust, swapped * np.minimum(trust, 0.93)))
        return np.where(known, best, np.nan), np.maximum(part, swapped)

    def _first_author_differs(self, a: Ints, b: Ints, alike: Floats) -> Bools:
        """Whether the first authors are other people, and no other order or spelling of the names explains it."""
        x, y = self.ids["first"][a], self.ids["first"][b]
        differs: Bools = (x > 0) & (y > 0) & (x != y) & (alike < 0.9)
        for i in np.flatnonzero(differs).tolist():
            left, right = self.profiles[a[i]].authors.families[0], self.profiles[b[i]].authors.families[0]
            differs[i] = Indel.normalized_similarity(left, right) < _SPELT
        initial = self.ids["initial"]
        same_name = (x > 0) & (x == y) & (initial[a] > 0) & (initial[b] > 0) & (initial[a] != initial[b])
        for i in np.flatnonzero(same_name).tolist():
            differs[i] = _other_person(self.profiles[a[i]], self.profiles[b[i]])
        return differs

    def _venue(self, a: Ints, b: Ints) -> Floats:
        """Similarity of venues, computed once for each two names."""
        codes = self.ids["venue"]
        x, y = np.minimum(codes[a], codes[b]), np.maximum(codes[a], codes[b])
        result = np.where(x == y, 1.0, 0.0)
        todo = (x > 0) & (x != y)
        names = self.venue_names
        base = len(names)
        packed, inverse = np.unique(x[todo] * base + y[todo], return_inverse=True)
        values = np.array([venue_similarity(*sorted((names[c // base], names[c % base]))) for c in packed.tolist()])
        if len(packed):
            result[todo] = values[inverse]
        # `VLD Journal` is not the meeting `VLD`: the same paper in both is two versions
        other = (self.paper[a] & self.periodical[b]) | (self.paper[b] & self.periodical[a])
        result[other] = np.minimum(result[other], _OTHER_KIND)
        return np.where(x > 0, result, np.nan)

    def _publisher(self, a: Ints, b: Ints) -> Floats:
        """Similarity of publishers, institutions or schools, computed once for each two names; NaN where unknown."""
        codes = self.ids["publisher"]
        x, y = np.minimum(codes[a], codes[b]), np.maximum(codes[a], codes[b])
        result = np.where(x == y, 1.0, 0.0)
        todo = (x > 0) & (x != y)
        names = self.publisher_names
        base = len(names)
        packed, inverse = np.unique(x[todo] * base + y[todo], return_inverse=True)
        if len(packed):
            values = np.array([publisher_similarity(names[c // base], names[c % base]) for c in packed.tolist()])
            result[todo] = values[inverse]
        return np.where(x > 0, result, np.nan)

    def _isbn(self, a: Ints, b: Ints) -> Bools:
        """Whether an ISBN is shared that is not only a set's."""
        result = np.zeros(len(a), np.bool_)
        known = self.has_isbn[a] & self.has_isbn[b]
        for i in np.flatnonzero(known).tolist():
            result[i] = one_isbn(self.profiles[a[i]], self.profiles[b[i]])
        return result

    def _abstract(self, a: Ints, b: Ints, wanted: Bools) -> Floats:
        """Indel similarity over the length of the shorter: exports cut abstracts."""
        codes = self.abstract
        known = (codes[a] > 0) & (codes[b] > 0) & wanted
        result = np.full(len(a), np.nan)
        result[known & (codes[a] == codes[b])] = 1.0
        todo = np.flatnonzero(known & (codes[a] != codes[b]))
        texts = {i: self.abstract_text(i) for i in {*a[todo].tolist(), *b[todo].tolist()}}
        left, right = [], []
        for i, j in zip(a[todo].tolist(), b[todo].tolist(), strict=True):
            x, y = texts[i], texts[j]
            size = min(len(x), len(y), _ABSTRACT)
            left.append(x[:size])
            right.append(y[:size])
        if left:
            result[todo] = _ratio(left, right)
        return result


Scorer = Callable[[list[str], list[str]], Floats]


def _ratio(left: list[str], right: list[str]) -> Floats:
    return np.asarray(cpdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float64), np.float64)


def _token_set(left: list[str], right: list[str]) -> Floats:
    return np.asarray(cpdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float64), np.float64) / 100


def _edits(left: list[str], right: list[str]) -> Floats:
    return np.asarray(cpdist(left, right, scorer=OSA.distance, score_cutoff=5, dtype=np.int64), np.float64)


def _prefix(left: list[str], right: list[str]) -> Floats:
    return np.asarray(cpdist(left, right, scorer=Prefix.similarity, dtype=np.int64), np.float64)


def _texts(
    todo: Bools,
    a: Ints,
    b: Ints,
    left: Sequence[str],
    right: Sequence[str],
    scorer: Scorer,
    *,
    equal: Bools | None = None,
) -> Floats:
    """Scores of the texts of the pairs to do; 1 where known to be equal, NaN elsewhere."""
    result = np.full(len(a), np.nan)
    if equal is not None:
        result[equal] = 1.0
    at = np.flatnonzero(todo)
    if len(at):
        result[at] = scorer([left[i] for i in a[at].tolist()], [right[i] for i in b[at].tolist()])
    return result


def _other_person(p: Profile, q: Profile) -> bool:
    """Whether first authors of one family name have given names that nothing in the other list supports."""
    family = p.authors.families[0]

    def initials(profile: Profile) -> set[str]:
        names = zip(profile.authors.families, profile.authors.initials, strict=False)
        return {initial for name, initial in names if name == family}

    def given(profile: Profile) -> set[str]:
        return set(profile.authors.words) - set(profile.authors.families)

    return not (initials(p) & initials(q) or given(p) & given(q))
