"""Which categories of arXiv a paper can have, given its fields.

The area model knows arXiv alone, and gives a paper on any other subject its nearest category. So a linear model for
each group of categories decides whether a paper can have one, given the probabilities of its fields. It is fitted by
`scripts/train_gate.py`, for which each category names the fields whose papers it may well have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from refsync.classify.fields import FIELDS
from refsync.classify.taxonomy import GROUPS, NAMES, archive

MIN_SUPPORT: Final = 0.05  # of a category's fields together, below which it is closed whatever the linear model says
MIN_SHORT_SUPPORT: Final = 0.6  # the same for a text of few words, one of which may mislead both models
SHORT: Final = 4  # different known words
FLOORS: Final = (1e-4, 1e-3)  # added to probabilities of fields before their logs, for papers and for titles alone
_MAX_CERTAINTY = 0.82  # of a category; above it, papers of other sciences get categories as surely as others
_MIN_CERTAINTY = 0.001

COMPUTING: Final = ("Computer Science", "Engineering", "Mathematics", "Decision Sciences")
_ECONOMICS = ("Economics, Econometrics and Finance", "Business, Management and Accounting", *COMPUTING)
_PHYSICS = (
    *("Physics and Astronomy", "Materials Science", "Engineering", "Mathematics", "Chemistry", "Computer Science"),
    *("Earth and Planetary Sciences", "Energy", "Chemical Engineering"),
)
_BIOLOGY = (
    *("Biochemistry, Genetics and Molecular Biology", "Agricultural and Biological Sciences", "Neuroscience"),
    *("Immunology and Microbiology", "Pharmacology, Toxicology and Pharmaceutics"),
)
_ARCHIVES: Final = {
    "cs": COMPUTING,
    "eess": (*COMPUTING, "Energy", "Physics and Astronomy"),
    "econ": _ECONOMICS,
    "q-fin": _ECONOMICS,
    "math": (*COMPUTING, "Physics and Astronomy", "Economics, Econometrics and Finance"),
    "stat": (*COMPUTING, "Economics, Econometrics and Finance"),
    "q-bio": (*_BIOLOGY, *COMPUTING, "Physics and Astronomy", "Chemistry"),
}
_MORE: Final = {
    "econ.GN": ("Social Sciences",),
    "math.HO": ("Arts and Humanities", "Social Sciences"),
    "physics.ao-ph": ("Environmental Science",),
    "physics.bio-ph": _BIOLOGY,
    "physics.ed-ph": ("Social Sciences",),
    "physics.geo-ph": ("Environmental Science",),
    "physics.hist-ph": ("Arts and Humanities",),
    "physics.med-ph": ("Medicine", *_BIOLOGY),
    "physics.soc-ph": ("Social Sciences",),
    "q-bio.PE": ("Environmental Science", "Medicine"),
    "stat.AP": ("Environmental Science",),
    "cond-mat.soft": _BIOLOGY,
}


def fields_of(category: str) -> tuple[str, ...]:
    """The fields whose papers may well have a category.

    >>> "Medicine" in fields_of("physics.med-ph"), "Medicine" in fields_of("cs.CY")
    (True, False)
    """
    return (*_ARCHIVES.get(archive(category), _PHYSICS), *_MORE.get(category, ()))


def is_computing(category: str) -> bool:
    """Whether a category is one of computer science, which papers of any science seem to have.

    >>> is_computing("eess.IV"), is_computing("math.CO")
    (True, False)
    """
    return category.startswith(("cs.", "eess.")) or category == "stat.ML"


def group_of(category: str) -> str:
    """The group of categories that are open to the same papers.

    >>> group_of("stat.ML"), group_of("q-fin.PR"), group_of("hep-th")
    ('Computer Science', 'Economics', 'Physics')
    """
    group = "Computer Science" if is_computing(category) else GROUPS[category]
    return "Economics" if group == "Quantitative Finance" else group


CATEGORIES: Final = tuple(sorted(NAMES))
GATED: Final = tuple(dict.fromkeys(map(group_of, CATEGORIES)))
"""The groups, in the order of a gate's arrays."""
_SETS: Final = tuple(dict.fromkeys(frozenset(fields_of(category)) for category in CATEGORIES))
_MEMBERS: Final = np.array([[field in fields for field in FIELDS] for fields in _SETS], np.float64)
_SET_OF: Final = np.array([_SETS.index(frozenset(fields_of(category))) for category in CATEGORIES])
_GROUP_OF: Final = np.array([GATED.index(group_of(category)) for category in CATEGORIES])


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """For each group of categories a linear model of whether a paper can have one of them, G groups and C categories.

    Each array has two parts: for papers, and for titles alone.

    Attributes:
        fields: (2, G, 26) coefficients of the logs of the fields' probabilities.
        certainty: (2, G) of the log odds of the group's most probable category.
        categories: (2, C) biases, by that category.
    """

    fields: NDArray[np.float64]
    certainty: NDArray[np.float64]
    categories: NDArray[np.float64]

    @classmethod
    def of(cls, notes: Mapping[str, Any]) -> "Gate | None":
        """The gate in the notes of a field model; None if it has none.

        Raises:
            ValueError, KeyError, TypeError: it is not well-formed.
        """
        if "gate" not in notes:
            return None
        gate = cls(*(np.array(notes["gate"][name], np.float64) for name in ("fields", "certainty", "categories")))
        shapes = (2, len(GATED), len(FIELDS)), (2, len(GATED)), (2, len(CATEGORIES))
        if (gate.fields.shape, gate.certainty.shape, gate.categories.shape) != shapes:
            raise ValueError("the gate does not fit the fields and the categories")
        return gate

    def log_odds(
        self, shares: NDArray[np.float64], titles: NDArray[np.bool_], likely: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(N, G) positive where a group is open to a paper; see `support_of` for what is given."""
        kind = titles.astype(np.intp)
        first, certainty = leading(likely)
        features = np.log(shares + np.array(FLOORS)[kind][:, None])
        of_fields = np.einsum("nf,ngf->ng", features, self.fields[kind])
        of_category = np.take_along_axis(self.categories[kind], first, 1)
        return np.asarray(of_fields + self.certainty[kind] * certainty + of_category, np.float64)


def leading(likely: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The most probable category of each group and its log odds, both (N, G), by the probabilities (N, C)."""
    groups = [np.flatnonzero(number == _GROUP_OF) for number in range(len(GATED))]
    first = np.stack([columns[likely[:, columns].argmax(axis=1)] for columns in groups], axis=1)
    top = np.clip(np.take_along_axis(likely, first, 1), _MIN_CERTAINTY, _MAX_CERTAINTY)
    return first, np.asarray(np.log(top / (1 - top)), np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class PaperFields:
    """What the field model says of N papers.

    Attributes:
        shares: (N, 26) probabilities of the fields, in the order of `FIELDS`; those of a paper sum to 1.
        titles: (N,) whether a paper is a title alone.
        short: (N,) whether a text has so few words that it needs more support.
    """

    shares: NDArray[np.float64]
    titles: NDArray[np.bool_]
    short: NDArray[np.bool_]


def support_by_fields(fields: PaperFields) -> NDArray[np.float64]:
    """(N, C): 1 where papers are in one of a category's fields with the least probability, else that probability."""
    needed = np.where(fields.short, MIN_SHORT_SUPPORT, MIN_SUPPORT)[:, None]
    of_sets = np.einsum("nf,sf->ns", fields.shares, _MEMBERS)
    return np.asarray(np.where(of_sets >= needed, 1.0, of_sets)[:, _SET_OF], np.float64)


def support_of(gate: Gate, fields: PaperFields, likely: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, C): 1 where a category may be applied, else a factor below 1 of its probability.

    Args:
        gate: decides about groups of categories.
        fields: of the papers.
        likely: (N, C) probabilities of the categories of arXiv, in the order of `CATEGORIES`.
    """
    odds = gate.log_odds(fields.shares, fields.titles, likely)
    passed = np.where(odds >= 0, 1.0, 0.99 / (1 + np.exp(-np.clip(odds, -50, 0))))
    return np.asarray(np.minimum(passed[:, _GROUP_OF], support_by_fields(fields)), np.float64)
