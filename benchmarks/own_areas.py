"""Own areas from few examples, compared with TF-IDF and a sentence embedding: `python benchmarks/own_areas.py`.

The labels are ten categories of computer science. Examples are from the newest months of `train.parquet`, tests of May
2026 (`validation.parquet`); each figure is the mean over several draws. The shipped model knows these categories, as it
knows any label of a user that is like one, so one row is without its scores for them. The word embedding was trained on
`train.parquet`, including the examples, without labels. Writes `benchmarks/results/own_areas.json`.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks import minilm
from refsync.classify import own_areas
from refsync.classify.embedding import load_embedding
from refsync.classify.model import Model, load_model

LABELS = ("cs.AI", "cs.CL", "cs.CR", "cs.CV", "cs.DC", "cs.HC", "cs.IR", "cs.LG", "cs.RO", "cs.SE")
EXAMPLES = (5, 10, 20, 50, 100)
SINCE = 202603  # month of the oldest example
Paper = tuple[str, str]
Learner = Callable[[NDArray[np.intp], Sequence[str]], Sequence[str]]
"""From the indices of examples and their labels to predicted labels of the tests."""


def sample_papers(path: Path, count: int, since: int = 0) -> tuple[list[Paper], list[str]]:
    """A random sample of `count` papers of each label, with their labels."""
    table = pq.read_table(path, columns=["title", "abstract", "primary_category", "year", "month"])
    label = np.array(table["primary_category"].to_pylist())
    recent = np.array(table["year"]) * 100 + np.array(table["month"]) >= since
    rng = np.random.default_rng(1)
    chosen = [rng.permutation(np.flatnonzero((label == name) & recent))[:count] for name in LABELS]
    rows = np.concatenate(chosen)
    taken = table.take(rows)
    return list(zip(taken["title"].to_pylist(), taken["abstract"].to_pylist(), strict=True)), label[rows].tolist()


def tfidf(pool: Sequence[Paper], tests: Sequence[Paper]) -> Learner:
    """A baseline: TF-IDF of words and pairs of words, and a logistic regression."""

    def learn(rows: NDArray[np.intp], labels: Sequence[str]) -> Sequence[str]:
        vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", ngram_range=(1, 2))
        matrix = vectorizer.fit_transform([" ".join(pool[row]) for row in rows])
        fitted = LogisticRegression(C=100, max_iter=500).fit(matrix, labels)
        return list(fitted.predict(vectorizer.transform([" ".join(paper) for paper in tests])))

    return learn


def vectors(pool: NDArray[np.float32], tests: NDArray[np.float32]) -> Learner:
    """A logistic regression on the vectors of an embedding, of length 1."""

    def learn(rows: NDArray[np.intp], labels: Sequence[str]) -> Sequence[str]:
        return list(LogisticRegression(C=3, max_iter=500).fit(pool[rows], labels).predict(tests))

    return learn


def refsync_train(pool: Sequence[Paper], tests: Sequence[Paper], *, with_scores: bool) -> Learner:
    """`refsync train`, with or without the shipped model's scores for the ten labels."""
    base, embedding = load_model().weights, load_embedding()
    if not with_scores:
        kept = [index for index, area in enumerate(base.classes) if area not in LABELS]
        base = replace(
            base,
            classes=tuple(base.classes[index] for index in kept),
            weights=base.weights[:, kept],
            scale=base.scale[kept],
            bias=base.bias[kept],
        )

    def learn(rows: NDArray[np.intp], labels: Sequence[str]) -> Sequence[str]:
        examples = [own_areas.Example(pool[row], frozenset([label])) for row, label in zip(rows, labels, strict=True)]
        model = Model(own_areas.train(examples, LABELS, base, embedding).weights)
        return [LABELS[index] for index in model.probabilities(tests).argmax(1)]

    return learn


def embedded(texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of MiniLM."""
    model = minilm.MiniLM(minilm.folder() or Path())
    result = np.zeros((len(texts), 384), np.float32)
    for indices, batch in model.embed(texts):
        result[indices] = batch
    return result


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/areas"))
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--pool", type=int, default=120, help="papers per label to draw examples from")
    parser.add_argument("--tests", type=int, default=40, help="papers per label to test on")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/own_areas.json"))
    options = parser.parse_args(arguments)
    pool, given = sample_papers(options.data / "train.parquet", options.pool, SINCE)
    tests, truth = sample_papers(options.data / "validation.parquet", options.tests)
    learners: dict[str, Learner] = {
        "TF-IDF + logistic regression": tfidf(pool, tests),
        "refsync, without its scores for these ten": refsync_train(pool, tests, with_scores=False),
        "refsync train": refsync_train(pool, tests, with_scores=True),
    }
    seconds: dict[str, float] = dict.fromkeys(learners, 0.0)
    if minilm.folder():
        start = time.perf_counter()
        both = embedded([". ".join(paper) for paper in (*pool, *tests)])
        rate = len(both) / (time.perf_counter() - start)
        print(f"MiniLM: {rate:.1f} papers per second", file=sys.stderr)
        learners["MiniLM + logistic regression"] = vectors(both[: len(pool)], both[len(pool) :])
        seconds["MiniLM + logistic regression"] = len(both) / rate
    else:
        print("without MiniLM; see benchmarks/minilm.py for how to install it", file=sys.stderr)

    labels = np.array(given)
    curves: dict[str, list[float]] = {name: [] for name in learners}
    for count in EXAMPLES:
        for name, learn in learners.items():
            hits = []
            for draw in range(options.draws):
                rng = np.random.default_rng([count, draw])
                rows = np.concatenate([rng.permutation(np.flatnonzero(labels == name))[:count] for name in LABELS])
                start = time.perf_counter()
                predicted = learn(rows, labels[rows].tolist())
                seconds[name] += (time.perf_counter() - start) / options.draws
                hits.append(np.mean([a == b for a, b in zip(predicted, truth, strict=True)]))
            curves[name].append(round(float(np.mean(hits)), 4))
        print(f"{count} examples done", file=sys.stderr, flush=True)
    print(f"accuracy of {len(tests)} papers, {len(LABELS)} labels, mean of {options.draws} draws\n")
    print(f"| examples per label | {' | '.join(map(str, EXAMPLES))} |\n|---|{'---|' * len(EXAMPLES)}")
    for name, curve in curves.items():
        print(f"| {name} | {' | '.join(f'{value:.3f}'.lstrip('0') for value in curve)} |")
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_text(
        json.dumps({"labels": LABELS, "examples": EXAMPLES, "accuracy": curves, "seconds": seconds}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
