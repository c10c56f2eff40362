"""The fields of journals, looked up by ISSN, title or abbreviation.

The file has no names: each is a number of 40 bits, so that a name that is not in it is mistaken for one that is with a
probability of one in ten million. Made by `scripts/journal_table.py` from public registers of journals; reading it
executes nothing.

| array | type, shape | contents |
|---|---|---|
| `steps` | uint64, (K,) | differences between the ascending numbers of K names |
| `rows` | uint16, (K,) | the row of each name in `log_odds` |
| `log_odds` | float16, (R, C) | log likelihood ratio of each field, given what the registers say |
"""

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refsync.classify.model_file import npz_bytes
from refsync.errors import SourceError
from refsync.text.fold import fold

SHIPPED = Path(__file__).with_name("journals-2026.npz")
_ISSN = re.compile(r"\b(\d{4})-?(\d{3}[\dXx])\b")
_BRACKET = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_SUBTITLE = re.compile(r"\s*(?::|=|\s/|\s[-–—]\s)")
_MAX_LENGTH = 300  # of a name that is looked up


@dataclass(frozen=True, slots=True, eq=False)
class Journals:
    """K names of journals, ascending by number, and what each says about C fields: `log_odds[rows]`."""

    numbers: NDArray[np.uint64]
    rows: NDArray[np.uint16]
    log_odds: NDArray[np.float16]

    def find(self, venue: str, issn: str = "") -> NDArray[np.float64] | None:
        """(C,) the log likelihood ratios of fields, given the journal; None if it is unknown."""
        for key in (*issn_keys(issn), *name_keys(venue)):
            wanted = np.uint64(number_of(key))
            place = int(np.searchsorted(self.numbers, wanted))
            if place < len(self.numbers) and self.numbers[place] == wanted:
                return np.asarray(self.log_odds[self.rows[place]], np.float64)
        return None


def issn_keys(issn: str) -> list[str]:
    """The keys of the ISSNs in a text.

    >>> issn_keys("1234-567x, 8765-4321")
    ['1234567X', '87654321']
    """
    return ["".join(parts).upper() for parts in _ISSN.findall(issn[:_MAX_LENGTH])]


def name_keys(venue: str) -> list[str]:
    """The keys of a journal's name, the most exact first: the whole, without brackets, without its subtitle.

    >>> name_keys("The Moss Journal (London): a review")
    ['moss journal london a review', 'moss journal a review', 'moss journal']
    """
    venue = venue[:_MAX_LENGTH]
    bare = _BRACKET.sub(" ", venue)
    keys = (fold(name).removeprefix("the ") for name in (venue, bare, _SUBTITLE.split(bare.strip(), maxsplit=1)[0]))
    return [key for key in dict.fromkeys(keys) if len(key) > 2]


def number_of(key: str) -> int:
    """The 40-bit number of a key."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=5).digest(), "big")


def write(journals: Journals) -> bytes:
    """The file of a table; equal tables give equal bytes."""
    steps = np.diff(journals.numbers, prepend=np.uint64(0))
    return npz_bytes({"steps": steps, "rows": journals.rows, "log_odds": journals.log_odds})


@lru_cache(maxsize=1)
def load_journals(path: Path = SHIPPED) -> Journals:
    """The table in a file. It is read once.

    Raises:
        SourceError: the file is missing or damaged.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            return _validated(dict(arrays))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise SourceError(str(path), f"cannot be read: {error}", hint="install refsync again") from error


def _validated(arrays: dict[str, NDArray[Any]]) -> Journals:
    numbers, rows, log_odds = np.cumsum(arrays["steps"], dtype=np.uint64), arrays["rows"], arrays["log_odds"]
    if numbers.shape != rows.shape or log_odds.ndim != 2 or (rows.size and rows.max() >= len(log_odds)):
        raise ValueError("its arrays do not fit each other")
    if not np.isfinite(log_odds).all():
        raise ValueError("a number in it is infinite")
    return Journals(numbers, rows, log_odds)
