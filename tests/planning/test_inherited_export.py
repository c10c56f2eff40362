"""Months, macros and inherited values reach every target."""

import json
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.formats.bibtex.format import read
from refsync.formats.registry import format_named
from refsync.planning.export import complete_works, export
from tests.formats.reading import through

BIB = r"""
@string{jk = "Journal of Kelp"}
@xdata{press, publisher = {Moss Press}, location = {Oslo}}
@inproceedings{roe, author = {Roe, Ann}, title = {Kelp}, crossref = {conf}, xdata = {press}, pages = {1--9}}
@proceedings{conf, title = {Proceedings of Moss}, editor = {Poe, Ed}, year = 2020, month = oct # "~4",
  doi = {10.1000/c}}
@article{fern, author = {Fern, A.}, title = {Fern}, journal = jk, year = 2019, month = {Oct}}
@article{fern2, author = {Fern, B.}, title = {Fern two}, journal = jk, year = 2019, month = {10}}
@article{fern3, author = {Fern, C.}, title = {Fern three}, journal = jk, year = 2019, month = {Oct.--Nov.}}
"""
RECORDS = read(BIB.encode(), "a.bib").records


@pytest.mark.parametrize("name", ["csljson", "ris", "endnotexml", "csv", "jsonl"])
def test_children_are_whole_in_every_target_but_bibtex(name: str) -> None:
    form = format_named(name)
    snapshot = form.read(export(RECORDS, form), "a")
    assert [record.id for record in snapshot.records] == ["roe", "conf", "fern", "fern2", "fern3"]
    roe = snapshot.records[0]
    assert roe.get("booktitle") == "Proceedings of Moss"
    assert (roe.get("year"), roe.get("publisher"), roe.get("pages")[0]) == ("2020", "Moss Press", "1")
    assert roe.get("doi") == ""


def test_bibtex_keeps_its_references() -> None:
    written = export(RECORDS, format_named("bibtex")).decode()
    assert "crossref = {conf}" in written
    assert "@xdata{press" in written
    assert written.count("Proceedings of Moss") == 1


def test_a_circle_and_a_missing_parent_are_harmless() -> None:
    circle = read(b"@book{a, crossref={b}, title={A}} @book{b, crossref={a}, note={x}} @book{c, xdata={d,c}}", "a.bib")
    assert [record.id for record in complete_works(circle.records)] == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["csljson", "ris", "endnotexml"])
def test_months_reach_dates(name: str) -> None:
    form = format_named(name)
    assert form.write
    written = form.write(RECORDS[3:]).decode()
    assert written.count("2019, 10" if name == "csljson" else "2019/10") == 3
    dates = [(record.get("month"), record.get("day")) for record in through(name, RECORDS[2:])]
    assert dates == [("October", "4"), ("October", ""), ("October", ""), ("Oct.–Nov.", "")]


def test_csl_dates_have_months_and_days() -> None:
    form = format_named("csljson")
    assert form.write
    items = json.loads(form.write(complete_works(RECORDS)))
    assert [item["issued"]["date-parts"][0] for item in items[:3]] == [[2020, 10, 4], [2020, 10, 4], [2019, 10]]


def test_generated_keys_use_inherited_years(tmp_path: Path) -> None:
    refs, out = tmp_path / "refs.bib", tmp_path / "out.bib"
    refs.write_text(BIB, encoding="utf-8")
    assert main(["convert", str(refs), "--keys", "{auth}{year}", "-o", str(out)]) == 0
    assert "@inproceedings{roe2020," in out.read_text(encoding="utf-8")
