"""The shipped word embedding."""

import numpy as np

from refsync.classify.embedding import SHIPPED, load_embedding


def test_the_shipped_embedding_is_small_and_whole() -> None:
    embedding = load_embedding()
    assert SHIPPED.stat().st_size < 6_000_000
    assert len(embedding.words) == len(set(embedding.words)) == len(embedding.vectors) == len(embedding.idf)
    row = {word: place for place, word in enumerate(embedding.words)}
    near = embedding.vectors[[row["galaxy"], row["galaxies"], row["compiler"]]]
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    assert near[0] @ near[1] > 0.5 > near[0] @ near[2]
