"""The arithmetic of the model: terms to TF-IDF, to one score a class, to calibrated probabilities. In numpy alone.

Papers are worked out in batches, which spares numpy's cost of a call, but every sum runs over one paper alone and in
the same order whatever stands beside it, so that equal texts get equal numbers. `numpy.einsum` and `numpy.bincount` sum
in a fixed order on one thread, which BLAS does not promise.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from refsync.classify.model_file import Weights
from refsync.classify.terms import OTHER_LANGUAGES, TITLE_WEIGHT, content_words, foreign_share

TITLE_LENGTH = 24  # content words; a text with fewer is as hard to tell as a title alone, and is calibrated as one
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


def read(papers: Sequence[tuple[str, str]], vocabulary: Vocabulary, idf: NDArray[np.float32]) -> list[Reading]:
    """The terms of papers, weighed as scikit-learn's `TfidfTransformer(sublinear_tf=True)` does.

    Args:
        papers: title and abstract of each.
        vocabulary: of the model.
        idf: (U + P,) inverse document frequencies.
    """
    texts = [_text(paper) for paper in papers]
    many, words = len(papers), len(vocabulary.rows)
    lengths = [len(text) for text in texts]
    at = np.fromiter(map(vocabulary.rows.get, chain.from_iterable(texts), repeat(-1)), np.int64, sum(lengths))
    paper = np.repeat(np.arange(many), lengths)
    known = at >= 0

    beside = known[:-1] & known[1:]
    keys = (at[:-1] * words + at[1:])[beside]
    places = np.searchsorted(vocabulary.keys, keys)
    found = vocabulary.keys.take(places, mode="clip") == keys if vocabulary.keys.size else keys < 0

    # One sort counts the terms of all papers: paper and row in one number.
    both = np.concatenate(
        [paper[known] * idf.size + at[known], paper[:-1][beside][found] * idf.size + words + places[found]]
    )
    both.sort()
    starts = np.flatnonzero(np.diff(both, prepend=-1))
    counts = np.diff(starts, append=both.size)
    owner, rows = np.divmod(both[starts], idf.size)
    values = (1 + _LOG[np.minimum(counts, _LOG.size - 1)]) * idf[rows]
    norms = np.sqrt(np.bincount(owner, np.square(values, dtype=np.float64), many))
    values /= norms[owner].astype(np.float32)

    bounds = np.searchsorted(owner, np.arange(many + 1)).tolist()
    distinct = np.bincount(owner[rows < words], minlength=many).tolist()
    english = np.bincount(paper[known][vocabulary.english[at[known]]], minlength=many).tolist()
    return [
        Reading(
            rows=rows[bounds[i] : bounds[i + 1]],
            values=values[bounds[i] : bounds[i + 1]],
            words=lengths[i] - texts[i].count(""),
            known=english[i],
            distinct=distinct[i],
            foreign=max(map(foreign_share, papers[i])),
        )
        for i in range(many)
    ]


def _text(paper: tuple[str, str]) -> list[str]:
    """The content words. The empty word, which no vocabulary has, keeps words of different texts from making a pair."""
    title, abstract = map(content_words, paper)
    return [*[*title, ""] * TITLE_WEIGHT, *abstract, ""] if abstract else [*title, ""]


def scores(reading: Reading, model: Weights) -> NDArray[np.float32]:
    """(C,) uncalibrated log-odds, as scikit-learn's `decision_function` gives them up to the rounding of weights."""
    sums = np.einsum("i,ij->j", reading.values, model.weights.take(reading.rows, 0).astype(np.float32))
    return np.asarray(sums * model.scale + model.bias, np.float32)


def ranking(
    of_papers: NDArray[np.float32], titles: NDArray[np.bool_], model: Weights, count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The likeliest classes of papers, and how likely each is among the paper's; probabilities need not add up to 1.

    First a class's scores get the common slope and an offset of its own, and compete: to each is added `competition`
    times the log of the sum of all odds, since a score means less where several classes score high. With -1 that is the
    softmax, with 0 a logistic curve per class (Platt, 1999). Then a rising curve through knots (isotonic regression:
    Zadrozny and Elkan, 2002), one for the likeliest class and one for the others: that nothing else scores higher is
    evidence too.

    Args:
        of_papers: (N, C) scores.
        titles: (N,) which papers are titles alone.
        model: what the model file holds.
        count: how many classes to give of each paper.

    Returns:
        Classes and probabilities, each (N, count), the likeliest first.
    """
    curve = model.calibration.astype(np.float64)[titles.astype(np.intp)]
    logits = curve[:, :1] * of_papers.astype(np.float64) + curve[:, 2:]
    # The sort is stable, so that equal classes, as for an empty text, stand in the order of the model.
    order = np.argsort(-logits, axis=1, kind="stable")[:, :count]
    highest = logits.max(axis=1, keepdims=True)
    rivals = highest + np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
    logits = np.take_along_axis(logits, order, 1) + curve[:, 1:2] * rivals
    likely = 1 / (1 + np.exp(-logits))
    for kind, (first, others) in enumerate(model.knots):
        mine = titles == bool(kind)
        top = np.interp(likely[mine, :1], first[:, 0], first[:, 1])
        likely[mine] = np.hstack([top, np.minimum(np.interp(likely[mine, 1:], others[:, 0], others[:, 1]), top)])
    return order, likely
