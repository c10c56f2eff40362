"""Train the word embedding for own areas: `python scripts/train_embedding.py --data ../shared/data/areas`.

A paper's title and abstract share its subject. The directions kept are thus those in which titles agree best with their
abstracts: a canonical correlation analysis (Hotelling, 1936) with one projection for both, within the first dimensions
of a latent semantic analysis (Deerwester et al., 1990) of words. Neither labels nor `validation.parquet` are used.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd

from refsync.classify.embedding import SHIPPED, Embedding, write
from refsync.classify.terms import TITLE_WEIGHT, content_words


@dataclass(frozen=True)
class Settings:
    """Hyperparameters chosen by measurement; see docs/own-areas.md."""

    words: int = 30_000  # the most common ones
    semantic: int = 300  # dimensions of the latent semantic analysis
    dimensions: int = 160  # kept
    power: float = 2.0  # exponent of a direction's correlation in its weight
    ridge: float = 1e-3  # share of the mean variance added to each direction
    decompose: int = 150_000  # papers in the decomposition; more make no difference
    seed: int = 0


def tokenise(texts: Sequence[str], ids: dict[str, int]) -> sp.csr_matrix:
    """Counts of content words; words that are not in `ids` get the next number."""
    rows = [np.array([ids.setdefault(word, len(ids)) for word in content_words(text)], np.int32) for text in texts]
    starts = np.cumsum([0, *map(len, rows)])
    counts = sp.csr_matrix((np.ones(starts[-1], np.float32), np.concatenate(rows), starts), (len(rows), len(ids)))
    counts.sum_duplicates()
    return counts


def tfidf(counts: sp.csr_matrix, idf: NDArray[np.float32]) -> sp.csr_matrix:
    """TF-IDF with sublinear counts, rows of length 1."""
    result = counts.copy()
    result.data = (1 + np.log(result.data)) * idf[result.indices]
    norms = np.sqrt(np.asarray(result.multiply(result).sum(1)).ravel())
    return (sp.diags(1 / np.maximum(norms, 1e-9)) @ result).tocsr().astype(np.float32)


def correlated_directions(
    titles: NDArray[np.float64], abstracts: NDArray[np.float64], ridge: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The directions in which two views of papers agree best: correlations, descending, and directions (columns)."""
    titles, abstracts = titles - titles.mean(0), abstracts - abstracts.mean(0)
    cross = titles.T @ abstracts
    within = titles.T @ titles + abstracts.T @ abstracts
    within += ridge * np.trace(within) / len(within) * np.eye(len(within))
    correlations, directions = scipy.linalg.eigh(cross + cross.T, within)
    return correlations[::-1], directions[:, ::-1]


def stage(clock: list[float], message: str) -> None:
    clock.append(time.perf_counter())
    print(f"{clock[-1] - clock[0]:7.0f} s  {message}", file=sys.stderr, flush=True)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train the shipped word embedding.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/areas"))
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    settings = Settings()
    clock: list[float] = []
    stage(clock, "reading")
    table = pq.read_table(options.data / "train.parquet", columns=["title", "abstract"])
    ids: dict[str, int] = {}
    titles = tokenise(table["title"].to_pylist(), ids)
    abstracts = tokenise(table["abstract"].to_pylist(), ids)
    titles.resize(abstracts.shape)
    stage(clock, f"choosing among {len(ids)} words")
    whole = titles * TITLE_WEIGHT + abstracts
    papers = np.bincount(whole.indices, minlength=len(ids))
    names = list(ids)
    kept = sorted(range(len(names)), key=lambda row: (-papers[row], names[row]))[: settings.words]
    kept.sort(key=names.__getitem__)
    idf = (np.log((1 + whole.shape[0]) / (1 + papers[kept])) + 1).astype(np.float32)
    whole, titles, abstracts = (tfidf(counts[:, kept].tocsr(), idf) for counts in (whole, titles, abstracts))
    stage(clock, "decomposing")
    chosen = np.random.default_rng(settings.seed).permutation(whole.shape[0])[: settings.decompose]
    _, values, axes = randomized_svd(whole[np.sort(chosen)], settings.semantic, n_iter=3, random_state=settings.seed)
    semantic = axes.T / np.sqrt(values)
    stage(clock, "comparing titles with abstracts")
    present = (np.diff(titles.indptr) > 0) & (np.diff(abstracts.indptr) > 0)
    views = [np.asarray(view[present] @ semantic, np.float64) for view in (titles, abstracts)]
    correlations, directions = correlated_directions(views[0], views[1], settings.ridge)
    strength = np.maximum(correlations[: settings.dimensions], 0) ** settings.power
    vectors = semantic @ (directions[:, : settings.dimensions] * strength)
    spread = np.sqrt((np.asarray(whole[present][::10] @ vectors) ** 2).sum(1).mean())
    data = write(Embedding.of(tuple(names[row] for row in kept), idf, (vectors / spread).astype(np.float32)))
    options.out.write_bytes(data)
    stage(clock, f"wrote {options.out}, {len(data) / 1e6:.2f} MB; correlations {correlations[[0, 50, 100, 159]]}")


if __name__ == "__main__":
    main()
