"""Lines of a file of decisions."""

import json
from datetime import UTC, datetime
from typing import Any, cast

from refsync.decisions import (
    Kind,
    format_decision,
)


def pair_line(kind: str, a: str, b: str) -> str:
    return json.dumps(
        {"schema": "refsync.decision/1", "kind": kind, "a": a, "b": b, "by": "me", "at": "2026-01-01T00:00:00Z"}
    )


def area_line(paper: str, value: object) -> str:
    return json.dumps({"schema": "refsync.decision/1", "kind": "area", "a": paper, "value": value})


def answer_line(kind: str, a: str, b: str, **value: Any) -> str:
    return format_decision(
        cast("Kind", kind), a, b, keys=["k1", "k2"], value=value, by="me", at=datetime(2026, 1, 1, tzinfo=UTC)
    )
