"""Files read into records, and records through files."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from refsync.formats.registry import Format, detect, format_named
from refsync.formats.xml import endnote as endnotexml
from refsync.records import Record, Snapshot
from tests.formats.samples.services import KELP_FIELDS


def read_table(text: str) -> Snapshot:
    form = detect(text.encode(), "export.csv")
    assert form.name == "csv"
    return form.read(text.encode(), "export.csv")


def only_record(text: str, name: str = "export.txt") -> Record:
    data = text.encode()
    snapshot = detect(data, name).read(data, name)
    assert [problem for problem in snapshot.problems if problem.kind != "columns"] == []
    (record,) = snapshot.records
    return record


def read_endnote(text: str) -> Snapshot:
    return endnotexml.read(text.encode(), "a.xml")


def read_json(form: Format, value: Any) -> Snapshot:
    return form.read(json.dumps(value).encode(), "x.json")


def only_json_record(form: Format, value: Any) -> Record:
    snapshot = read_json(form, value)
    assert snapshot.problems == ()
    (record,) = snapshot.records
    return record


def single_record(snapshot: Snapshot) -> Record:
    assert snapshot.problems == ()
    (record,) = snapshot.records
    return record


def compared_fields(record: Record) -> dict[str, str]:
    return {name: record.get(name) for name in KELP_FIELDS}


def through(name: str, given_: Sequence[Record]) -> tuple[Record, ...]:
    if name == "parquet":
        pytest.importorskip("pyarrow")
    form = format_named(name)
    assert form.write
    return form.read(form.write(given_), f"a.{name}").records
