"""Which categories of arXiv a paper can have, given its fields.

The area model knows arXiv alone, and gives a paper on any other subject its nearest category. So each category names
the fields whose papers it has; where the field model finds these improbable, the category is not applied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from refsync.classify.fields import FIELDS
from refsync.classify.taxonomy import NAMES, archive

MIN_SUPPORT: Final = 0.3  # the probability that a paper is in one of a category's fields, below which it is not applied
MIN_SHORT_SUPPORT: Final = 0.6  # the same for a text of few words
SHORT: Final = 4  # different known words
FLOORS: Final = (1e-4, 1e-2)  # added to probabilities before their logs, for papers and for titles alone

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


def _fields(category: str) -> tuple[str, ...]:
    return (*_ARCHIVES.get(archive(category), _PHYSICS), *_MORE.get(category, ()))


_SETS: Final = tuple(dict.fromkeys(frozenset(_fields(category)) for category in NAMES))
_MEMBERS: Final = np.array([[field in fields for field in FIELDS] for fields in _SETS], np.float64)


def is_computing(category: str) -> bool:
    """Whether a category is one of computer science, which papers of any science seem to have.

    >>> is_computing("eess.IV"), is_computing("math.CO")
    (True, False)
    """
    return category.startswith(("cs.", "eess.")) or category == "stat.ML"


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """A linear model of whether a paper can have a category of computer science, given its fields.

    Attributes:
        coefficients: (2, F) of the logs of the fields' probabilities, for papers and for titles alone.
        biases: (2,).
    """

    coefficients: NDArray[np.float64]
    biases: NDArray[np.float64]

    @classmethod
    def of(cls, notes: Mapping[str, Any]) -> "Gate | None":
        """The gate in the notes of a field model; None if it has none.

        Raises:
            ValueError, KeyError, TypeError: it is not well-formed.
        """
        if "gate" not in notes:
            return None
        gate = cls(np.array(notes["gate"]["coefficients"], float), np.array(notes["gate"]["biases"], float))
        if gate.coefficients.shape != (2, len(FIELDS)) or gate.biases.shape != (2,):
            raise ValueError("the gate does not fit the fields")
        return gate

    def log_odds(self, shares: NDArray[np.float64], titles: NDArray[np.bool_]) -> NDArray[np.float64]:
        """(N,) positive where a paper can have a category of computer science."""
        kind = titles.astype(np.intp)
        features = np.log(shares + np.array(FLOORS)[kind][:, None])
        return np.asarray(np.einsum("nf,nf->n", features, self.coefficients[kind]) + self.biases[kind], np.float64)


def support_of(
    shares: NDArray[np.float64],
    categories: tuple[str, ...],
    titles: NDArray[np.bool_] | None = None,
    gate: Gate | None = None,
    short: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """(N, C): 1 where a category may be applied, else how far its fields are from being probable enough, 0 to 1.

    Args:
        shares: (N, 26) probabilities of the fields of papers, in the order of `FIELDS`; those of a paper sum to 1.
        categories: C categories of arXiv.
        titles: (N,) whether a paper is a title alone.
        gate: decides about the categories of computer science, where there is one.
        short: (N,) whether a text has so few words that one of them may mislead both models; it needs more support.
    """
    needed = np.full(len(shares), MIN_SUPPORT) if short is None else np.where(short, MIN_SHORT_SUPPORT, MIN_SUPPORT)
    of_sets = np.minimum(np.einsum("nf,sf->ns", shares, _MEMBERS) / needed[:, None], 1)
    columns = np.array([_SETS.index(frozenset(_fields(category))) for category in categories])
    support = np.asarray(of_sets[:, columns], np.float64)
    if gate is not None and titles is not None:
        odds = gate.log_odds(shares, titles)
        passed = np.where(odds >= 0, 1.0, 0.99 / (1 + np.exp(-np.minimum(odds, 0))))
        computing = [is_computing(category) for category in categories]
        closed = short[:, None] & (support[:, computing] < 1) if short is not None else np.zeros((1, 1), bool)
        support[:, computing] = np.where(closed, np.minimum(support[:, computing], passed[:, None]), passed[:, None])
    return support
