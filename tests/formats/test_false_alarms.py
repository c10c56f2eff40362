"""What is whole is not reported as damaged, and one wrong property costs no record."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.formats.bibtex.format import read
from refsync.formats.bibtex.write import dump
from refsync.formats.tagged import nbib
from refsync.formats.xml import pubmed
from refsync.zotero.items import json_file
from tests.time_bounds import seconds_at_most

ARTICLE = "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T</ArticleTitle></Article>" \
          "</MedlineCitation></PubmedArticle>"  # fmt: skip


@pytest.mark.parametrize("start", ["", '<?xml version="1.0"?>\n', "<!-- one -->\n\n"])
def test_a_record_of_pubmed_without_a_list_is_whole(start: str) -> None:
    snapshot = pubmed.FORMAT.read(f"{start}{ARTICLE}".encode(), "a.xml")
    assert [record.get("title") for record in snapshot.records] == ["T"]
    assert snapshot.problems == ()


def test_a_list_of_pubmed_without_its_end_is_cut_off() -> None:
    (problem,) = pubmed.FORMAT.read(f"<PubmedArticleSet>{ARTICLE}".encode(), "a.xml").problems
    assert problem.fatal


def test_records_of_eric_end_with_any_tag() -> None:
    record = "PMID- ED{n}\nOWN - ERIC\nTI  - T{n}\nPT  - Reports\n{last}\n\n"
    text = record.format(n=1, last="ISBN- 1") + record.format(n=2, last="DP  - 2020").strip()
    assert nbib.FORMAT.read(text.encode(), "a.nbib").problems == ()


def test_wrong_types_of_properties_in_zoteros_json() -> None:
    items = [
        {"itemType": "book", "title": "Kelp", "date": 2020, "creators": "Roe", "tags": [None, "x", {"tag": 5}]},
        {"itemType": "book", "title": ["a"], "creators": [{"lastName": "Poe", "firstName": None}], "tags": "moss"},
        {"itemType": "book", "title": "Fern", "volume": 7, "creators": [None, 3], "relations": "x", "extra": None},
    ]
    snapshot = json_file.read(json.dumps(items).encode(), "z.json")
    assert snapshot.problems == ()
    assert [record.get("author") for record in snapshot.records] == ["Roe", "Poe", ""]
    assert [record.get("keywords") for record in snapshot.records] == ["x, 5", "moss", ""]
    assert [record.get("date", "volume") for record in snapshot.records] == ["2020", "", "7"]


@pytest.mark.parametrize(
    "text",
    [
        "@book{b, crossref={a}, title={B}} @book{c, title={C}} @book{a, crossref={d}, title={A}}"
        " @book{d, crossref={b}, title={D}} @book{e, crossref={b}, title={E}}",
        "@book{a, crossref={a}, title={A}} @book{b, xdata={a,c}} @book{c, crossref={b}}",
        "@book{p, title={P}} @book{a, crossref={b}} @book{b, crossref={a}, xdata={p}} @book{q, title={Q}}",
    ],
)
def test_what_is_written_is_written_alike_again_also_with_circles(text: str) -> None:
    once = dump(read(text.encode(), "a.bib").records)
    assert dump(read(once.encode(), "b.bib").records) == once


def test_parents_follow_their_children_also_behind_circles() -> None:
    text = (
        "@book{p, title={P}} @book{a, crossref={b}} @book{b, crossref={a}, xdata={p}} @book{c, crossref={p}, note={n}}"
    )
    written = dump(read(text.encode(), "a.bib").records)
    assert written.index("@book{p,") > max(
        written.index("@book{a,"), written.index("@book{b,"), written.index("@book{c,")
    )


def test_ten_thousand_references_in_a_chain_take_linear_time() -> None:
    text = "".join(f"@book{{k{i}, crossref = {{k{i - 1}}}, title = {{T}}}}\n" for i in range(10_000))
    records = read(text.encode(), "a.bib").records
    with seconds_at_most(10):
        written = dump(records)
    assert written.index("@book{k9999,") < written.index("@book{k0,")


@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
def test_biber_reads_an_entry_without_fields(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("@misc{a,}\n@misc{b}\n@book{c, title={}}\n", encoding="utf-8")
    assert main(["convert", str(tmp_path / "a.bib"), "-o", str(tmp_path / "o.bib")]) == 0
    done = subprocess.run(
        ["biber", "--tool", "o.bib"], cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert (done.returncode, "ERROR" in done.stdout) == (0, False)
