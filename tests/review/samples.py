"""Records, verdicts of a deduplication and sessions for the tests of the review."""

import json
from pathlib import Path
from typing import Any

from refsync.dedup.results import Cluster, Deduplication, FieldEvidence, Link, Pair
from refsync.records import Record
from refsync.review.queue import Library
from refsync.review.session import Session


def sample_record(number: int, **fields: str) -> Record:
    values = {"title": f"Mosses of the harbour wall, part {number}", "author": "Ebert, Ida", "year": "2031"} | fields
    return Record("a.bib", number, f"k{number}", "article", values, "latex", number)


def uncertain_link(a: int, b: int, probability: float = 0.6) -> Link:
    return Link((a, b), probability, "", (Pair(a, b, probability, (FieldEvidence("title", 0.9, 3.1),), ("numbers",)),))


def cluster(*members: int) -> Cluster:
    first = members[0]
    return Cluster(members, 0.9, tuple(Pair(first, other, 0.9, ()) for other in members[1:]))


def sample_session(tmp_path: Path, deduplication: Deduplication, count: int = 4, by: str = "ann") -> Session:
    records = [sample_record(i) for i in range(count)]
    return Session(Library(records, deduplication), tmp_path / "refsync-decisions.jsonl", by)


def saved_lines(session: Session) -> list[dict[str, Any]]:
    text = session.path.read_text(encoding="utf-8") if session.path.exists() else ""
    return [json.loads(line) for line in text.splitlines()]
