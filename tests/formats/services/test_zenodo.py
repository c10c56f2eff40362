"""Zenodo's JSON: records and deposits."""

from typing import Any

import pytest

from refsync.formats.registry import detect
from refsync.formats.services import zenodo
from tests.formats.samples.json import json_file

RECORD: dict[str, Any] = {
    "id": 42, "conceptrecid": "41", "conceptdoi": "10.5555/zen.41", "doi": "10.5555/zen.42",
    "links": {"self_html": "https://repository.example/records/42"},
    "metadata": {
        "title": "Tide <em>tables</em>", "doi": "10.5555/zen.42", "publication_date": "2022-05-06",
        "description": "<p>Counts of tides.</p>", "keywords": ["tide", "sea, north"],
        "creators": [{"name": "Roe, Ann", "affiliation": "Moss Lab", "orcid": "0000-0002"}],
        "contributors": [{"name": "Poe, Ed", "type": "Editor"}, {"name": "Elm, Fay", "type": "DataCurator"}],
        "resource_type": {"type": "dataset", "title": "Dataset"}, "access_right": "open",
        "license": {"id": "cc-by-4.0"}, "version": "2.1", "language": "eng", "notes": "Read me first",
        "grants": [{"code": "G7"}], "related_identifiers": [{"identifier": "10.5555/x", "relation": "isPartOf"}],
        "meeting": {"title": "Tide Days", "place": "Emden", "dates": "1-2 May 2022", "session": "IV"},
    },
    "files": [{"key": "a.csv"}],
}  # fmt: skip


def test_a_record() -> None:
    data = json_file(RECORD)
    assert detect(data, "a.json").name == "zenodo"
    (record,) = zenodo.FORMAT.read(data, "a.json").records
    assert record.type == "dataset"
    expected = {
        "title": "Tide <i>tables</i>", "author": "Roe, Ann", "editor": "Poe, Ed", "zenodo-datacurator": "Elm, Fay",
        "year": "2022", "month": "May", "day": "6", "doi": "10.5555/zen.42", "abstract": "Counts of tides.",
        "url": "https://repository.example/records/42", "keywords": "tide; sea, north", "version": "2.1",
        "language": "eng", "note": "Read me first", "eventtitle": "Tide Days", "venue": "Emden",
        "zenodo-meeting-dates": "1-2 May 2022", "zenodo-meeting-session": "IV", "zenodo-affiliations": "Moss Lab",
        "zenodo-author-ids": "0000-0002", "zenodo-license": "cc-by-4.0", "zenodo-access": "open", "zenodo-grants": "G7",
    }  # fmt: skip
    assert {name: record.get(name) for name in expected} == expected
    assert "isPartOf" in record.get("zenodo-related-identifiers")


@pytest.mark.parametrize(
    ("kind", "fields", "type_", "expected"),
    [
        ({"type": "publication", "subtype": "article"}, {"journal": {"title": "J", "pages": "1-9"}}, "article", "J"),
        ({"type": "publication", "subtype": "section"}, {"part_of": {"title": "Whole"}}, "incollection", "Whole"),
        ({"type": "publication", "subtype": "thesis"}, {"thesis": {"university": "Uni Moss"}}, "phdthesis", "Uni Moss"),
    ],
)
def test_kinds(kind: dict[str, str], fields: dict[str, Any], type_: str, expected: str) -> None:
    item = {"id": 1, "metadata": {"title": "T", "resource_type": kind, "access_right": "open"} | fields}
    (record,) = zenodo.FORMAT.read(json_file(item), "a.json").records
    assert record.type == type_
    assert expected in (record.get("journal"), record.get("booktitle"), record.get("school"))


def test_a_deposit_with_flat_names() -> None:
    work = {
        "title": "T",
        "upload_type": "publication",
        "publication_type": "article",
        "journal_title": "J",
        "journal_volume": "3",
    }
    (record,) = zenodo.FORMAT.read(json_file({"id": 1, "metadata": work}), "a.json").records
    assert (record.type, record.get("journal"), record.get("volume")) == ("article", "J", "3")


@pytest.mark.parametrize("wrong", [7, "x", [7], {"x": 7}, ["x"]])
@pytest.mark.parametrize("name", ["creators", "contributors", "journal", "meeting", "resource_type", "license"])
def test_a_wrongly_typed_member_within_costs_only_that_member(name: str, wrong: Any) -> None:
    damaged = RECORD | {"metadata": RECORD["metadata"] | {name: wrong}}
    snapshot = zenodo.FORMAT.read(json_file(damaged), "a.json")
    (record,) = snapshot.records
    assert (record.get("title"), record.get("version")) == ("Tide <i>tables</i>", "2.1")
    for problem in snapshot.problems:
        assert f"`metadata.{name}`" in problem.message
        assert not problem.fatal
        assert record.get(f"zenodo-metadata-{name.replace('_', '-')}")
