"""The features of an own model: terms of the user's papers, the shipped embedding, scores of the shipped model.

All features are linear in the TF-IDF of a paper, so that weights of features fold into one weight for each term.
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
from refsync.classify.terms import content_words, word_pairs

_CATEGORY_SCALE = 0.5  # length of the shipped model's scores relative to the embedding
_MAX_OWN_WORDS, _MAX_OWN_PAIRS = 20_000, 30_000  # terms of the user's papers beside the shipped ones
_MAX_WORDS = 65_536  # limit of a model file
_RARE_IDF = 10.0  # of a term that only the user's papers have


@dataclass(frozen=True, slots=True, eq=False)
class FeatureSpace:
    """V terms, and how their TF-IDF becomes F features.

    Attributes:
        words: the U terms that are single words.
        pairs: (V - U, 2) the terms that are pairs of words, as indices of `words`, ascending.
        idf: (V,) inverse document frequencies.
        vocabulary: for looking terms up.
        own: indices of the terms that two or more of the user's papers have; each is a feature.
        shipped: the embedding and the shipped model's weights: the indices of n terms, and their (n, D) scaled vectors.
        embedding_coverage: share of the words of the user's papers that the embedding has.
        known_share: share of a paper's words that are terms, exceeded by 19 of 20 of the user's papers.
    """

    words: tuple[str, ...]
    pairs: NDArray[np.uint16]
    idf: NDArray[np.float32]
    vocabulary: linear.Vocabulary
    own: NDArray[np.intp]
    shipped: tuple[tuple[NDArray[np.intp], NDArray[np.float32]], ...]
    embedding_coverage: float
    known_share: float

    @classmethod
    def of(cls, papers: Sequence[tuple[str, str]], base: Weights, embedding: Embedding) -> "FeatureSpace":
        """The feature space for the papers of one user."""
        texts = [[content_words(part) for part in paper] for paper in papers]
        counts = Counter(word for text in texts for word in {*text[0], *text[1]})
        known = {*base.words, *embedding.words}
        new = [word for word, count in counts.items() if count > 1 and word not in known]
        new = sorted(new, key=lambda word: (-counts[word], word))[: min(_MAX_OWN_WORDS, _MAX_WORDS - len(known))]
        words = tuple(sorted(known.union(new)))
        row = {word: index for index, word in enumerate(words)}
        both = Counter(pair for text in texts for pair in {*word_pairs(text[0]), *word_pairs(text[1])})
        shared = [
            pair.split() for pair, count in sorted(both.items(), key=lambda item: (-item[1], item[0])) if count > 1
        ]
        numbers = [row[a] * len(words) + row[b] for a, b in shared[:_MAX_OWN_PAIRS] if a in row and b in row]
        own_keys = np.array(numbers, np.int64)
        base_row = np.array([row[word] for word in base.words])
        base_keys = base_row[base.pairs.astype(np.intp)] @ np.array([len(words), 1])
        keys = np.union1d(own_keys, base_keys).astype(np.int64)

        shipped_terms = np.concatenate([base_row, len(words) + np.searchsorted(keys, base_keys)])
        embedded = np.array([row[word] for word in embedding.words])
        idf = np.full(len(words) + len(keys), _RARE_IDF, np.float32)
        idf[embedded] = embedding.idf
        idf[shipped_terms] = base.idf
        own_words = [row[word] for word, count in counts.items() if count > 1 and word in row]
        own = np.sort(np.concatenate([own_words, len(words) + np.searchsorted(keys, own_keys)]).astype(np.intp))

        draft = Weights(
            name="", classes=("", "-"), words=words, pairs=np.stack(np.divmod(keys, len(words)), 1).astype(np.uint16),
            idf=idf, weights=np.zeros((idf.size, 2), np.int8), scale=np.ones(2, np.float32),
            bias=np.zeros(2, np.float32), calibration=np.zeros((2, 4), np.float32),
            knots=np.zeros((2, 2, 2, 2), np.float32), thresholds=((), ()), notes={},
        )  # fmt: skip
        vocabulary = linear.Vocabulary.of(draft)
        vectors = linear.term_vectors(papers, vocabulary, idf)
        known_shares = [vector.known / max(vector.words, 1) for vector in vectors]
        tfidf = _matrix(vectors, idf.size)
        shipped = (
            (embedded, _scaled(tfidf[:, embedded], embedding.vectors, 1.0)),
            (
                shipped_terms,
                _scaled(tfidf[:, shipped_terms], (base.weights * base.scale).astype(np.float32), _CATEGORY_SCALE),
            ),
        )
        coverage = sum(counts[word] for word in embedding.words) / max(counts.total(), 1)
        known_share = float(np.percentile(known_shares, 5))
        return cls(
            words=words,
            pairs=draft.pairs,
            idf=idf,
            vocabulary=vocabulary,
            own=own,
            shipped=shipped,
            embedding_coverage=coverage,
            known_share=known_share,
        )

    def features(self, papers: Sequence[tuple[str, str]]) -> Any:
        """(N, F) sparse: the features of papers."""
        import scipy.sparse as sp

        tfidf = _matrix(linear.term_vectors(papers, self.vocabulary, self.idf), self.idf.size)
        shipped = [sp.csr_matrix(tfidf[:, terms] @ vectors) for terms, vectors in self.shipped]
        return sp.hstack([tfidf[:, self.own], *shipped]).tocsr()

    def term_weights(self, coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
        """(V, C) weights of terms that give the same scores as these (F, C) weights of features."""
        result = np.zeros((self.idf.size, coefficients.shape[1]), np.float32)
        result[self.own] = coefficients[: len(self.own)]
        start = len(self.own)
        for terms, vectors in self.shipped:
            end = start + vectors.shape[1]
            result[terms] += vectors @ coefficients[start:end]
            start = end
        return result


def _matrix(vectors: Sequence[linear.TermVector], size: int) -> Any:
    """(N, V) sparse: the TF-IDF of papers, as for tagging."""
    import scipy.sparse as sp

    starts = np.cumsum([0, *(len(vector.rows) for vector in vectors)])
    rows = np.concatenate([vector.rows for vector in vectors])
    values = np.concatenate([vector.values for vector in vectors])
    return sp.csr_matrix((values, rows, starts), (len(vectors), size))


def _scaled(tfidf: Any, vectors: NDArray[np.float32], length: float) -> NDArray[np.float32]:
    """The vectors, scaled so that the papers' features have this root mean square distance from their mean."""
    features = tfidf @ vectors
    spread = float(np.sqrt(((features - features.mean(0)) ** 2).sum(1).mean()))
    return np.asarray(vectors * np.float32(length / max(spread, 1e-6)), np.float32)
