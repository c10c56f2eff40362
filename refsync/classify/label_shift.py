"""How often a library has each class, estimated from its papers without labels, and the file of these shares.

The expectation-maximisation of Saerens, Latinne and Decaestecker (2002): the probabilities of a model hold where
classes are as frequent as in its calibration; in another library the shares of the classes are estimated, and each
paper's odds are multiplied by the ratio of the new and the old share.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from refsync.errors import SourceError

FILE_NAME: Final = "refsync-areas.json"
SCHEMA: Final = "refsync.area-shares/1"
PRIOR_PAPERS: Final = 200.0  # weight of the model's own shares, in papers: a small library changes little
MIN_PAPERS: Final = 30  # with text, below which nothing can be estimated
FAR: Final = 0.5  # distance of a library's shares from the model's, from which its probabilities need adapting
_ITERATIONS, _TOLERANCE = 200, 1e-6
_MAX_BYTES = 1_000_000
_LIMIT = 6.0  # of the log ratio of two shares


@dataclass(frozen=True, slots=True)
class LibraryShares:
    """The shares of classes in a library.

    Attributes:
        papers: from how many papers they were estimated.
        models: by the name of a model, its classes with their shares, which sum to 1.
    """

    papers: int
    models: Mapping[str, Mapping[str, float]]

    def log_ratios(self, name: str, classes: Sequence[str], prior: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """(C,) logs of the ratios of the library's shares and the model's; None where it has no shares for the model.

        Args:
            name: of the model.
            classes: its C classes.
            prior: (C,) their shares in the model's calibration.
        """
        shares = self.models.get(name)
        if shares is None:
            return None
        found = np.array([shares.get(one, 0.0) for one in classes])
        ratios = np.log(np.maximum(found, 1e-6) / np.maximum(prior, 1e-6))
        return np.asarray(np.clip(ratios, -_LIMIT, _LIMIT), np.float64)


def estimate_shares(likely: NDArray[np.float64], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """(C,) the shares of classes in a library, with a Dirichlet prior of `PRIOR_PAPERS` papers at the model's shares.

    Args:
        likely: (N, C) the model's probabilities for the library's papers; those of a paper sum to 1.
        prior: (C,) the shares of classes in the model's calibration, which sum to 1.
    """
    shares = prior.copy()
    for _ in range(_ITERATIONS):
        weighted = likely * (shares / np.maximum(prior, 1e-9))
        weighted /= np.maximum(weighted.sum(axis=1, keepdims=True), 1e-12)
        better = (weighted.sum(axis=0) + PRIOR_PAPERS * prior) / (len(likely) + PRIOR_PAPERS)
        moved = float(np.abs(better - shares).sum())
        shares = better
        if moved < _TOLERANCE:
            break
    return np.asarray(shares / shares.sum(), np.float64)


def distance(shares: NDArray[np.float64], prior: NDArray[np.float64]) -> float:
    """The total variation distance of two distributions, from 0 to 1."""
    return float(np.abs(shares - prior).sum()) / 2


def write_shares(shares: LibraryShares) -> bytes:
    """The file of a library's shares: those of at least one in ten thousand, the largest first."""
    models = {
        name: {one: round(share, 6) for one, share in sorted(of.items(), key=lambda item: (-item[1], item[0]))}
        for name, of in sorted(shares.models.items())
    }
    content = {"schema": SCHEMA, "papers": shares.papers, "models": models}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def read_shares(path: Path) -> LibraryShares:
    """The shares in a file.

    Raises:
        SourceError: it cannot be read, is damaged or not such a file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        return _parse(data)
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        hint = "`refsync areas LIBRARY --adapt` writes it again; without the file nothing is adapted"
        raise SourceError(str(path), f"not the shares of a library: {error}", hint=hint) from error


def _parse(data: bytes) -> LibraryShares:
    if len(data) > _MAX_BYTES:
        raise ValueError("it is too large")
    content: Any = json.loads(data)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    papers = content["papers"]
    if not isinstance(papers, int) or isinstance(papers, bool) or papers < 0:
        raise ValueError("`papers` is no number of papers")
    models = {
        str(name): {str(one): float(share) for one, share in of.items()} for name, of in content["models"].items()
    }
    if not all(0 <= share <= 1 for of in models.values() for share in of.values()):
        raise ValueError("a share is not between 0 and 1")
    return LibraryShares(papers, models)
