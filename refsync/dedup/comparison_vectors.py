"""ComparisonVectors vectors: the features of many pairs at once.

Each field gives a similarity and a few features that are 0 where either record says nothing, so that a missing field
is no evidence. Agreement and conflict are separate features (comparison levels, as in the Fellegi-Sunter model), for
their weights differ in size: equal pages say much, different pages less, because exports damage pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from refsync.dedup.feature_columns import Bools, FeatureColumns, Floats, Ints, SharedValues, shared_values
from refsync.dedup.profile import Profile

FEATURES: tuple[tuple[str, str], ...] = (
    ("title equal", "title"),
    ("title misspelt", "title"),
    ("title specific", "title"),
    ("title near", "title"),
    ("title similar", "title"),
    ("title broken off", "title"),
    ("title contained", "title"),
    ("title main equal", "title"),
    ("title differs", "title"),
    ("title generic", "title"),
    ("authors agree", "author"),
    ("many authors agree", "author"),
    ("authors differ", "author"),
    ("first author differs", "author"),
    ("year equal", "year"),
    ("year off by one", "year"),
    ("year off by one elsewhere", "year"),
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
    ("publisher agrees", "publisher"),
    ("publisher differs", "publisher"),
    ("isbn equal", "isbn"),
    ("type differs", "type"),
)
FIELDS: tuple[str, ...] = tuple(dict.fromkeys(field for _, field in FEATURES))

_MEETING = 0.3  # how much two names of a meeting speak against a pair, where two journals' names count 1
_DAMAGED = 0.4  # how much volumes or issues that differ count where the first page agrees
_LOOSE_ABSTRACTS = 0.3  # below this title similarity an abstract is compared only where something else agrees


@dataclass(frozen=True, slots=True)
class ComparisonVectors:
    """Pairs compared: the matrix of features (pairs x `FEATURES`), and the similarities and conflicts that vetoes use.

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
    range_equal: Bools
    misspelt: Bools
    truncated: Bools
    families: Ints
    journals: Bools


class PairComparer:
    """Compares many pairs of profiles at once.

    `shared` are the values that unlike titles share in the whole library, where the profiles are a part of it;
    `abstracts` gives the abstract of a profile that is without.
    """

    def __init__(
        self,
        profiles: Sequence[Profile],
        shared: SharedValues | None = None,
        abstracts: Callable[[int], str] | None = None,
    ) -> None:
        self.profiles = profiles
        self._given = shared
        self._abstract = abstracts or (lambda i: profiles[i].abstract)

    def prepare(self) -> None:
        """Computes what depends on all profiles, before other processes need it."""
        _ = self.shared

    @cached_property
    def shared(self) -> SharedValues:
        """The values that unlike titles share, and titles that recur; a whole library is searched for them once."""
        return self._given or shared_values(self.profiles)

    def compare(self, a: Ints, b: Ints) -> ComparisonVectors:
        """Features of the pairs `(a[i], b[i])`; the same whichever of the two comes first.

        Only the profiles in these pairs become columns, which bounds their memory.
        """
        used, ends = np.unique(np.concatenate((a, b)), return_inverse=True)
        columns = _Columns([self.profiles[i] for i in used.tolist()], self.shared, lambda i: self._abstract(used[i]))
        return columns.compare(ends[: len(a)], ends[len(a) :])


class _Columns(FeatureColumns):
    """The columns of some profiles."""

    def compare(self, a: Ints, b: Ints) -> ComparisonVectors:
        """Features of the pairs of these profiles."""
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
        misspelt = self._misspelt(a, b, title)
        truncated = self._beginning(a, b, title, main_equal)
        venue = self._venue(a, b)
        publisher = self._publisher(a, b)
        locator = same["page"] & (same["volume"] | (gap == 0))
        close = (np.nan_to_num(title) > _LOOSE_ABSTRACTS) | same["doi"] | identifier_equal | locator
        abstract = self._abstract(a, b, close)
        contained = self._contained(a, b, title, main_equal)
        length = self._length(a, b)
        t, s, v, x = (np.nan_to_num(values) for values in (title, author, venue, abstract))
        has_author, has_venue, has_abstract = ~np.isnan(author), ~np.isnan(venue), ~np.isnan(abstract)
        families = np.minimum(self.authors[2][a], self.authors[2][b])
        agree = has_author * np.clip((s - 0.75) / 0.25, 0, 1)
        first_differs = self._first_author_differs(a, b, np.maximum(s, contained_authors))
        # a short title is as good as a long one where four authors or the abstract agree too
        specific = np.maximum.reduce(
            [
                np.clip((length - 15) / 50, 0, 1),
                agree * np.clip((families - 1) / 3, 0, 1),
                has_abstract * np.clip((x - 0.8) / 0.15, 0, 1),
            ]
        )
        journals = self.journal[a] & self.journal[b]
        # online first and print, proceedings and meeting: sources differ by a year about one paper; a version in
        # another place is as often a year away
        alike = (equal | (misspelt > 0)) * specific * agree
        one_place = np.where(has_venue, np.clip((v - 0.4) / 0.3, 0, 1), 0.5) * alike
        kinds = (self.paper[a] & self.periodical[b]) | (self.paper[b] & self.periodical[a])
        one_place = np.where(kinds | differ["number"], 0.0, one_place)
        # where the page agrees, one source gave the number of a supplement for the volume's
        placed = np.where(same["page"], _DAMAGED, 1.0)
        columns: dict[str, Floats | Bools] = {
            "title equal": equal,
            "title misspelt": misspelt,
            "title specific": ((t >= 0.95) | (misspelt > 0) | truncated) * specific,
            "title near": both * np.clip((t - 0.88) / 0.12, 0, 1),
            "title similar": both * np.clip((t - 0.65) / 0.23, 0, 1),
            "title broken off": truncated & ~equal,
            "title contained": contained * np.clip((length - 10) / 40, 0, 1) * ~equal,
            "title main equal": main_equal & (gap == 0),
            "title differs": both * np.clip((0.75 - t) / 0.35, 0, 1) * (1 - contained),
            "title generic": (self.generic[a] | self.generic[b]) * both * ~locator,
            "authors agree": agree,
            "many authors agree": agree * np.clip((families - 1) / 4, 0, 1),
            "authors differ": has_author * np.clip((0.7 - np.maximum(s, contained_authors)) / 0.4, 0, 1),
            "first author differs": first_differs & has_author,
            "year equal": gap == 0,
            "year off by one": (gap == 1) * one_place,
            "year off by one elsewhere": (gap == 1) * (1 - one_place),
            "year differs": np.clip((gap - 1) / 3, 0, 1),
            "venue agrees": has_venue * np.clip((v - 0.5) / 0.4, 0, 1),
            "venue differs": has_venue * np.clip((0.5 - v) / 0.5, 0, 1) * np.where(journals, 1.0, _MEETING),
            "volume equal": same["volume"],
            "volume differs": differ["volume"] * placed,
            "issue equal": same["number"],
            "issue differs": differ["number"] * placed,
            "first page equal": same["page"],
            "last page equal": same["last"] & same["page"],
            "first page differs": differ["page"],
            "doi equal": same["doi"],
            "doi differs": differ["doi"],
            "identifier equal": identifier_equal,
            "identifier differs": identifier_differs,
            "abstract equal": has_abstract * np.clip((x - 0.9) / 0.1, 0, 1),
            "abstract similar": has_abstract * np.clip((x - 0.65) / 0.25, 0, 1),
            "abstract differs": has_abstract * np.clip((0.65 - x) / 0.2, 0, 1),
            "publisher agrees": np.nan_to_num(publisher) >= 0.5,
            "publisher differs": (publisher >= 0) & (publisher < 0.3),
            "isbn equal": self._isbn(a, b),
            "type differs": differ["kind"],
        }
        return ComparisonVectors(
            features=np.column_stack([np.asarray(columns[name], np.float64) for name, _ in FEATURES]),
            similarity={"title": title, "author": author, "venue": venue, "abstract": abstract, "publisher": publisher},
            title_equal=equal,
            main_equal=main_equal,
            contained=contained > 0.99,
            generic=self.generic[a] | self.generic[b],
            doi_equal=same["doi"],
            doi_differs=differ["doi"],
            identifier_equal=identifier_equal,
            identifier_differs=identifier_differs,
            year_gap=gap,
            volume_equal=same["volume"],
            volume_differs=differ["volume"],
            issue_differs=differ["number"],
            page_equal=same["page"],
            page_differs=differ["page"],
            range_equal=same["page"] & same["last"] & self.ranged[a] & self.ranged[b],
            misspelt=misspelt > 0,
            truncated=truncated,
            families=families,
            journals=journals,
        )
