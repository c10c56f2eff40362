"""Types and kinds of works in every direction that has one."""

import json

import pytest

from refsync.formats.bibtex.format import read
from refsync.formats.common.dialect import to_dialect
from refsync.formats.json import csljson
from refsync.formats.registry import format_named
from refsync.formats.tagged import nbib, ris
from refsync.records import Record
from refsync.zotero.items.mapping import to_item
from tests.formats.reading import only_json_record, through


def csl_of(record: Record) -> dict[str, object]:
    item: dict[str, object] = json.loads(csljson.write([record]))[0]
    return item


@pytest.mark.parametrize(
    ("csl", "ris_code", "zotero"),
    [
        ("article-newspaper", "NEWS", "newspaperArticle"), ("article-magazine", "MGZN", "magazineArticle"),
        ("post-weblog", "BLOG", "blogPost"), ("speech", "SLIDE", "presentation"), ("post", "", "forumPost"),
        ("article", "", "preprint"), ("webpage", "ELEC", "webpage"), ("software", "COMP", "computerProgram"),
        ("dataset", "DATA", "dataset"), ("article-journal", "JOUR", "journalArticle"), ("patent", "PAT", "patent"),
    ],
)  # fmt: skip
def test_kinds_keep_their_type_everywhere(csl: str, ris_code: str, zotero: str) -> None:
    record = only_json_record(csljson.FORMAT, [{"id": "k1", "type": csl, "title": "T", "URL": "https://a.example"}])
    assert csl_of(record)["type"] == csl
    assert to_item(record)["itemType"] == zotero
    if ris_code:
        assert ris.write([record]).decode().startswith(f"TY  - {ris_code}\r\n")
    for between in ("ris", "endnotexml", "csv", "bibtex", "jsonl"):
        assert csl_of(through(between, [record])[0])["type"] == csl


def test_kinds_of_biblatex() -> None:
    text = (
        b"@article{a, title={T}, entrysubtype={newspaper}} @online{b, title={T}, url={https://a.example}, subtitle={S}}"
    )
    news, page = read(text, "a.bib").records
    assert csl_of(news)["type"] == "article-newspaper"
    assert ris.write([news]).startswith(b"TY  - NEWS")
    assert (csl_of(page)["type"], csl_of(page)["title"]) == ("webpage", "T: S")
    assert ris.write([page]).startswith(b"TY  - ELEC")


@pytest.mark.parametrize(
    ("entry", "genre"),
    [
        ("@phdthesis{k, title={T}}", "PhD thesis"),
        ("@mastersthesis{k, title={T}}", "Master’s thesis"),
        ("@thesis{k, title={T}, type={mathesis}}", "Master’s thesis"),
        ("@phdthesis{k, title={T}, type={Habilitation}}", "Habilitation"),
    ],
)
def test_theses_have_a_genre(entry: str, genre: str) -> None:
    (record,) = read(entry.encode(), "a.bib").records
    assert csl_of(record)["genre"] == genre
    assert csl_of(through("csljson", [record])[0])["genre"] == genre
    assert through("csljson", [record])[0].type == to_dialect(record, "bibtex").type


def test_a_genre_says_which_thesis_it_is() -> None:
    item = {"id": "k1", "type": "thesis", "title": "T", "genre": "Master's thesis"}
    assert only_json_record(csljson.FORMAT, [item]).type == "mastersthesis"


@pytest.mark.parametrize(
    ("title", "subtitle", "expected"),
    [
        ("Kelp", "A study", "Kelp: A study"),
        ("Kelp?", "A study", "Kelp? A study"),
        ("Kelp: A study", "A study", "Kelp: A study"),
    ],
)
@pytest.mark.parametrize("name", ["csljson", "ris", "endnotexml"])
def test_subtitles_join_the_title(name: str, title: str, subtitle: str, expected: str) -> None:
    record = Record("a", 1, "k1", "book", {"title": title, "subtitle": subtitle})
    (once,) = through(name, [record])
    assert (once.get("title"), once.get("subtitle")) == (expected, "")


def test_numbers_in_a_series() -> None:
    chapter = Record("a", 1, "k1", "incollection", {"title": "T", "booktitle": "B", "series": "S", "number": "7"})
    assert csl_of(chapter)["collection-number"] == "7"
    assert "issue" not in csl_of(chapter)
    assert dict(through("csljson", [chapter])[0].fields) == dict(chapter.fields)
    article = Record("a", 1, "k1", "article", {"title": "T", "journal": "J", "series": "S", "number": "7"})
    assert csl_of(article)["issue"] == "7"


@pytest.mark.parametrize(
    ("lines", "type_", "subtype"),
    [
        ("PT  - Journal Article\nPT  - Preprint\nJT  - kelpRxiv", "article", "preprint"),
        ("PT  - Reports - Research", "techreport", ""),
        ("PT  - Dissertations/Theses - Doctoral Dissertations", "phdthesis", ""),
        ("PT  - Journal Article\nJT  - J Kelp", "article", ""),
    ],
)
def test_kinds_of_pubmed_and_eric(lines: str, type_: str, subtype: str) -> None:
    (record,) = nbib.FORMAT.read(f"PMID- 1\nTI  - T\n{lines}\nSO  - x\n".encode(), "a").records
    assert (record.type, record.get("entrysubtype")) == (type_, subtype)


def test_the_name_of_arxiv_is_written_alike() -> None:
    (record,) = read(b"@misc{k, archiveprefix={arxiv}, eprinttype={arXiv}, eprint={2101.00001}}", "a.bib").records
    once = to_dialect(record, "bibtex")
    assert dict(once.fields) == {"archiveprefix": "arXiv", "eprint": "2101.00001"}
    assert to_dialect(once, "bibtex") == once
    assert format_named("bibtex").write
