"""Comparing: features of many pairs at once.

Each field gives a similarity and a few features that are 0 where either record says nothing, so that a missing field
is no evidence. Agreement and conflict are separate features (comparison levels, as in the Fellegi-Sunter model), for
their weights differ in size: equal pages say much, different pages less, because exports damage pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, JaroWinkler
from rapidfuzz.process import cpdist

from refsync.dedup.profile import Profile
from refsync.text.venues import venue_similarity

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

FEATURES: tuple[tuple[str, str], ...] = (
    ("title equal", "title"),
    ("title specific", "title"),
    ("title near", "title"),
    ("title similar", "title"),
    ("title contained", "title"),
    ("title differs", "title"),
    ("title generic", "title"),
    ("authors agree", "author"),
    ("many authors agree", "author"),
    ("authors differ", "author"),
    ("initials differ", "author"),
    ("year equal", "year"),
    ("year off by one", "year"),
    ("year differs", "year"),
    ("venue agrees", "venue"),
    ("venue differs", "venue"),
    ("volume equal", "volume"),
    ("volume differs", "volume"),
    ("issue equal", "number"),
    ("issue differs", "number"),
    ("first page equal", "pages"),
    ("last page equal", "pages"),
    ("first page differs", "pages"),
    ("doi equal", "doi"),
    ("doi differs", "doi"),
    ("identifier equal", "identifier"),
    ("identifier differs", "identifier"),
    ("abstract equal", "abstract"),
    ("abstract similar", "abstract"),
    ("abstract differs", "abstract"),
    ("type differs", "type"),
)
FIELDS: tuple[str, ...] = tuple(dict.fromkeys(field for _, field in FEATURES))

_ABSTRACT = 700  # letters of two abstracts compared: enough to tell them apart
_MEETING = 0.3  # how much two names of a meeting speak against a pair, where two journals' names count 1
_YEARS, _PLACES = 4, 8  # a title in so many years, or at so many places, is no paper's own
_SHORT = 25  # letters; a shorter title recurs sooner
_LOOSE_ABSTRACTS = 0.3  # below this title similarity an abstract is compared only where something else agrees


def _codes(values: Sequence[str]) -> Ints:
    """A number for each value; 0 is the empty one."""
    table = {"": 0}
    return np.fromiter((table.setdefault(value, len(table)) for value in values), np.int64, len(values))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing pairs gave: the feature matrix, and the similarities and conflicts that vetoes look at.

    Similarities are NaN where a field is missing on either side.
    """

    features: Floats
    similarity: dict[str, Floats]
    title_equal: Bools
    main_equal: Bools
    contained: Bools
    generic: Bools
    doi_equal: Bools
    doi_differs: Bools
    identifier_equal: Bools
    identifier_differs: Bools
    year_gap: Ints
    volume_equal: Bools
    volume_differs: Bools
    issue_differs: Bools
    page_equal: Bools
    page_differs: Bools


class Columns:
    """Profiles as columns, for comparing many pairs of them."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self.profiles = profiles
        self.shared_dois = self._shared_dois()

    def _shared_dois(self) -> frozenset[str]:
        """DOIs over titles that have little in common: a supplement's or a volume's, no paper's identity."""
        titles: dict[str, set[str]] = {}
        for p in self.profiles:
            if p.doi and p.title_key:
                titles.setdefault(p.doi, set()).add(p.title_key)
        shared = set()
        for value, keys in titles.items():
            if len(keys) > 2:
                some = sorted(keys)[:8]
                apart = sum(Indel.normalized_similarity(x, some[0]) < 0.6 for x in some)
                if apart >= 2:
                    shared.add(value)
        return frozenset(shared)

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """Values that are compared as texts."""
        ps = self.profiles
        return {
            "title": [p.title for p in ps],
            "title_key": [p.title_key for p in ps],
            "abstract": [p.abstract for p in ps],
        }

    @cached_property
    def abstract(self) -> Ints:
        """Codes of the abstracts."""
        return _codes(self.texts["abstract"])

    @cached_property
    def cut(self) -> Bools:
        """Whether the source cut the title."""
        return np.array([p.title_cut for p in self.profiles], np.bool_)

    @cached_property
    def length(self) -> Ints:
        """Letters of the titles."""
        return np.array([len(key) for key in self.texts["title_key"]], np.int64)

    @cached_property
    def venue_names(self) -> list[str]:
        """The venue of each code."""
        return ["", *dict.fromkeys(p.venue for p in self.profiles if p.venue)]

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
            "doi": _codes(["" if p.doi in self.shared_dois else p.doi for p in ps]),
            "arxiv": _codes([p.arxiv for p in ps]),
            "pmid": _codes([p.pmid for p in ps]),
            "pmcid": _codes([p.pmcid for p in ps]),
            "kind": _codes([p.kind for p in ps]),
            "venue": _codes([p.venue for p in ps]),
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
        return np.array([p.kind in {"", "article"} for p in self.profiles], np.bool_)

    @cached_property
    def generic(self) -> Bools:
        """Whether the title says nothing: it is generic, or it recurs year after year (a column, front matter)."""
        years: dict[str, set[int]] = {}
        places: dict[str, set[tuple[int, str, str]]] = {}
        for p in self.profiles:
            if p.title_key:
                years.setdefault(p.title_key, set()).add(p.year)
                places.setdefault(p.title_key, set()).add((p.year, p.volume, p.pages.number))
        recurring = {
            title
            for title, seen in years.items()
            if len(seen - {0}) >= (_YEARS if len(title) > _SHORT else _YEARS - 1) or len(places[title]) >= _PLACES
        }
        return np.array([p.generic or p.title_key in recurring for p in self.profiles], np.bool_)

    def compare(self, a: Ints, b: Ints) -> Comparison:
        """Features of the pairs `(a[i], b[i])`; the same whichever of the two comes first."""
        title = self._title(a, b)
        equal = title == 1.0
        both = ~np.isnan(title)
        codes, mains = self.title_and_main
        main_equal = (codes[a] > 0) & (codes[b] > 0) & ((mains[a] == codes[b]) | (codes[a] == mains[b])) & ~equal
        same, differ = self._equality(a, b)
        identifier_equal = same["arxiv"] | same["pmid"] | same["pmcid"]
        identifier_differs = (differ["pmid"] | differ["arxiv"]) & ~identifier_equal
        year_a, year_b = self.year[a], self.year[b]
        gap = np.where((year_a > 0) & (year_b > 0), np.abs(year_a - year_b), -1)
        author, contained_authors = self._author(a, b)
        venue = self._venue(a, b)
        locator = same["page"] & (same["volume"] | (gap == 0))
        close = (np.nan_to_num(title) > _LOOSE_ABSTRACTS) | same["doi"] | identifier_equal | locator
        abstract = self._abstract(a, b, close)
        contained = self._contained(a, b, title, main_equal)
        length = self._length(a, b)
        t, s, v, x = (np.nan_to_num(values) for values in (title, author, venue, abstract))
        has_author, has_venue, has_abstract = ~np.isnan(author), ~np.isnan(venue), ~np.isnan(abstract)
        families = np.minimum(self.authors[2][a], self.authors[2][b])
        agree = has_author * np.clip((s - 0.75) / 0.25, 0, 1)
        first_differs = differ["first"] & (s < 0.9)
        initials_differ = same["first"] & differ["initial"]
        # a short title is as good as a long one where four authors or the abstract agree too
        specific = np.maximum.reduce(
            [
                np.clip((length - 15) / 50, 0, 1),
                agree * np.clip((families - 1) / 3, 0, 1),
                has_abstract * np.clip((x - 0.8) / 0.15, 0, 1),
            ]
        )
        journals = self.journal[a] & self.journal[b]
        columns: dict[str, Floats | Bools] = {
            "title equal": equal,
            "title specific": (t >= 0.95) * specific,
            "title near": both * np.clip((t - 0.88) / 0.12, 0, 1),
            "title similar": both * np.clip((t - 0.65) / 0.23, 0, 1),
            "title contained": contained * np.clip((length - 10) / 40, 0, 1) * ~equal,
            "title differs": both * np.clip((0.75 - t) / 0.35, 0, 1) * (1 - contained),
            "title generic": (self.generic[a] | self.generic[b]) * both * ~locator,
            "authors agree": agree,
            "many authors agree": agree * np.clip((families - 1) / 4, 0, 1),
            "authors differ": has_author * np.clip((0.7 - np.maximum(s, contained_authors)) / 0.4, 0, 1),
            "initials differ": initials_differ | (first_differs & has_author),
            "year equal": gap == 0,
            "year off by one": gap == 1,
            "year differs": np.clip((gap - 1) / 3, 0, 1),
            "venue agrees": has_venue * np.clip((v - 0.5) / 0.4, 0, 1),
            "venue differs": has_venue * np.clip((0.5 - v) / 0.5, 0, 1) * np.where(journals, 1.0, _MEETING),
            "volume equal": same["volume"],
            "volume differs": differ["volume"],
            "issue equal": same["number"],
            "issue differs": differ["number"],
            "first page equal": same["page"],
            "last page equal": same["last"] & same["page"],
            "first page differs": differ["page"],
            "doi equal": same["doi"],
            "doi differs": differ["doi"],
            "identifier equal": identifier_equal,
            "identifier differs": identifier_differs,
            "abstract equal": has_abstract * np.clip((x - 0.9) / 0.1, 0, 1),
            "abstract similar": has_abstract * np.clip((x - 0.65) / 0.25, 0, 1),
            "abstract differs": has_abstract * np.clip((0.6 - x) / 0.3, 0, 1),
            "type differs": differ["kind"],
        }
        return Comparison(
            np.column_stack([np.asarray(columns[name], np.float64) for name, _ in FEATURES]),
            {"title": title, "author": author, "venue": venue, "abstract": abstract},
            equal,
            main_equal,
            contained > 0.99,
            self.generic[a] | self.generic[b],
            same["doi"],
            differ["doi"],
            identifier_equal,
            identifier_differs,
            gap,
            same["volume"],
            differ["volume"],
            differ["number"],
            same["page"],
            differ["page"],
        )

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
            # a source that cuts titles says so by an ellipsis: what it left is compared with as much of the other
            size = (
                len(x) if self.cut[a[i]] and len(x) <= len(y) else len(y) if self.cut[b[i]] and len(y) <= len(x) else 0
            )
            if size:
                result[i] = Indel.normalized_similarity(x[:size], y[:size])
        return result

    def _length(self, a: Ints, b: Ints) -> Ints:
        return np.minimum(self.length[a], self.length[b])

    def _contained(self, a: Ints, b: Ints, title: Floats, main_equal: Bools) -> Floats:
        """How far one title's words all stand in the other's; 1 where one is the other up to its subtitle."""
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
        # a list that another source cuts says so or keeps three names; one name out of many may be any Zhang
        fewer, more = np.minimum(counts[a], counts[b]), np.maximum(counts[a], counts[b])
        short = (fewer < 3) & (more > fewer + 1) & ~(cut[a] | cut[b])
        trust = np.where(short, 0.8, 0.97)
        best = np.maximum(np.nan_to_num(whole), np.maximum(part * trust, swapped * np.minimum(trust, 0.93)))
        return np.where(known, best, np.nan), np.maximum(part, swapped)

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
        return np.where(x > 0, result, np.nan)

    def _abstract(self, a: Ints, b: Ints, wanted: Bools) -> Floats:
        """Indel similarity over the length of the shorter: exports cut abstracts."""
        texts, codes = self.texts["abstract"], self.abstract
        known = (codes[a] > 0) & (codes[b] > 0) & wanted
        result = np.full(len(a), np.nan)
        result[known & (codes[a] == codes[b])] = 1.0
        todo = np.flatnonzero(known & (codes[a] != codes[b]))
        left, right = [], []
        for i, j in zip(a[todo].tolist(), b[todo].tolist(), strict=True):
            size = min(len(texts[i]), len(texts[j]), _ABSTRACT)
            left.append(texts[i][:size])
            right.append(texts[j][:size])
        if left:
            result[todo] = _ratio(left, right)
        return result


Scorer = Callable[[list[str], list[str]], Floats]


def _ratio(left: list[str], right: list[str]) -> Floats:
    return np.asarray(cpdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float64), np.float64)


def _token_set(left: list[str], right: list[str]) -> Floats:
    return np.asarray(cpdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float64), np.float64) / 100


def _winkler(left: list[str], right: list[str]) -> Floats:
    return np.asarray(cpdist(left, right, scorer=JaroWinkler.normalized_similarity, dtype=np.float64), np.float64)


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
