"""The arithmetic of the model: terms to TF-IDF, to one score a class, to calibrated probabilities. In numpy alone.

Every paper is worked out by itself and in the same order of operations, whatever stands beside it in a batch, so that
equal texts get equal numbers. `numpy.einsum` sums in a fixed order on one thread, which BLAS does not promise.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refsync.classify.features import TITLE_WEIGHT, content_words, foreign_share, pairs
from refsync.classify.modelfile import Weights

TITLE_LENGTH = 24  # content words; a text with fewer is as hard to tell as a title alone, and is calibrated as one
_LOG = np.array([0.0, *(math.log(count) for count in range(1, 4096))], np.float32)


@dataclass(frozen=True, slots=True)
class Reading:
    """A paper as the model sees it.

    Attributes:
        rows: (n,) the known terms in the order of their first occurrence, as rows of the model.
        values: (n,) float32, their TF-IDF, of length 1.
        words: content words in the text.
        known: of these, how many are in the vocabulary; `distinct` counts each once.
        foreign: share of letters in other scripts than Latin and Greek.
    """

    rows: NDArray[np.intp]
    values: NDArray[np.float32]
    words: int
    known: int
    distinct: int
    foreign: float

    @property
    def title_only(self) -> bool:
        """Whether there is no more text than a title has."""
        return self.words < TITLE_LENGTH


def read(paper: tuple[str, str], vocabulary: Mapping[str, int], idf: NDArray[np.float32]) -> Reading:
    """The terms of a paper (title, abstract), weighed as scikit-learn's `TfidfTransformer(sublinear_tf=True)` does.

    Args:
        paper: title and abstract.
        vocabulary: term to row.
        idf: (V,) inverse document frequencies.
    """
    title, abstract = map(content_words, paper)
    weight = TITLE_WEIGHT if abstract else 1
    singles = [row for row in map(vocabulary.get, title * weight + abstract) if row is not None]
    counts = Counter(singles)
    distinct = len(counts)
    counts.update(row for row in map(vocabulary.get, pairs(title) * weight + pairs(abstract)) if row is not None)
    rows = np.fromiter(counts.keys(), np.intp, len(counts))
    repeats = np.fromiter(counts.values(), np.intp, len(counts))
    values = (1 + _LOG[np.minimum(repeats, _LOG.size - 1)]) * idf[rows]
    length = math.sqrt(float(np.einsum("i,i->", values, values, dtype=np.float64)))
    if length:
        values /= np.float32(length)
    words = len(title) * weight + len(abstract)
    return Reading(rows, values, words, len(singles), distinct, max(map(foreign_share, paper)))


def scores(reading: Reading, model: Weights) -> NDArray[np.float32]:
    """(C,) uncalibrated log-odds, as scikit-learn's `decision_function` gives them up to the rounding of weights."""
    sums = np.einsum("i,ij->j", reading.values, model.weights.take(reading.rows, 0).astype(np.float32))
    return np.asarray(sums * model.scale + model.bias, np.float32)


def probabilities(of_classes: NDArray[np.float32], title_only: bool, model: Weights) -> NDArray[np.float64]:
    """(C,) how likely each class is among the paper's, from its scores. They need not add up to 1.

    A logistic curve (Platt, 1999) with one slope, an offset per class, and a term for the competition: the log of the
    sum of all classes' odds, since a score means less where several classes score high.
    """
    slope, competition, *_ = curve = model.calibration[int(title_only)].astype(np.float64)
    logits = of_classes.astype(np.float64)
    highest = logits.max()
    rivals = highest + math.log(float(np.exp(logits - highest).sum()))
    return np.asarray(1 / (1 + np.exp(-(slope * logits + competition * rivals + curve[2:]))))
