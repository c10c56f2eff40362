"""Train the word embedding from which own areas start: `python scripts/train_embedding.py --data ../shared/data/areas`.

What a paper's title and its abstract have in common is its subject. So the directions kept are those in which titles
agree best with their abstracts: a canonical correlation analysis (Hotelling, 1936) with one projection for both, within
the first dimensions of a latent semantic analysis (Deerwester and others, 1990) of words. No labels are read, and
`validation.parquet` is not.
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
    """What was chosen by measurement; see docs/own-areas.md."""

    words: int = 30_000  # the commonest
    semantic: int = 300  # dimensions of the latent semantic analysis
    dimensions: int = 160  # that are kept
    power: float = 2.0  # a direction counts by this power of its correlation
    ridge: float = 1e-3  # share of the mean variance that is added to each direction's
    decompose: int = 150_000  # papers for the decomposition; more change nothing
    seed: int = 0


def tokenise(texts: Sequence[str], ids: dict[str, int]) -> sp.csr_matrix:
    """Counts of content words; words that `ids` has not get the next number."""
    rows = [np.array([ids.setdefault(word, len(ids)) for word in content_words(text)], np.int32) for text in texts]
    starts = np.cumsum([0, *map(len, rows)])
    counts = sp.csr_matrix((np.ones(starts[-1], np.float32), np.concatenate(rows), starts), (len(rows), len(ids)))
    counts.sum_duplicates()
    return counts


def weighed(counts: sp.csr_matrix, idf: NDArray[np.float32]) -> sp.csr_matrix:
    """TF-IDF with sublinear counts, rows of length 1."""
    result = counts.copy()
    result.data = (1 + np.log(result.data)) * idf[result.indices]
    norms = np.sqrt(np.asarray(result.multiply(result).sum(1)).ravel())
    return (sp.diags(1 / np.maximum(norms, 1e-9)) @ result).tocsr().astype(np.float32)


def agreement(
    titles: NDArray[np.float64], abstracts: NDArray[np.float64], ridge: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Directions in which two views of the same papers agree best: correlations, falling, and directions (columns)."""
    titles, abstracts = titles - titles.mean(0), abstracts - abstracts.mean(0)
    both = titles.T @ abstracts
    each = titles.T @ titles + abstracts.T @ abstracts
    each += ridge * np.trace(each) / len(each) * np.eye(len(each))
    correlations, directions = scipy.linalg.eigh(both + both.T, each)
    return correlations[::-1], directions[:, ::-1]


def stage(clock: list[float], message: str) -> None:
    clock.append(time.perf_counter())
    print(f"{clock[-1] - clock[0]:7.0f} s  {message}", file=sys.stderr, flush=True)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train the word embedding that ships.")
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
    whole, titles, abstracts = (weighed(counts[:, kept].tocsr(), idf) for counts in (whole, titles, abstracts))
    stage(clock, "decomposing")
    chosen = np.random.default_rng(settings.seed).permutation(whole.shape[0])[: settings.decompose]
    _, values, axes = randomized_svd(whole[np.sort(chosen)], settings.semantic, n_iter=3, random_state=settings.seed)
    semantic = axes.T / np.sqrt(values)
    stage(clock, "comparing titles with abstracts")
    present = (np.diff(titles.indptr) > 0) & (np.diff(abstracts.indptr) > 0)
    views = [np.asarray(view[present] @ semantic, np.float64) for view in (titles, abstracts)]
    correlations, directions = agreement(views[0], views[1], settings.ridge)
    strength = np.maximum(correlations[: settings.dimensions], 0) ** settings.power
    vectors = semantic @ (directions[:, : settings.dimensions] * strength)
    spread = np.sqrt((np.asarray(whole[present][::10] @ vectors) ** 2).sum(1).mean())
    data = write(Embedding.of(tuple(names[row] for row in kept), idf, (vectors / spread).astype(np.float32)))
    options.out.write_bytes(data)
    stage(clock, f"wrote {options.out}, {len(data) / 1e6:.2f} MB; correlations {correlations[[0, 50, 100, 159]]}")


if __name__ == "__main__":
    main()
