"""Train the shipped area model: `python scripts/train_areas.py --data ../shared/data/areas --out MODEL.npz`.

The weights are trained on `train.parquet`, without the newest month's papers outside computer science. The calibration
is fitted on these and on `validation.parquet`, which is newer: `train.parquet` has a limited number of papers per
category, so that the largest categories, all in computer science, lack their newest papers there.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import normalize

from refsync.classify import linear
from refsync.classify.fit import quantize
from refsync.classify.label_shift import estimate_shares
from refsync.classify.model_file import IDF_STEP, Threshold, Weights, read, write
from refsync.classify.taxonomy import NAMES
from refsync.classify.terms import OTHER_LANGUAGES, content_words

Paper = tuple[str, str]
ACCURACIES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
NEWEST = 202604  # the month of `train.parquet` from which papers are held out for the calibration
MOST_LIKELY = 10  # classes of a paper on which the calibration is fitted; the others are improbable
KNOTS = 20  # of a calibration curve
CHUNK = 20_000  # papers that are processed together
STRAIGHT = np.array([[[(0, 0), (1, 1)]] * 2] * 2, np.float32)  # the identity


@dataclass(frozen=True)
class Settings:
    """Hyperparameters chosen by measurement; see docs/decisions/0003-area-model.md."""

    min_papers: int = 20  # papers that a term needs
    secondary: float = 0.3  # weight of a paper as an example of its secondary categories
    alpha: float = 2e-6  # L2 penalty
    epochs: int = 4
    others: float = 0.1  # weight of secondary categories when the offsets are fitted
    older: float = 0.25  # weight of papers older than the newest month then
    ridge: float = 1.0  # L2 penalty of the offsets per class
    rarity: float = 0.1  # offset of a class by the negative log of its share, so that rare ones are found
    mixes: tuple[float, ...] = (0.0, 0.25, 0.5)  # papers of a class count by its share to minus this power
    margin: float = 0.01  # by which a threshold has to exceed its accuracy in each of these mixes
    libraries: int = 60  # drawn from the calibration papers, on which the calibration after adaptation is fitted
    library_papers: int = 300
    seed: int = 0


@dataclass(frozen=True)
class Corpus:
    """Papers with labels. `member` is (N, C), `primary` (N,), `month` (N,) as 202604."""

    papers: list[Paper]
    member: NDArray[np.bool_]
    primary: NDArray[np.intp]
    month: NDArray[np.intp]

    def __getitem__(self, rows: NDArray[np.intp]) -> "Corpus":
        return Corpus([self.papers[row] for row in rows], self.member[rows], self.primary[rows], self.month[rows])

    def __add__(self, other: "Corpus") -> "Corpus":
        return Corpus(
            self.papers + other.papers,
            np.vstack([self.member, other.member]),
            np.concatenate([self.primary, other.primary]),
            np.concatenate([self.month, other.month]),
        )

    @property
    def titles(self) -> "Corpus":
        """The same papers without their abstracts."""
        return replace(self, papers=[(title, "") for title, _ in self.papers])


def load(path: Path, classes: Sequence[str]) -> Corpus:
    table = pq.read_table(path, columns=["title", "abstract", "categories", "primary_category", "year", "month"])
    column = {code: index for index, code in enumerate(classes)}
    member = np.zeros((table.num_rows, len(classes)), bool)
    for row, codes in enumerate(table["categories"].to_pylist()):
        member[row, [column[code] for code in codes.split() if code in column]] = True
    return Corpus(
        papers=list(zip(table["title"].to_pylist(), table["abstract"].to_pylist(), strict=True)),
        member=member,
        primary=np.array([column[code] for code in table["primary_category"].to_pylist()]),
        month=np.array(table["year"]) * 100 + np.array(table["month"]),
    )


def vocabulary(papers: Sequence[Paper], min_papers: int) -> tuple[list[str], NDArray[np.uint16]]:
    """The sorted words of at least `min_papers` papers, and the pairs of them with as many, as indices of the words."""
    number: dict[str, int] = {}
    parts, lengths = [], []
    for start in range(0, len(papers), CHUNK):
        texts = [
            [*content_words(title), "", *content_words(abstract), ""] for title, abstract in papers[start:][:CHUNK]
        ]
        flat = (number.setdefault(word, len(number)) for word in chain.from_iterable(texts))
        parts.append(np.fromiter(flat, np.int32))
        lengths.append(np.array(list(map(len, texts))))
    counts = np.zeros(len(number), np.int64)
    for tokens, length in zip(parts, lengths, strict=True):
        papers_of = _papers_of(tokens.astype(np.int64), np.repeat(np.arange(len(length)), length))
        counts[papers_of[0]] += papers_of[1]
    words = sorted(word for word, index in number.items() if word and counts[index] >= min_papers)
    if len(words) > np.iinfo(np.uint16).max:
        raise ValueError(f"{len(words)} words exceed the limit of a model file; raise min_papers")
    row_of = np.full(len(number), -1, np.int64)
    row_of[[number[word] for word in words]] = np.arange(len(words))
    pair_counts = []
    for tokens, length in zip(parts, lengths, strict=True):
        rows, owner = row_of[tokens], np.repeat(np.arange(len(length)), length)
        adjacent = (rows[:-1] >= 0) & (rows[1:] >= 0)
        pair_counts.append(_papers_of((rows[:-1] * len(words) + rows[1:])[adjacent], owner[:-1][adjacent]))
    keys, inverse = np.unique(np.concatenate([keys for keys, _ in pair_counts]), return_inverse=True)
    keys = keys[np.bincount(inverse, np.concatenate([count for _, count in pair_counts])) >= min_papers]
    return words, np.column_stack(np.divmod(keys, len(words))).astype(np.uint16)


def _papers_of(keys: NDArray[np.int64], owner: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys, and the number of owners of each."""
    order = np.lexsort((owner, keys))
    keys, owner = keys[order], owner[order]
    first = np.concatenate([[True], (np.diff(keys) != 0) | (np.diff(owner) != 0)])
    distinct, count = np.unique(keys[first], return_counts=True)
    return distinct, count.astype(np.int64)


def term_counts(papers: Sequence[Paper], words: Sequence[str], pairs: NDArray[np.uint16]) -> sp.csr_matrix:
    """Sublinear counts of terms, (N, V), rows of length 1, computed by the code that tagging uses."""
    first, second = pairs.astype(np.int64).T
    vocabulary = linear.Vocabulary(
        rows={word: row for row, word in enumerate(words)},
        english=np.array([word not in OTHER_LANGUAGES for word in words]),
        keys=first * len(words) + second,
    )
    ones = np.ones(len(words) + len(pairs), np.float32)
    parts = []
    for start in range(0, len(papers), CHUNK):
        vectors = linear.term_vectors(papers[start : start + CHUNK], vocabulary, ones)
        ends = np.cumsum([0, *(vector.rows.size for vector in vectors)])
        rows = np.concatenate([vector.rows for vector in vectors]).astype(np.int32)
        values = np.concatenate([vector.values for vector in vectors])
        parts.append(sp.csr_matrix((values, rows, ends), (len(vectors), ones.size)))
    return sp.vstack(parts, format="csr")


def inverse_document_frequencies(counts: sp.csr_matrix) -> NDArray[np.float32]:
    """Those of scikit-learn's `TfidfTransformer`, rounded to the steps of the model file."""
    papers = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + counts.shape[0]) / (1 + papers)) + 1
    return np.asarray(np.clip(np.round(idf / IDF_STEP), 1, 255) * IDF_STEP, np.float32)


def train(matrix: sp.csr_matrix, corpus: Corpus, settings: Settings) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One logistic regression per class, by stochastic gradient descent: weights (V, C) and biases (C,).

    Args:
        matrix: (k * N, V), the papers of the corpus k times, for example with and without their abstracts.
        corpus: N papers.
        settings: weights of the examples, and parameters of the descent.
    """
    copies = matrix.shape[0] // len(corpus.papers)
    weights = np.zeros((matrix.shape[1], corpus.member.shape[1]), np.float32)
    biases = np.zeros(corpus.member.shape[1], np.float32)
    for column in range(corpus.member.shape[1]):
        positive = corpus.member[:, column]
        importance = np.where(positive & (corpus.primary != column), settings.secondary, 1.0)
        classifier = SGDClassifier(
            loss="log_loss", alpha=settings.alpha, max_iter=settings.epochs, tol=None, random_state=settings.seed
        )
        classifier.fit(matrix, np.tile(positive, copies), sample_weight=np.tile(importance, copies))
        weights[:, column] = classifier.coef_[0]
        biases[column] = classifier.intercept_[0]
    return weights, biases


def calibrated(model: Weights, corpus: Corpus, settings: Settings) -> Weights:
    """The model with a calibration fitted to the papers of the corpus, with abstracts and as titles alone."""
    curves, knots_of_kinds, tables, adapted = [], [], [], []
    frequency, priors = shares_of(corpus, settings), []
    for papers in (corpus, corpus.titles):
        scores = raw_scores(model, papers.papers)
        curve = softmax_curve(scores, *targets(papers, settings), settings.ridge)
        curve[2:] -= np.float32(settings.rarity) * np.log(frequency).astype(np.float32)
        curves.append(curve)
        # The shares that the model sees in its calibration papers: with them adaptation changes nothing there.
        likely = linear.softmax(curve[0].astype(np.float64) * scores + curve[2:])
        prior = np.maximum(np.average(likely, axis=0, weights=importance(papers, settings)), 1e-5)
        priors.append(prior / prior.sum())
        prior = priors[-1]
        adapted.append(after_adaptation(scores, papers, curve, prior, settings))
        order, likely = linear.rank_classes(
            scores,
            np.zeros(len(scores), bool),
            replace(model, calibration=curves[-1][None], knots=STRAIGHT),
            MOST_LIKELY,
        )
        hit = np.take_along_axis(papers.member, order, 1)
        knots_of_kinds.append(knots(likely, hit, importance(papers, settings)))
        top = np.interp(likely[:, 0], *knots_of_kinds[-1][0].T)
        mixes = [importance(papers, settings) * frequency[papers.primary] ** -power for power in settings.mixes]
        tables.append(thresholds(top, hit[:, 0], mixes, settings.margin))
    notes = {
        "prior": [round(float(share), 6) for share in priors[0]],
        "adapted": {
            "knots": [np.round(curve, 5).tolist() for curve, _ in adapted],
            "thresholds": [table for _, table in adapted],
        },
    }
    return replace(
        model,
        calibration=np.stack(curves),
        knots=np.stack(knots_of_kinds),
        thresholds=(tables[0], tables[1]),
        notes={**model.notes, **notes},
    )


def shares_of(corpus: Corpus, settings: Settings) -> NDArray[np.float64]:
    """(C,) shares of the classes as the papers' first categories, none of them 0."""
    counts = np.bincount(corpus.primary, importance(corpus, settings), corpus.member.shape[1]) + 0.5
    return np.asarray(counts / counts.sum(), np.float64)


def after_adaptation(
    scores: NDArray[np.float32],
    corpus: Corpus,
    curve: NDArray[np.float32],
    prior: NDArray[np.float64],
    settings: Settings,
) -> tuple[NDArray[np.float32], tuple[Threshold, ...]]:
    """The calibration curves and thresholds for papers of a library to whose shares the model is adapted.

    Libraries are drawn from the papers, each with a mix of a few categories, as those of people are.
    """
    rng = np.random.default_rng(settings.seed)
    logits = curve[0].astype(np.float64) * scores + curve[2:]
    parts = []
    for _ in range(settings.libraries):
        mix = rng.dirichlet(np.full(len(prior), 0.05)) + 0.2 * prior
        odds = (mix / prior)[corpus.primary]
        rows = rng.choice(len(scores), settings.library_papers, replace=False, p=odds / odds.sum())
        likely = linear.softmax(logits[rows])
        shares = estimate_shares(likely, prior)
        likely = linear.softmax(logits[rows] + np.log(shares / prior))
        order = np.argsort(-likely, axis=1, kind="stable")[:, :MOST_LIKELY]
        parts.append((np.take_along_axis(likely, order, 1), np.take_along_axis(corpus.member[rows], order, 1)))
    likely, hit = (np.concatenate(values) for values in zip(*parts, strict=True))
    likely /= 1 + likely  # as in `linear.rank_classes`
    weight = np.ones(len(likely))
    fitted = knots(likely, hit, weight)
    return fitted, thresholds(np.interp(likely[:, 0], *fitted[0].T), hit[:, 0], [weight], settings.margin)


def raw_scores(model: Weights, papers: Sequence[Paper]) -> NDArray[np.float32]:
    """(N, C) uncalibrated scores."""
    vocabulary = linear.Vocabulary.of(model)
    parts = []
    for start in range(0, len(papers), 1000):
        vectors = linear.term_vectors(papers[start : start + 1000], vocabulary, model.idf)
        parts += [linear.scores(vector, model) for vector in vectors]
    return np.array(parts, np.float32)


def importance(corpus: Corpus, settings: Settings) -> NDArray[np.float64]:
    """(N,) weights of papers in the calibration."""
    return np.where(corpus.month > NEWEST, 1.0, settings.older)


def targets(corpus: Corpus, settings: Settings) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """(N, C) the shares of a paper's categories, the secondary ones with a small weight, and (N,) its importance."""
    target = corpus.member * np.float32(settings.others)
    target[np.arange(len(target)), corpus.primary] = 1
    target /= target.sum(axis=1, keepdims=True)
    return target, importance(corpus, settings)


def softmax_curve(
    scores: NDArray[np.float32], target: NDArray[np.float32], importance: NDArray[np.float64], ridge: float
) -> NDArray[np.float32]:
    """Slope, competition (-1) and offsets per class of the softmax that fits target shares (N, C) best.

    The offsets follow the current frequency of the classes (label shift).
    """
    weight = importance.astype(np.float32)[:, None]

    def loss(curve: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = np.float32(curve[0]) * scores + curve[1:].astype(np.float32)
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        total = odds.sum(axis=1, keepdims=True)
        error = weight * (odds / total - target)
        value = (
            float((weight * target * (np.log(total) - logits)).sum(dtype=np.float64)) + ridge * (curve[1:] ** 2).sum()
        )
        slope = (error * scores).sum(dtype=np.float64)
        return value, np.array([slope, *(error.sum(axis=0, dtype=np.float64) + 2 * ridge * curve[1:])])

    curve = minimize(loss, [1.0, *[0.0] * scores.shape[1]], jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
    return np.array([curve[0], -1, *curve[1:]], np.float32)


def isotonic_curve(
    x: NDArray[np.float64], hit: NDArray[np.bool_], weight: NDArray[np.float64], shares: NDArray[np.floating[Any]]
) -> NDArray[np.float64]:
    """An increasing curve through 0, 1 and `KNOTS` knots, each the mean of one part of the points: (KNOTS + 2, 2).

    `shares` are the cumulative weights at which the points are split, as shares of all weight.
    """
    order = np.argsort(x)
    cumulative = np.cumsum(weight[order])
    parts = np.split(order, np.searchsorted(cumulative, cumulative[-1] * shares))
    means = [[np.average(values[part], weights=weight[part]) for values in (x, hit)] for part in parts]
    knots = np.array([[0.0, 0.0], *means, [1.0, 1.0]])
    knots[1:-1, 1] = IsotonicRegression().fit_transform(knots[1:-1, 0], knots[1:-1, 1])
    return knots


def knots(likely: NDArray[np.float64], hit: NDArray[np.bool_], weight: NDArray[np.float64]) -> NDArray[np.float32]:
    """The curves for the most likely class of a paper and for the others; the first is nowhere below the second.

    Most of the other classes are improbable, so their knots are denser at higher probabilities.
    """
    first = isotonic_curve(likely[:, 0], hit[:, 0], weight, np.arange(1, KNOTS) / KNOTS)
    weight = np.repeat(weight, likely.shape[1] - 1)
    others = isotonic_curve(likely[:, 1:].ravel(), hit[:, 1:].ravel(), weight, 1 - 0.7 ** np.arange(1, KNOTS))
    first[:, 1] = np.maximum(first[:, 1], np.interp(first[:, 0], *others.T))
    return np.stack([first, others]).astype(np.float32)


def thresholds(
    top: NDArray[np.float64], hit: NDArray[np.bool_], mixes: Sequence[NDArray[np.float64]], margin: float
) -> tuple[Threshold, ...]:
    """For each accuracy, the lowest probability above which the most likely class is right for that share of papers.

    Args:
        top: (N,) probabilities of the most likely classes.
        hit: (N,) whether they are right.
        mixes: (N,) weights of the papers, several times: the accuracy is reached with each, since the next papers have
            another mix of classes than these.
        margin: by which the accuracy is exceeded.
    """
    order = np.argsort(-top, kind="stable")
    hits = np.min([np.cumsum((hit * mix)[order]) / np.cumsum(mix[order]) for mix in mixes], axis=0)
    table = []
    for accuracy in ACCURACIES:
        enough = np.flatnonzero(hits >= min(accuracy + margin, 0.995))
        if enough.size and enough[-1] >= 100:  # fewer papers are too few to measure it
            table.append((accuracy, round(float(top[order][enough[-1]]), 4)))
    return tuple(table)


def stage(clock: list[float], message: str) -> None:
    clock.append(time.perf_counter())
    print(f"{clock[-1] - clock[0]:7.0f} s  {message}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Terms:
    """The terms of papers: words, pairs of them, their inverse document frequencies, and TF-IDF.

    `matrix` is (2 * N, V): the papers, then their titles alone.
    """

    words: tuple[str, ...]
    pairs: NDArray[np.uint16]
    idf: NDArray[np.float32]
    matrix: sp.csr_matrix

    @classmethod
    def of(cls, papers: Sequence[Paper], titles: Sequence[Paper], min_papers: int, clock: list[float]) -> "Terms":
        """The terms that `min_papers` papers or more have."""
        stage(clock, "choosing the vocabulary")
        words, pairs = vocabulary(papers, min_papers)
        stage(clock, f"counting {len(words)} words and {len(pairs)} pairs in {len(papers)} papers")
        whole, alone = (term_counts(texts, words, pairs) for texts in (papers, titles))
        idf = inverse_document_frequencies(whole)
        matrix = normalize(sp.vstack([whole, alone], format="csr") @ sp.diags(idf), copy=False)
        return cls(tuple(words), pairs, idf, matrix)

    def model(self, classes: Sequence[str], weights: NDArray[np.float32], biases: NDArray[np.float32]) -> Weights:
        """A model without calibration, with weights (V, C) rounded to 8 bits."""
        quantized, scale = quantize(weights)
        return Weights(
            name="",
            classes=tuple(classes),
            words=self.words,
            pairs=self.pairs,
            idf=self.idf,
            weights=quantized,
            scale=scale,
            bias=biases,
            calibration=np.zeros((2, 2 + len(classes)), np.float32),
            knots=STRAIGHT,
            thresholds=((), ()),
            notes={},
        )


def learn(corpus: Corpus, classes: Sequence[str], settings: Settings, clock: list[float]) -> Weights:
    """A trained model without calibration."""
    terms = Terms.of(corpus.papers, corpus.titles.papers, settings.min_papers, clock)
    stage(clock, "training")
    return terms.model(classes, *train(terms.matrix, corpus, settings))


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train the shipped area model.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/areas"))
    parser.add_argument("--out", type=Path, default=Path("refsync/classify/arxiv-2026.npz"))
    parser.add_argument("--recalibrate", type=Path, metavar="MODEL", help="keep the weights of this model file")
    parser.add_argument("--limit", type=int, help="train on a random sample of this many papers")
    options = parser.parse_args(arguments)
    settings, classes, clock = Settings(), sorted(NAMES), [time.perf_counter()]
    stage(clock, "reading")
    corpus, newest = (load(options.data / f"{name}.parquet", classes) for name in ("train", "validation"))
    held = held_out(corpus, classes)
    rows = np.random.default_rng(settings.seed).permutation(np.flatnonzero(~held))[: options.limit]
    model = read(options.recalibrate) if options.recalibrate else learn(corpus[rows], classes, settings, clock)
    calibration = newest + corpus[np.flatnonzero(held)]
    stage(clock, f"calibrating on {len(calibration.papers)} papers")
    notes = {
        "data": "arXiv metadata (CC0), titles and abstracts; trained up to April 2026, calibrated up to May 2026",
        "papers": len(rows),
        "calibration_papers": len(calibration.papers),
        "settings": vars(settings),
    }
    fitted = calibrated(model, calibration, settings)
    model = replace(fitted, name=options.out.stem, notes={**fitted.notes, **notes})
    data = write(model)
    options.out.write_bytes(data)
    stage(clock, f"wrote {options.out}, {len(data) / 1e6:.2f} MB; thresholds {model.thresholds}")


def held_out(corpus: Corpus, classes: Sequence[str]) -> NDArray[np.bool_]:
    """The training papers held out for the calibration: those of the newest month outside computer science."""
    inside = np.array([code.startswith(("cs.", "eess.", "stat.")) for code in classes])
    return np.asarray((corpus.month == NEWEST) & ~inside[corpus.primary], np.bool_)


if __name__ == "__main__":
    main()
