"""A served review of a small library, whose records try to run scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra `review` is not installed")

from refsync.classify.model import Area
from refsync.dedup.results import Cluster, Deduplication, FieldEvidence, Link, Pair
from refsync.records import Record
from refsync.review.areas import Paper
from refsync.review.queue import Library
from refsync.review.session import Session
from tests.review.web.client import Client, serving

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;\x00\x1b\u202e"


def _record(number: int, **fields: str) -> Record:
    values = {"title": f"Mosses of the harbour wall, part {number}", "author": "Ebert, Ida", "year": f"203{number}"}
    return Record("a.bib", number, f"k{number}", "article", values | fields, "text", number)


def _uncertain(a: int, b: int, probability: float = 0.6) -> Link:
    return Link((a, b), probability, "", (Pair(a, b, probability, (FieldEvidence("title", 0.9, 3.1),), ("numbers",)),))


RECORDS = [
    *(_record(i) for i in range(6)),
    _record(6, title=HOSTILE, keywords=HOSTILE, note="</textarea><script>alert(3)</script>"),
    _record(7, title=HOSTILE + " again"),
]
FOUND = Deduplication(
    clusters=(Cluster((0, 5), 0.9, (Pair(0, 5, 0.9, ()),)),),
    review=(_uncertain(1, 2, 0.7), _uncertain(2, 3, 0.6), _uncertain(6, 7, 0.5)),
)
UNSURE = Paper(
    "p1", (4,), RECORDS[4], "Mosses <b>in</b> robots", "Robots walk on mosses.",
    tuple(Area(name, p, applied=False) for name, p in (("cs.RO", 0.5), ("q-bio.PE", 0.3), ("cs.CV", 0.1))),
    ("robots",),
)  # fmt: skip


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Client]:
    """A client that has not opened the printed address."""
    library = Library(RECORDS, FOUND, papers=[UNSURE], areas=["cs.RO", "q-bio.PE", "cs.CV", "math.PR"])
    with serving(Session(library, tmp_path / "refsync-decisions.jsonl", "ann")) as client:
        yield client


@pytest.fixture
def client(stranger: Client) -> Client:
    """A client with the page open."""
    stranger.open()
    return stranger
