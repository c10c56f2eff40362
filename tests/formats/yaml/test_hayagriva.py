"""Hayagriva's YAML, for Typst."""

from pathlib import Path

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.yaml import hayagriva
from refsync.records import Record

FILE = """\
# works on moss
moss:
    type: Article
    title:
        value: "The {DNA} of Moss \\\\$ more"
        short: Moss
    author: ["Roe, Ann", {name: Reed, given-name: Max, prefix: van der, suffix: Jr.}, Centre for Kelp]
    affiliated:
        - role: translator
          names: Poe, Ed
        - role: Illustrator
          names: [Fern, Ida]
    date: 2020-03-05
    page-range: 11-19
    url: {value: "https://moss.example/1", date: 2021-01-02}
    serial-number: {doi: 10.1000/moss, arxiv: "2001.00001", shelf: B 12}
    parent:
        type: Periodical
        title: Journal of Moss
        volume: 7
        issue: 3-4
        editor: Elm, Zoe
days:
    type: article
    title: Kelp Days
    parent:
      - {type: proceedings, title: Proceedings of Kelp, publisher: {name: Kelp Press, location: Oslo}}
      - {type: video, runtime: "00:13"}
thesis:
    type: thesis
    title: On Kelp
    organization: University of Kelp
    date: -0300
    runtime: "1:02"
"""


def test_entries() -> None:
    assert detect(FILE.encode(), "works.yml").name == "hayagriva"
    snapshot = hayagriva.read(FILE.encode(), "works.yml")
    assert snapshot.problems == ()
    moss, days, thesis = snapshot.records
    assert (moss.id, moss.type, moss.line) == ("moss", "article", 3)
    assert moss.fields == {
        "title": "The DNA of Moss $ more", "shorttitle": "Moss", "translator": "Poe, Ed", "year": "2020",
        "author": "Roe, Ann and van der Reed, Jr., Max and {Centre for Kelp}", "month": "March", "day": "5",
        "pages": "11--19", "url": "https://moss.example/1", "urldate": "2021-01-02", "doi": "10.1000/moss",
        "eprint": "2001.00001", "archiveprefix": "arXiv", "shelf": "B 12", "journal": "Journal of Moss",
        "volume": "7", "number": "3-4", "editor": "Elm, Zoe", "hayagriva-illustrator": "Fern and Ida",
    }  # fmt: skip
    assert (days.type, days.get("booktitle"), days.get("publisher")) == (
        "inproceedings", "Proceedings of Kelp", "Kelp Press",
    )  # fmt: skip
    assert days.get("address") == "Oslo"
    assert "00:13" in days.get("hayagriva-parent")
    assert thesis.fields == {
        "title": "On Kelp", "school": "University of Kelp", "date": "-0300", "hayagriva-runtime": "1:02",
    }  # fmt: skip


def test_what_is_no_entry_is_said() -> None:
    snapshot = hayagriva.read(b"moss: {type: book, title: Moss}\nkelp: only text\n", "a")
    assert [record.id for record in snapshot.records] == ["moss"]
    assert [problem.fatal for problem in snapshot.problems] == [True]
    with pytest.raises(SourceError, match="hayagriva"):
        hayagriva.read(b"- a\n- b\n", "a")


def test_an_entry_named_by_an_alias_is_read_twice_alike() -> None:
    one, other = hayagriva.read(b"a: &a {type: book, title: Moss}\nb: *a\n", "a").records
    assert (one.type, dict(one.fields)) == (other.type, dict(other.fields))


def test_keys_stay_and_are_unique() -> None:
    given = [Record("a", n, key, "book", {"title": f"Moss {n}"}) for n, key in enumerate(("x", "x", "#3", "x-2"), 1)]
    assert [record.id for record in hayagriva.read(hayagriva.write(given), "a").records] == [
        "x",
        "x-2",
        "item-3",
        "x-2-2",
    ]


def test_typst_takes_whatever_is_written(tmp_path: Path) -> None:
    typst = pytest.importorskip("typst", reason="the package typst is not installed")
    common = {
        "title": r"Costs $5 {x} \ [y] #1", "author": "Roe, Ann and {Centre for Kelp} and van Reed, Jr., Max",
        "year": "2020", "month": "March", "language": "Old English", "pages": "1, 5--9", "volume": "XII b",
        "url": "not an address", "pagetotal": "xv", "abstract": "a } b", "publisher": "Moss $ Sons", "address": "Oslo",
        "number": "3", "doi": "10.1000/a_b", "edition": "2nd", "shorttitle": "Costs", "journal": "J", "booktitle": "B",
    }  # fmt: skip
    kinds = (
        "article book incollection inproceedings phdthesis techreport online misc software dataset patent movie letter"
    )
    given = [Record("a", n, f"k{n}", kind, common) for n, kind in enumerate(kinds.split(), 1)]
    given.append(Record("a", 99, "last", "misc", {"title": "T", "year": "in press", "date": "2020/2021", "note": "$"}))
    (tmp_path / "a.yml").write_bytes(hayagriva.write(given))
    (tmp_path / "a.typ").write_text('#bibliography("a.yml", full: true, style: "ieee")', encoding="utf-8")
    page = typst.compile(str(tmp_path / "a.typ"), format="html").decode()
    assert page.count("Costs $5 {x} \\ [y] #1") == len(given) - 1
    assert "Moss $ Sons" in page


def test_what_the_containing_work_has_is_not_the_works_own() -> None:
    text = b"""\
paper:
  type: article
  title: On Kelp
  date: ~2019
  parent: {type: proceedings, title: Kelp Days, author: "Elm, Zoe", url: "https://kelp.example",
    serial-number: {doi: 10.1000/days, isbn: 978-0-306-40615-7}, parent: {type: anthology, title: Kelp Series}}
book: {type: book, title: Volume Two, parent: {type: book, title: The Whole Moss}}
preprint: {type: article, title: Moss, serial-number: 2001.00001, parent: {type: repository, title: arXiv}}
"""
    paper, book, preprint = hayagriva.read(text, "a").records
    assert paper.fields == {
        "title": "On Kelp", "date": "2019~", "booktitle": "Kelp Days", "bookauthor": "Elm, Zoe",
        "series": "Kelp Series", "hayagriva-parent-doi": "10.1000/days", "isbn": "978-0-306-40615-7",
        "hayagriva-parent-url": "https://kelp.example",
    }  # fmt: skip
    assert book.fields == {"title": "Volume Two", "maintitle": "The Whole Moss", "hayagriva-parent-type": "book"}
    assert (preprint.get("eprint"), preprint.get("archiveprefix")) == ("2001.00001", "arXiv")
