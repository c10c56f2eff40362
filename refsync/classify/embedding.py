"""The word embedding of the package, trained on papers without labels, for areas with few examples.

It is linear: the vector of a paper is the sum of its words' vectors, weighted by TF-IDF. A classifier on top of it thus
has one weight per word, and an own model needs no embedding when it tags. Made by `scripts/train_embedding.py`; the
file holds plain arrays, and reading it executes nothing.
"""

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refsync.classify.model_file import npz_bytes
from refsync.errors import SourceError

SHIPPED = Path(__file__).with_name("words-2026.npz")
_IDF_STEP = 1 / 16


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """Vectors of words.

    Attributes:
        words: U words, ascending.
        idf: (U,) inverse document frequencies, in steps of a sixteenth.
        quantized: (U, D) int8, the vectors in units of `scale`.
        scale: (U,) per word.
    """

    words: tuple[str, ...]
    idf: NDArray[np.float32]
    quantized: NDArray[np.int8]
    scale: NDArray[np.float32]

    @classmethod
    def of(cls, words: tuple[str, ...], idf: NDArray[np.float32], vectors: NDArray[np.float32]) -> "Embedding":
        """The embedding with vectors (U, D) rounded to 8 bits, each with its own scale."""
        scale = np.maximum(np.abs(vectors).max(1), 1e-9) / 127
        rounded = np.clip(np.round(idf / _IDF_STEP), 1, 255) * _IDF_STEP
        quantized = np.round(vectors / scale[:, None]).astype(np.int8)
        return cls(words, rounded.astype(np.float32), quantized, scale.astype(np.float32))

    @property
    def vectors(self) -> NDArray[np.float32]:
        """(U, D) vectors of words; the mean length of a paper's vector is 1."""
        return np.asarray(self.quantized * self.scale[:, None], np.float32)


def write(embedding: Embedding) -> bytes:
    """The file of an embedding; equal embeddings give equal bytes."""
    arrays: dict[str, NDArray[Any]] = {
        "words": np.frombuffer("\n".join(embedding.words).encode(), np.uint8),
        "idf": np.round(embedding.idf / _IDF_STEP).astype(np.uint8),
        "steps": embedding.quantized,
        "scale": embedding.scale,
    }
    return npz_bytes(arrays)


@lru_cache(maxsize=1)
def load_embedding(path: Path = SHIPPED) -> Embedding:
    """The embedding in a file. It is read once.

    Raises:
        SourceError: the file is missing or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return Embedding(
                words=tuple(arrays["words"].tobytes().decode().split("\n")),
                idf=arrays["idf"].astype(np.float32) * np.float32(_IDF_STEP),
                quantized=arrays["steps"],
                scale=arrays["scale"],
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise SourceError(str(path), f"cannot be read: {error}", hint="install refsync again") from error
