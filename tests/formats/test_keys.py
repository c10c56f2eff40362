"""Citation keys through every format that can hold them."""

import json
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.formats.bibtex.format import read
from refsync.formats.registry import format_named
from refsync.formats.tagged import enw
from refsync.planning.key_ownership import is_users_key
from refsync.records import Record
from tests.formats.reading import read_endnote, through

KEYS = ("roe2020", "12", "Roe:Kelp/20", "a", "S2", "WOS:1", "ABCD2345", "kelp.moss_3")


@pytest.mark.parametrize("name", ["csljson", "ris", "endnotexml", "csv", "tsv", "jsonl", "parquet"])
def test_keys_come_back_from_every_format(name: str) -> None:
    given = read("".join(f"@book{{{key}, title={{The {key}}}}}\n" for key in KEYS).encode(), "a.bib").records
    once = through(name, given)
    assert [record.id for record in once] == list(KEYS)
    assert all(map(is_users_key, once))
    assert all(is_users_key(record) and record.id == key for record, key in zip(through(name, once), KEYS, strict=True))


@pytest.mark.parametrize("name", ["csljson", "ris", "endnotexml", "csv", "jsonl"])
def test_accession_numbers_come_back_without_becoming_keys(name: str) -> None:
    given = [
        Record("a", 1, "WOS:000123456", "book", {"title": "Kelp"}),
        Record("a", 2, "#2", "book", {"title": "Moss"}),
    ]
    once = through(name, given)
    assert once[0].id == "WOS:000123456"
    assert not any(map(is_users_key, once))


def test_the_label_of_endnote_is_a_key_only_if_it_looks_like_one() -> None:
    text = (
        "<xml><records><record><rec-number>7</rec-number><label>%s</label><volume>3</volume></record></records></xml>"
    )
    (labelled,) = read_endnote(text % "Roe2020").records
    assert (labelled.id, dict(labelled.fields)) == ("Roe2020", {"volume": "3"})
    (other,) = read_endnote(text % "Review").records
    assert (other.id, dict(other.fields)) == ("7", {"volume": "3", "label": "Review"})
    (tagged,) = enw.FORMAT.read(b"%0 Book\n%T Kelp\n%F Roe2020\n", "a.enw").records
    assert tagged.id == "Roe2020"


def test_a_record_of_endnote_xml_has_a_number() -> None:
    form = format_named("endnotexml")
    assert form.write
    written = form.write([Record("a", 3, "roe2020", "book", {"title": "Kelp", "label": "blue"})]).decode()
    assert "<rec-number>3</rec-number>" in written
    assert "<label>roe2020</label>" in written
    assert through("endnotexml", [Record("a", 1, "#1", "book", {"title": "T", "label": "b1"})])[0].get("label") == "b1"


@pytest.mark.parametrize("command", [["convert"], ["dedupe"], ["run"]])
def test_ids_of_csl_json_stay_in_every_command(command: list[str], tmp_path: Path) -> None:
    items = [
        {"id": "roe2020", "type": "book", "title": "On the growth of kelp", "author": [{"family": "Roe"}]},
        {"id": "http://zotero.org/users/1/items/ABCD2345", "type": "book", "title": "A history of moss"},
    ]
    (tmp_path / "refs.json").write_text(json.dumps(items), encoding="utf-8")
    (tmp_path / "paper.md").write_text("See [@roe2020].", encoding="utf-8")
    out = tmp_path / "out.bib"
    main([*command, str(tmp_path / "refs.json"), "-o", str(out), "--cites", str(tmp_path / "paper.md")])
    assert [record.id for record in read(out.read_bytes(), "out.bib").records] == ["roe2020", "history-moss"]
