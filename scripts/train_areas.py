"""Train the area model that ships: `python scripts/train_areas.py --data ../shared/data/areas --out MODEL.npz`.

Two rounds. The first leaves out the newest months of the training data, on which it chooses the calibration and the
thresholds; the second trains on everything, with the calibration of the first. `validation.parquet` is not read here.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression, SGDClassifier

from refsync.classify.features import paper_terms
from refsync.classify.modelfile import IDF_STEP, Threshold, Weights, write
from refsync.classify.taxonomy import NAMES

Paper = tuple[str, str]
ACCURACIES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
LIKELIEST = 10  # classes of a paper on which the calibration is fitted; the others are next to impossible
KNOTS = 20  # of a calibration curve
CHUNK = 50_000  # papers between two prunings of the term counts


@dataclass(frozen=True)
class Settings:
    """What was chosen by measurement; see docs/decisions/0003-area-model.md."""

    min_papers: int = 40  # a term is kept if at least so many papers have it
    secondary: float = 0.3  # weight of a paper as an example of a category that is not its first
    alpha: float = 2e-6  # L2 penalty
    epochs: int = 5
    keep: float = 0.35  # share of weights that are kept, the largest
    offset_prior: float = 1.0  # standard deviation of the offsets per class around the common one
    seed: int = 0


@dataclass(frozen=True)
class Corpus:
    """Papers with labels. `member` is (N, C), `primary` (N,), `month` (N,) as 202604."""

    papers: list[Paper]
    member: NDArray[np.bool_]
    primary: NDArray[np.intp]
    month: NDArray[np.intp]


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
    """The words of at least `min_papers` papers, sorted, and such pairs of them, as places in the words, ascending.

    Counts of rare terms are dropped now and then, so that a term that is spread thin may be missed: lossy counting
    (Manku and Motwani, 2002), without which the pairs of words would fill gigabytes.
    """
    counts: Counter[str] = Counter()
    for start in range(0, len(papers), CHUNK):
        for paper in papers[start : start + CHUNK]:
            counts.update(set(paper_terms(paper)))
        rare = 1 + (start >= 4 * CHUNK)
        counts = Counter({term: count for term, count in counts.items() if count > rare})
    kept = [term for term, count in counts.items() if count >= min_papers]
    words = sorted(term for term in kept if " " not in term)
    row = {word: place for place, word in enumerate(words)}
    pairs = [
        tuple(map(row.__getitem__, term.split())) for term in kept if " " in term and row.keys() >= {*term.split()}
    ]
    return words, np.array(sorted(pairs), np.uint16).reshape(-1, 2)


def step_idf(counts: sp.csr_matrix) -> TfidfTransformer:
    """Inverse document frequencies in the steps that the model file can hold."""
    weigh = TfidfTransformer(sublinear_tf=True).fit(counts)
    weigh.idf_ = np.clip(np.round(weigh.idf_ / IDF_STEP), 1, 255) * IDF_STEP
    return weigh


def train(
    matrix: sp.csr_matrix, member: NDArray[np.bool_], primary: NDArray[np.intp], settings: Settings
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One logistic regression a class, by stochastic gradient descent: weights (V, C) and biases (C,)."""
    weights = np.zeros((matrix.shape[1], member.shape[1]), np.float32)
    biases = np.zeros(member.shape[1], np.float32)
    for column in range(member.shape[1]):
        positive = member[:, column]
        importance = np.where(positive & (primary != column), settings.secondary, 1.0)
        classifier = SGDClassifier(
            loss="log_loss", alpha=settings.alpha, max_iter=settings.epochs, tol=None, random_state=settings.seed
        )
        classifier.fit(matrix, positive, sample_weight=importance)
        weights[:, column] = classifier.coef_[0]
        biases[column] = classifier.intercept_[0]
    return weights, biases


def quantised(
    weights: NDArray[np.float32], idf: NDArray[np.float32], keep: float
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The weights in 127 steps to either side per class, without the smallest.

    A weight matters by what it can add to a score, which is also the inverse document frequency of its term.
    """
    effect = np.abs(weights) * idf[:, None]
    weights = np.where(effect >= np.quantile(effect, 1 - keep), weights, 0)
    scale = np.maximum(np.abs(weights).max(0), 1e-9) / 127
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32)


def calibration(scores: NDArray[np.float32], member: NDArray[np.bool_], prior: float) -> NDArray[np.float32]:
    """Slope, competition and offsets per class: a logistic regression over the likeliest classes of each paper."""
    rivals = np.logaddexp.reduce(scores.astype(np.float64), axis=1)
    paper, column = np.nonzero(scores >= np.partition(scores, -LIKELIEST, axis=1)[:, [-LIKELIEST]])
    shared = np.column_stack([scores[paper, column], rivals[paper]])
    own = sp.csr_matrix((np.full(len(column), prior), (np.arange(len(column)), column)), (len(column), scores.shape[1]))
    curve = LogisticRegression(C=1.0, max_iter=500, tol=1e-6)
    curve.fit(sp.hstack([sp.csr_matrix(shared), own]).tocsr(), member[paper, column])
    slope, competition = curve.coef_[0, :2]
    return np.array([slope, competition, *(curve.intercept_[0] + prior * curve.coef_[0, 2:])], np.float32)


def logistic(scores: NDArray[np.float32], curve: NDArray[np.float32]) -> NDArray[np.float64]:
    rivals = np.logaddexp.reduce(scores.astype(np.float64), axis=1, keepdims=True)
    return np.asarray(1 / (1 + np.exp(-(curve[0] * scores + curve[1] * rivals + curve[2:]))))


def rising(x: NDArray[np.float64], hit: NDArray[np.bool_]) -> NDArray[np.float64]:
    """A curve through 0, 1 and `KNOTS` knots, which are equally filled: (KNOTS + 2, 2)."""
    order = np.argsort(x)
    means = [(x[part].mean(), hit[part].mean()) for part in np.array_split(order, KNOTS)]
    knots = np.array([(0.0, 0.0), *means, (1.0, 1.0)])
    knots[1:-1, 1] = IsotonicRegression().fit_transform(knots[1:-1, 0], knots[1:-1, 1])
    return knots


def knots(likely: NDArray[np.float64], member: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The curves for the likeliest class of a paper and for the next ones, the first nowhere below the second."""
    order = np.argsort(-likely, axis=1)[:, :LIKELIEST]
    x, hit = np.take_along_axis(likely, order, 1), np.take_along_axis(member, order, 1)
    first, others = rising(x[:, 0], hit[:, 0]), rising(x[:, 1:].ravel(), hit[:, 1:].ravel())
    first[:, 1] = np.maximum(first[:, 1], np.interp(first[:, 0], *others.T))
    return np.stack([first, others]).astype(np.float32)


def thresholds(top: NDArray[np.float64], hit: NDArray[np.bool_]) -> tuple[Threshold, ...]:
    """For each accuracy, the least probability from which on the likeliest class is right in that share of papers."""
    order = np.argsort(-top, kind="stable")
    hits = np.cumsum(hit[order]) / np.arange(1, len(order) + 1)
    table = []
    for accuracy in ACCURACIES:
        enough = np.flatnonzero(hits >= accuracy)
        if enough.size and enough[-1] >= 100:  # of fewer papers nothing can be said
            table.append((accuracy, round(float(top[order][enough[-1]]), 4)))
    return tuple(table)


def stage(clock: list[float], message: str) -> None:
    clock.append(time.perf_counter())
    print(f"{clock[-1] - clock[0]:7.0f} s  {message}", file=sys.stderr, flush=True)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train the area model that ships.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/areas"))
    parser.add_argument("--out", type=Path, default=Path("refsync/classify/arxiv-2026.npz"))
    parser.add_argument("--limit", type=int, help="train on so many papers, drawn at random")
    parser.add_argument("--held-out-from", type=int, default=202604, help="first month of the calibration data")
    options = parser.parse_args(arguments)
    settings = Settings()
    classes = sorted(NAMES)
    clock: list[float] = []
    stage(clock, "reading")
    corpus = load(options.data / "train.parquet", classes)
    held = np.flatnonzero(corpus.month >= options.held_out_from)
    rest = np.random.default_rng(settings.seed).permutation(np.flatnonzero(corpus.month < options.held_out_from))
    rest = rest[: options.limit]

    stage(clock, "choosing the vocabulary")
    words, pairs = vocabulary([corpus.papers[row] for row in rest], settings.min_papers)
    terms = [*words, *(f"{words[first]} {words[second]}" for first, second in pairs.tolist())]
    count = CountVectorizer(analyzer=paper_terms, vocabulary=terms, dtype=np.float32)
    stage(clock, f"counting {len(terms)} terms")
    chosen = np.concatenate([rest, held])
    whole = count.transform([corpus.papers[row] for row in chosen])
    titles = count.transform([(corpus.papers[row][0], "") for row in chosen])
    weigh = step_idf(whole[: len(rest)])
    whole, titles = weigh.transform(whole, copy=False), weigh.transform(titles, copy=False)
    idf = weigh.idf_.astype(np.float32)
    primary, member = corpus.primary[chosen], corpus.member[chosen]

    def fit(rows: slice) -> tuple[NDArray[np.int8], NDArray[np.float32], NDArray[np.float32]]:
        both = sp.vstack([whole[rows], titles[rows]], format="csr")
        weights, biases = train(both, np.tile(member[rows], (2, 1)), np.tile(primary[rows], 2), settings)
        return *quantised(weights, idf, settings.keep), biases

    stage(clock, f"training on {len(rest)} papers before {options.held_out_from}")
    weights, scale, biases = fit(slice(len(rest)))
    stage(clock, f"calibrating on {len(held)} papers")
    curves, bends, tables, truth = [], [], [], member[len(rest) :]
    for matrix in (whole, titles):
        scores = (matrix[len(rest) :] @ (weights * scale) + biases).astype(np.float32)
        curves.append(calibration(scores, truth, settings.offset_prior))
        likely = logistic(scores, curves[-1])
        bends.append(knots(likely, truth))
        first = np.arange(len(held)), likely.argmax(1)
        tables.append(thresholds(np.interp(likely[first], *bends[-1][0].T), truth[first]))
    stage(clock, f"training on {len(chosen)} papers")
    weights, scale, biases = fit(slice(None))
    notes = {
        "data": "arXiv metadata (CC0), titles and abstracts up to April 2026",
        "papers": len(chosen),
        "held_out_for_calibration": len(held),
        "settings": vars(settings),
    }
    model = Weights(
        options.out.stem, tuple(classes), tuple(words), pairs, idf, weights, scale, biases,
        np.stack(curves), np.stack(bends), (tables[0], tables[1]), notes,
    )  # fmt: skip
    data = write(model)
    options.out.write_bytes(data)
    stage(clock, f"wrote {options.out}, {len(data) / 1e6:.2f} MB; thresholds {tables}")


if __name__ == "__main__":
    main()
