"""The arithmetic of the model, in numpy: terms to TF-IDF, to one score per class, to calibrated probabilities.

Papers are processed in batches to save numpy calls, but every sum runs over one paper, in an order that does not depend
on the rest of the batch, so that equal texts get equal numbers. `numpy.einsum` and `numpy.bincount` sum in a fixed
order on one thread, which BLAS does not guarantee.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

from refsync.classify.model_file import Weights
from refsync.classify.terms import OTHER_LANGUAGES, TITLE_WEIGHT, content_words, foreign_share

SEVERAL_LANGUAGES = "several_languages"  # the note of a model that knows texts in other languages than English
TITLE_LENGTH = 24  # content words; a shorter text is as hard to classify as a title alone, and calibrated as one
_LOG = np.array([0.0, *(math.log(count) for count in range(1, 4096))], np.float32)


@dataclass(frozen=True, slots=True)
class TermVector:
    """The TF-IDF of a paper's terms, and counts of its words.

    Attributes:
        rows: (n,) the known terms, as rows of the model, ascending.
        values: (n,) float32, their TF-IDF, normalised to length 1.
        words: number of content words, those of the title counted twice where there is an abstract.
        known: how many of them are in the vocabulary and not function words of another language.
        distinct: number of different words that are in the vocabulary.
        foreign: share of letters in scripts other than Latin and Greek.
    """

    rows: NDArray[np.int64]
    values: NDArray[np.float32]
    words: int
    known: int
    distinct: int
    foreign: float

    @property
    def title_only(self) -> bool:
        """Whether the text is no longer than a title."""
        return self.words < TITLE_LENGTH


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The rows of terms in the model: U words and P pairs of words.

    `english` marks the words that are not in `OTHER_LANGUAGES`, all of them in a model of several languages. Pairs are
    looked up by number (`first * U + second`) in a sorted array, which is four times as fast as a dictionary of 100,000
    strings and a tenth of its size.
    """

    rows: Mapping[str, int]
    english: NDArray[np.bool_]
    keys: NDArray[np.int64]

    @classmethod
    def of(cls, model: Weights) -> "Vocabulary":
        """The vocabulary of a model."""
        first, second = model.pairs.astype(np.int64).T
        several = bool(model.notes.get(SEVERAL_LANGUAGES))
        return cls(
            rows={word: row for row, word in enumerate(model.words)},
            english=np.array([several or word not in OTHER_LANGUAGES for word in model.words]),
            keys=first * len(model.words) + second,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The content words of N papers, each word looked up once for all models that read them.

    Attributes:
        distinct: the different words, the empty one first, which separates texts.
        numbers: (T,) the words of all papers in order, as indices of `distinct`.
        lengths: (N,) how many of them each paper has.
        foreign: share of letters in scripts other than Latin and Greek of each paper.
    """

    distinct: tuple[str, ...]
    numbers: NDArray[np.int64]
    lengths: NDArray[np.int64]
    foreign: list[float]

    @classmethod
    def of(cls, papers: Sequence[tuple[str, str]]) -> "Texts":
        """The words of papers (title, abstract)."""
        texts = [_text(paper) for paper in papers]
        number: defaultdict[str, int] = defaultdict()
        number.default_factory = number.__len__
        _ = number[""]
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        numbers = np.fromiter(map(number.__getitem__, chain.from_iterable(texts)), np.int64, int(lengths.sum()))
        return cls(tuple(number), numbers, lengths, [foreign_share("".join(paper)) for paper in papers])


def term_vectors(
    papers: Sequence[tuple[str, str]] | Texts, vocabulary: Vocabulary, idf: NDArray[np.float32]
) -> list[TermVector]:
    """The TF-IDF of papers, weighted as by scikit-learn's `TfidfTransformer(sublinear_tf=True)`.

    Args:
        papers: title and abstract of each, or their words.
        vocabulary: of the model.
        idf: (U + P,) inverse document frequencies.
    """
    texts = papers if isinstance(papers, Texts) else Texts.of(papers)
    paper_count, word_count = len(texts.lengths), len(vocabulary.rows)
    rows_of = np.fromiter(map(vocabulary.rows.get, texts.distinct, repeat(-1)), np.int64, len(texts.distinct))
    word_rows = rows_of[texts.numbers]
    paper = np.repeat(np.arange(paper_count), texts.lengths)
    known = word_rows >= 0
    words = (texts.lengths - np.bincount(paper[texts.numbers == 0], minlength=paper_count)).tolist()

    adjacent = known[:-1] & known[1:]
    keys = (word_rows[:-1] * word_count + word_rows[1:])[adjacent]
    positions = np.searchsorted(vocabulary.keys, keys)
    found = vocabulary.keys.take(positions, mode="clip") == keys if vocabulary.keys.size else keys < 0

    # One sort counts the terms of all papers: paper and row in one number.
    combined = np.concatenate(
        [
            paper[known] * idf.size + word_rows[known],
            paper[:-1][adjacent][found] * idf.size + word_count + positions[found],
        ]
    )
    combined.sort()
    starts = np.flatnonzero(np.diff(combined, prepend=-1))
    counts = np.diff(starts, append=combined.size)
    owner, rows = np.divmod(combined[starts], idf.size)
    values = (1 + _LOG[np.minimum(counts, _LOG.size - 1)]) * idf[rows]
    norms = np.sqrt(np.bincount(owner, np.square(values, dtype=np.float64), paper_count))
    values /= norms[owner].astype(np.float32)

    bounds = np.searchsorted(owner, np.arange(paper_count + 1)).tolist()
    distinct = np.bincount(owner[rows < word_count], minlength=paper_count).tolist()
    english = np.bincount(paper[known][vocabulary.english[word_rows[known]]], minlength=paper_count).tolist()
    return [
        TermVector(
            rows=rows[bounds[i] : bounds[i + 1]],
            values=values[bounds[i] : bounds[i + 1]],
            words=words[i],
            known=english[i],
            distinct=distinct[i],
            foreign=texts.foreign[i],
        )
        for i in range(paper_count)
    ]


def _text(paper: tuple[str, str]) -> list[str]:
    """The content words. The empty word, which is in no vocabulary, separates texts: no pair spans two."""
    title, abstract = map(content_words, paper)
    return [*[*title, ""] * TITLE_WEIGHT, *abstract, ""] if abstract else [*title, ""]


def scores(vector: TermVector, model: Weights) -> NDArray[np.float32]:
    """(C,) uncalibrated log-odds, as scikit-learn's `decision_function` gives them up to the rounding of weights."""
    if not vector.rows.size:  # the sum of nothing is not left to numpy
        return np.asarray(model.bias, np.float32)
    sums = np.einsum("i,ij->j", vector.values, model.weights.take(vector.rows, 0).astype(np.float32))
    return np.asarray(sums * model.scale + model.bias, np.float32)


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, C) shares of the odds; those of a row sum to 1."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float64)


def rank_classes(
    log_odds: NDArray[np.float32],
    titles: NDArray[np.bool_],
    model: Weights,
    count: int,
    evidence: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The most likely classes of papers, with the probability that each is one of the paper's; these need not sum to 1.

    First, each score is scaled by the common slope and shifted by the offset of its class, and `competition` times the
    log of the sum of all odds is added, since a score means less where several classes score high: -1 gives the
    softmax, 0 a logistic curve per class (Platt, 1999). Second, an increasing curve through knots (isotonic regression:
    Zadrozny and Elkan, 2002) is applied, one for the most likely class and one for the others, since scoring highest is
    evidence as well.

    Args:
        log_odds: (N, C) scores.
        titles: (N,) whether a paper is a title alone.
        model: the contents of the model file.
        count: how many classes to return for each paper.
        evidence: (N, C) log likelihood ratios of what is known besides the text, added to the scaled scores.

    Returns:
        Classes and probabilities, each (N, count), the most likely first.
    """
    curve = model.calibration.astype(np.float64)[titles.astype(np.intp)]
    logits = curve[:, :1] * log_odds.astype(np.float64) + curve[:, 2:]
    if evidence is not None:
        logits += evidence
    # The sort is stable: classes of equal score, as for an empty text, keep the order of the model.
    order = np.argsort(-logits, axis=1, kind="stable")[:, :count]
    highest = logits.max(axis=1, keepdims=True)
    rivals = highest + np.log(np.exp(logits - highest).sum(axis=1, keepdims=True))
    logits = np.take_along_axis(logits, order, 1) + curve[:, 1:2] * rivals
    likely = 1 / (1 + np.exp(-logits))
    for kind, (first, others) in enumerate(model.knots):
        rows = titles == bool(kind)
        top = np.interp(likely[rows, :1], first[:, 0], first[:, 1])
        likely[rows] = np.hstack([top, np.minimum(np.interp(likely[rows, 1:], others[:, 0], others[:, 1]), top)])
    return order, likely
