"""The 4,516 topics of OpenAlex: those nearest to a paper, as suggestions.

A topic is described by its name, keywords and summary; topics and papers are points in the word embedding of the
package, and the nearest topics are those of the highest cosine. There are no papers with topics to train on: the
probabilities are a softmax over cosines whose slope was fitted to the fields of papers, times the probability of the
topic's field. The file (`scripts/topic_table.py`) holds plain arrays; reading it
executes nothing.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refsync.classify import linear
from refsync.classify.embedding import Embedding
from refsync.classify.fields import FIELDS
from refsync.classify.model_file import Weights, npz_bytes
from refsync.errors import SourceError

SHIPPED = Path(__file__).with_name("topics-2026.npz")
_MIN_WORDS = 3  # distinct known words of a text, below which no topic is suggested
_FIELD_WEIGHT = 1.0  # of the log probability of a topic's field


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic suggested for a paper.

    Attributes:
        name: as OpenAlex has it.
        field: of the topic.
        probability: from 0 to 1; those of a paper's topics sum to 1 over all topics.
    """

    name: str
    field: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Topics:
    """T topics: names, fields as columns of `FIELDS`, unit vectors (T, D), their mean (D,), and a slope."""

    names: tuple[str, ...]
    fields: NDArray[np.intp]
    vectors: NDArray[np.float32]
    mean: NDArray[np.float32]
    slope: float

    def nearest(
        self,
        papers: Sequence[tuple[str, str]],
        embedding: Embedding,
        field_shares: NDArray[np.float64] | None = None,
        count: int = 3,
    ) -> list[tuple[Topic, ...]]:
        """The most probable topics of papers; none for a text that the embedding does not know.

        Args:
            papers: title and abstract of each.
            embedding: in whose space the topics are.
            field_shares: (N, F) probabilities of the papers' fields.
            count: how many topics each paper gets.
        """
        points, readable = points_of(papers, embedding)
        cosines = directions(points, self.mean) @ self.vectors.T
        logits = self.slope * cosines.astype(np.float64)
        if field_shares is not None:
            logits += _FIELD_WEIGHT * np.log(field_shares[:, self.fields] + 1e-3)
        likely = linear.softmax(logits) if len(papers) else logits
        order = np.argsort(-likely, axis=1, kind="stable")[:, :count]
        return [
            tuple(
                Topic(self.names[t], FIELDS[self.fields[t]], round(float(likely[row, t]), 4))
                for t in order[row].tolist()
            )
            if readable[row]
            else ()
            for row in range(len(papers))
        ]


def points_of(papers: Sequence[tuple[str, str]], embedding: Embedding) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """(N, D) points of papers in the space of words, and whether a text has enough known words."""
    vocabulary = linear.Vocabulary.of(_weights(embedding))
    vectors = linear.term_vectors(papers, vocabulary, embedding.idf)
    table = embedding.vectors
    points = np.zeros((len(papers), table.shape[1]), np.float32)
    for row, vector in enumerate(vectors):
        points[row] = vector.values @ table[vector.rows]
    return points, np.array([vector.distinct >= _MIN_WORDS for vector in vectors], bool)


def directions(points: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, D) of length 1: where points lie from the mean."""
    centred = points - mean
    return np.asarray(centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9), np.float32)


def _weights(embedding: Embedding) -> Weights:
    """A model file's vocabulary with the words of the embedding and no pairs."""
    size = len(embedding.words)
    return Weights(
        name="", classes=("", "-"), words=embedding.words, pairs=np.zeros((0, 2), np.uint16), idf=embedding.idf,
        weights=np.zeros((size, 2), np.int8), scale=np.ones(2, np.float32), bias=np.zeros(2, np.float32),
        calibration=np.zeros((2, 4), np.float32), knots=np.zeros((2, 2, 2, 2), np.float32), thresholds=((), ()),
        notes={},
    )  # fmt: skip


def write(topics: Topics) -> bytes:
    """The file of a table of topics; equal tables give equal bytes."""
    arrays: dict[str, NDArray[Any]] = {
        "names": np.frombuffer("\n".join(topics.names).encode(), np.uint8),
        "fields": topics.fields.astype(np.uint8),
        "vectors": np.round(topics.vectors * 127 / np.abs(topics.vectors).max(1, keepdims=True)).astype(np.int8),
        "mean": topics.mean,
        "slope": np.array([topics.slope], np.float32),
    }
    return npz_bytes(arrays)


@lru_cache(maxsize=1)
def load_topics(path: Path = SHIPPED) -> Topics:
    """The topics in a file. It is read once.

    Raises:
        SourceError: the file is missing or damaged.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            vectors = arrays["vectors"].astype(np.float32)
            return Topics(
                names=tuple(arrays["names"].tobytes().decode().split("\n")),
                fields=arrays["fields"].astype(np.intp),
                vectors=vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
                mean=arrays["mean"],
                slope=float(arrays["slope"][0]),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise SourceError(str(path), f"cannot be read: {error}", hint="install refsync again") from error
