"""What an own model reads: the terms of the user's papers, and what ships.

All of it is linear in the TF-IDF of a paper, so that what is learnt on it folds into one weight for each term.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refsync.classify import linear
from refsync.classify.embedding import Embedding
from refsync.classify.model_file import Weights
from refsync.classify.terms import content_words, pairs

_CATEGORIES = 0.5  # how much the shipped model's scores count beside the embedding
_WORDS, _PAIRS = 20_000, 30_000  # terms of the user's papers that are added to those that ship, at most
_MOST_WORDS = 65_536  # that a model file can hold
_RARE = 10.0  # inverse document frequency of a term that only the user's papers have


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """V terms, and how their TF-IDF becomes F features.

    Attributes:
        words: U of the terms.
        pairs: (V - U, 2) the others, as places in `words`, ascending.
        idf: (V,) inverse document frequencies.
        vocabulary: the terms, to be looked up.
        own: places of the terms that two or more of the user's papers have; each is a feature.
        shipped: the embedding and the shipped model's weights: places of n terms, and (n, D) their vectors, scaled.
        covered: share of the words of the user's papers that the embedding has.
        known: share of the words of a paper that are terms; of 20 papers, 19 have more.
    """

    words: tuple[str, ...]
    pairs: NDArray[np.uint16]
    idf: NDArray[np.float32]
    vocabulary: linear.Vocabulary
    own: NDArray[np.intp]
    shipped: tuple[tuple[NDArray[np.intp], NDArray[np.float32]], ...]
    covered: float
    known: float

    @classmethod
    def of(cls, papers: Sequence[tuple[str, str]], base: Weights, embedding: Embedding) -> "Space":
        """The space for the papers of one user."""
        texts = [[content_words(part) for part in paper] for paper in papers]
        counts = Counter(word for text in texts for word in {*text[0], *text[1]})
        known = {*base.words, *embedding.words}
        new = [word for word, count in counts.items() if count > 1 and word not in known]
        new = sorted(new, key=lambda word: (-counts[word], word))[: min(_WORDS, _MOST_WORDS - len(known))]
        words = tuple(sorted(known.union(new)))
        row = {word: place for place, word in enumerate(words)}
        both = Counter(pair for text in texts for pair in {*pairs(text[0]), *pairs(text[1])})
        shared = [pair.split() for pair, count in sorted(both.items(), key=lambda one: (-one[1], one[0])) if count > 1]
        numbers = [row[a] * len(words) + row[b] for a, b in shared[:_PAIRS] if a in row and b in row]
        own_keys = np.array(numbers, np.int64)
        base_row = np.array([row[word] for word in base.words])
        base_keys = base_row[base.pairs.astype(np.intp)] @ np.array([len(words), 1])
        keys = np.union1d(own_keys, base_keys).astype(np.int64)

        here = np.concatenate([base_row, len(words) + np.searchsorted(keys, base_keys)])
        embedded = np.array([row[word] for word in embedding.words])
        idf = np.full(len(words) + len(keys), _RARE, np.float32)
        idf[embedded] = embedding.idf
        idf[here] = base.idf
        own_words = [row[word] for word, count in counts.items() if count > 1 and word in row]
        own = np.sort(np.concatenate([own_words, len(words) + np.searchsorted(keys, own_keys)]).astype(np.intp))

        draft = Weights(
            name="", classes=("", "-"), words=words, pairs=np.stack(np.divmod(keys, len(words)), 1).astype(np.uint16),
            idf=idf, weights=np.zeros((idf.size, 2), np.int8), scale=np.ones(2, np.float32),
            bias=np.zeros(2, np.float32), calibration=np.zeros((2, 4), np.float32),
            knots=np.zeros((2, 2, 2, 2), np.float32), thresholds=((), ()), notes={},
        )  # fmt: skip
        vocabulary = linear.Vocabulary.of(draft)
        readings = linear.read(papers, vocabulary, idf)
        known_shares = [reading.known / max(reading.words, 1) for reading in readings]
        found = _matrix(readings, idf.size)
        shipped = (
            (embedded, _scaled(found[:, embedded], embedding.vectors, 1.0)),
            (here, _scaled(found[:, here], (base.weights * base.scale).astype(np.float32), _CATEGORIES)),
        )
        covered = sum(counts[word] for word in embedding.words) / max(counts.total(), 1)
        known_share = float(np.percentile(known_shares, 5))
        return cls(words, draft.pairs, idf, vocabulary, own, shipped, covered, known_share)

    def features(self, papers: Sequence[tuple[str, str]]) -> Any:
        """(N, F) sparse: the features of papers."""
        import scipy.sparse as sp

        found = _matrix(linear.read(papers, self.vocabulary, self.idf), self.idf.size)
        shipped = [sp.csr_matrix(found[:, places] @ vectors) for places, vectors in self.shipped]
        return sp.hstack([found[:, self.own], *shipped]).tocsr()

    def folded(self, coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
        """(V, C) weights of terms that give the same scores as these (F, C) weights of features."""
        result = np.zeros((self.idf.size, coefficients.shape[1]), np.float32)
        result[self.own] = coefficients[: len(self.own)]
        start = len(self.own)
        for places, vectors in self.shipped:
            end = start + vectors.shape[1]
            result[places] += vectors @ coefficients[start:end]
            start = end
        return result


def _matrix(readings: Sequence[linear.Reading], size: int) -> Any:
    """(N, V) sparse: the TF-IDF of papers as for tagging."""
    import scipy.sparse as sp

    starts = np.cumsum([0, *(len(reading.rows) for reading in readings)])
    rows = np.concatenate([reading.rows for reading in readings])
    values = np.concatenate([reading.values for reading in readings])
    return sp.csr_matrix((values, rows, starts), (len(readings), size))


def _scaled(found: Any, vectors: NDArray[np.float32], length: float) -> NDArray[np.float32]:
    """The vectors scaled so that the papers' features differ from their mean by so much (root mean square)."""
    features = found @ vectors
    spread = float(np.sqrt(((features - features.mean(0)) ** 2).sum(1).mean()))
    return np.asarray(vectors * np.float32(length / max(spread, 1e-6)), np.float32)
