"""The arithmetic of the model: terms to TF-IDF, to one score a class, to calibrated probabilities. In numpy alone.

Every paper is worked out by itself and in the same order of operations, whatever stands beside it in a batch, so that
equal texts get equal numbers. `numpy.einsum` sums in a fixed order on one thread, which BLAS does not promise.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from refsync.classify.features import OTHER_LANGUAGES, TITLE_WEIGHT, content_words, foreign_share
from refsync.classify.modelfile import Weights

TITLE_LENGTH = 24  # content words; a text with fewer is as hard to tell as a title alone, and is calibrated as one
_FIRST = np.array([True])
_LOG = np.array([0.0, *(math.log(count) for count in range(1, 4096))], np.float32)


@dataclass(frozen=True, slots=True)
class Reading:
    """A paper as the model sees it.

    Attributes:
        rows: (n,) the known terms, as rows of the model, ascending.
        values: (n,) float32, their TF-IDF, of length 1.
        words: content words in the text, those of the title twice where there is an abstract.
        known: of these, how many are in the vocabulary and no function words of another language.
        distinct: how many different ones are in the vocabulary.
        foreign: share of letters in other scripts than Latin and Greek.
    """

    rows: NDArray[np.int64]
    values: NDArray[np.float32]
    words: int
    known: int
    distinct: int
    foreign: float

    @property
    def title_only(self) -> bool:
        """Whether there is no more text than a title has."""
        return self.words < TITLE_LENGTH


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Where the terms of a text stand in the model: U words and P pairs of them.

    `english` tells which words are none of `OTHER_LANGUAGES`. Pairs are looked up by number (`first * U + second`) in a
    sorted array, which is four times as fast as a dictionary of 100,000 strings, and a tenth of its size.
    """

    rows: Mapping[str, int]
    english: NDArray[np.bool_]
    keys: NDArray[np.int64]

    @classmethod
    def of(cls, model: Weights) -> "Vocabulary":
        """The vocabulary of a model."""
        first, second = model.pairs.astype(np.int64).T
        return cls(
            rows={word: row for row, word in enumerate(model.words)},
            english=np.array([word not in OTHER_LANGUAGES for word in model.words]),
            keys=first * len(model.words) + second,
        )


def read(paper: tuple[str, str], vocabulary: Vocabulary, idf: NDArray[np.float32]) -> Reading:
    """The terms of a paper (title, abstract), weighed as scikit-learn's `TfidfTransformer(sublinear_tf=True)` does.

    Args:
        paper: title and abstract.
        vocabulary: of the model.
        idf: (U + P,) inverse document frequencies.
    """
    title, abstract = map(content_words, paper)
    # The empty word, which is never known, keeps words of different texts from making a pair.
    text = [*[*title, ""] * TITLE_WEIGHT, *abstract] if abstract else title
    at = np.fromiter(map(vocabulary.rows.get, text, repeat(-1)), np.int64, len(text))
    known = at[at >= 0]
    keys = (at[:-1] * len(vocabulary.rows) + at[1:])[(at[:-1] >= 0) & (at[1:] >= 0)]
    places = np.searchsorted(vocabulary.keys, keys)
    found = places[vocabulary.keys.take(places, mode="clip") == keys] if vocabulary.keys.size else places[:0]
    rows, counts = _counted(np.concatenate([known, found + len(vocabulary.rows)]))
    values = (1 + _LOG[np.minimum(counts, _LOG.size - 1)]) * idf[rows]
    length = math.sqrt(float(np.einsum("i,i->", values, values, dtype=np.float64)))
    if length:
        values /= np.float32(length)
    words = len(title) * (TITLE_WEIGHT if abstract else 1) + len(abstract)
    distinct = int(np.searchsorted(rows, len(vocabulary.rows)))
    english = int(np.count_nonzero(vocabulary.english[known]))
    return Reading(rows, values, words, english, distinct, max(map(foreign_share, paper)))


def _counted(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each row once, ascending, and how often it occurs: what `numpy.unique` does, in a third of its time."""
    rows.sort()
    starts = np.flatnonzero(np.concatenate([_FIRST, rows[1:] != rows[:-1]])[: rows.size])
    return rows[starts], np.concatenate([starts[1:], [rows.size]]) - starts


def scores(reading: Reading, model: Weights) -> NDArray[np.float32]:
    """(C,) uncalibrated log-odds, as scikit-learn's `decision_function` gives them up to the rounding of weights."""
    sums = np.einsum("i,ij->j", reading.values, model.weights.take(reading.rows, 0).astype(np.float32))
    return np.asarray(sums * model.scale + model.bias, np.float32)


def ranking(
    of_classes: NDArray[np.float32], title_only: bool, model: Weights, count: int
) -> tuple[NDArray[np.intp], list[float]]:
    """The `count` likeliest classes, and how likely each is among the paper's: probabilities need not add up to 1.

    First a logistic curve (Platt, 1999) with one slope, an offset per class, and a term for the competition: the log of
    the sum of all classes' odds, since a score means less where several classes score high. Then a rising curve through
    knots (isotonic regression: Zadrozny and Elkan, 2002), one for the likeliest class and one for the others: that
    nothing else scores higher is evidence too.
    """
    slope, competition = model.calibration[int(title_only), :2].tolist()
    logits = of_classes.astype(np.float64)
    highest = float(logits.max())
    rivals = highest + math.log(float(np.exp(logits - highest).sum()))
    logits *= slope
    logits += model.calibration[int(title_only), 2:]
    # The sort is stable, so that equal classes, as for an empty text, stand in the order of the model.
    order = np.argsort(-logits, kind="stable")[:count]
    rising = 1 / (1 + np.exp(-(logits[order] + competition * rivals)))
    first, others = model.knots[int(title_only)]
    top = float(np.interp(rising[0], first[:, 0], first[:, 1]))
    return order, [top, *np.minimum(np.interp(rising[1:], others[:, 0], others[:, 1]), top).tolist()]
