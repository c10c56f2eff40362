"""CSL-JSON, JSON Lines, Zotero's JSON, and what tables and Markdown lists are written like."""

import json

import pytest

from refsync.errors import SourceError
from refsync.formats.bibtex import format as bibtex
from refsync.formats.json import csljson, jsonl
from refsync.formats.pages import markdown
from refsync.formats.registry import detect, format_named
from refsync.formats.tables import delimited
from refsync.records import Record

ITEM = {
    "id": "moss20",
    "type": "article-journal",
    "title": "The Patience of Moss",
    "container-title": "Journal of Moss",
    "container-title-short": "J. Moss",
    "author": [
        {"family": "Doe", "given": "Jane", "non-dropping-particle": "van"},
        {"family": "Roe", "given": "Max", "suffix": "Jr."},
        {"literal": "Centre for Kelp and Moss"},
    ],
    "issued": {"date-parts": [[2020, 3, 7]]},
    "volume": 7,
    "issue": "2",
    "page": "101-115",
    "DOI": "10.1000/moss",
    "keyword": "moss; patience, long",
    "accessed": {"date-parts": [[2021, 1, 2]]},
    "illustrator": [{"literal": "Poe"}],
    "dimensions": "3 by 4",
}
FIELDS = {
    "title": "The Patience of Moss",
    "journal": "Journal of Moss",
    "shortjournal": "J. Moss",
    "author": "van Doe, Jane and Roe, Jr., Max and {Centre for Kelp and Moss}",
    "year": "2020",
    "month": "March",
    "day": "7",
    "volume": "7",
    "number": "2",
    "pages": "101--115",
    "doi": "10.1000/moss",
    "keywords": "moss; patience, long",
    "urldate": "2021-01-02",
    "csl-illustrator": "Poe",
    "csl-dimensions": "3 by 4",
}


def dumped(*items: object) -> bytes:
    return json.dumps(items).encode()


def test_csl_json() -> None:
    data = dumped(ITEM)
    assert detect(data, "x").name == "csljson"
    (record,) = csljson.read(data, "a.json").records
    assert (record.id, record.type, record.markup) == ("moss20", "article", "text")
    assert record.fields == FIELDS
    written = csljson.write([record])
    again = csljson.read(written, "b.json")
    assert again.records[0].fields == FIELDS
    assert csljson.write(again.records) == written


@pytest.mark.parametrize(
    ("issued", "fields"),
    [
        ({"date-parts": [[2020]]}, {"year": "2020"}),
        ({"date-parts": [["2020", "3"]]}, {"year": "2020", "month": "March"}),
        ({"date-parts": [[2020, 3], [2020, 5]]}, {"date": "2020-03/2020-05"}),
        ({"date-parts": [[1650]], "circa": True}, {"date": "1650~"}),
        ({"raw": "2020 Mar 7"}, {"year": "2020", "month": "March", "day": "7"}),
        ({"literal": "in press"}, {"csl-issued": "in press"}),
        ("2020-03", {"date": "2020-03"}),
        ({}, {}),
        (None, {}),
    ],
)
def test_dates_of_csl(issued: object, fields: dict[str, str]) -> None:
    (record,) = csljson.read(dumped({"id": 1, "type": "book", "title": "T", "issued": issued}), "a").records
    assert record.fields == {"title": "T"} | fields
    assert record.id == "1"


@pytest.mark.parametrize(
    ("data", "records", "words"),
    [
        (dumped(ITEM, ITEM)[:-40], 1, "ends inside a record"),
        (dumped(ITEM, ITEM), 2, "used twice"),
        (dumped(ITEM, {"type": "book", "author": "Doe"}), 1, "structure"),
        (b"\xef\xbb\xbf" + dumped(ITEM), 1, ""),
    ],
)
def test_damage_to_csl_json(data: bytes, records: int, words: str) -> None:
    snapshot = csljson.read(data, "a.json")
    assert len(snapshot.records) == records
    assert [words in problem.message for problem in snapshot.problems] == [True] * bool(words)


@pytest.mark.parametrize("data", [b"", b"<html><body>Sign in</body></html>", b"[]", b"{", b"\0\0"])
def test_no_csl_json(data: bytes) -> None:
    with pytest.raises(SourceError):
        csljson.read(data, "a.json")


LATEX = (
    r"@article{m, author = {M{\"u}ller, J}, title = {{DNA} \& Moss}, year = 2020, ris-x1 = {a}, doi = {10.1000/a_b}}"
)


def test_json_lines_keep_everything() -> None:
    records = [*bibtex.read(LATEX.encode(), "a.bib").records, Record("x", 2, "", "odd", {"id": "i", "title": "a\nb"})]
    written = jsonl.write(records)
    assert detect(written, "x").name == "jsonl"
    snapshot = jsonl.read(written, "b.jsonl")
    assert snapshot.problems == ()
    assert [(one.type, one.fields, one.markup) for one in snapshot.records] == [
        (one.type, one.fields, one.markup) for one in records
    ]
    assert [one.id for one in snapshot.records] == ["m", "#2"]


@pytest.mark.parametrize(
    ("data", "records", "fatal"),
    [
        (b'{"fields": {"title": "A"}}\n{"fields": {"tit', 1, [True]),
        (b'{"fields": {"title": "A"}}\nno\n[]\n{"fields": {"title": 3}, "tag": 1}\n', 2, [False, False, False]),
        (b'\n{"fields": {"title": "A"}}\r\n\r\n', 1, []),
    ],
)
def test_damaged_json_lines(data: bytes, records: int, fatal: list[bool]) -> None:
    snapshot = jsonl.read(data, "a.jsonl")
    assert len(snapshot.records) == records
    assert [problem.fatal for problem in snapshot.problems] == fatal


def test_tables_are_written_as_text() -> None:
    records = bibtex.read(LATEX.encode(), "a.bib").records
    assert delimited.write(records).decode() == (
        'id,entrytype,author,title,year,doi,ris-x1\r\nm,article,"Müller, J",DNA & Moss,2020,10.1000/a_b,a\r\n'
    )
    assert format_named("tsv").write is not None
    assert delimited.read(delimited.write(records), "b.csv").records[0].get("title") == "DNA & Moss"
    assert detect(delimited.write_tabs(records), "b.tsv").read(delimited.write_tabs(records), "b").records[0].id == "m"


def test_a_markdown_list() -> None:
    record = Record("a", 1, "k", "article", {**FIELDS, "title": "Old Moss_1 [a*b]"})
    bare = Record("a", 2, "#2", "misc", {"title": "Alone"})
    text = markdown.write([record, bare]).decode()
    assert text == (
        "<!-- refsync: people (year) title. venue -->\n\n"
        "- Jane van Doe, Max Roe, Centre for Kelp and Moss (2020) "
        "[Old Moss\\_1 \\[a\\*b\\]](<https://doi.org/10.1000/moss>). *Journal of Moss 7(2)*.\n- **Alone**.\n"
    )
    assert detect(text.encode(), "-").name == "markdown"
    again, alone = markdown.read(text.encode(), "a.md").records
    assert again.fields == {
        "author": "Jane van Doe and Max Roe and {Centre for Kelp and Moss}",
        "year": "2020",
        "title": "Old Moss_1 [a*b]",
        "journal": "Journal of Moss",
        "volume": "7",
        "number": "2",
        "doi": "10.1000/moss",
    }
    assert alone.fields == {"title": "Alone"}


ZOTERO = {
    "key": "ABCD2345", "version": 7, "data": {
        "key": "ABCD2345", "itemType": "journalArticle", "title": "The Patience of Moss", "date": "2020-03-07",
        "creators": [{"creatorType": "author", "lastName": "Doe", "firstName": "Jane"}], "DOI": "10.1000/moss",
        "publicationTitle": "Journal of Moss", "tags": [{"tag": "moss"}], "collections": [], "relations": {},
    },
}  # fmt: skip


def test_zotero_json() -> None:
    note = {"key": "N", "data": {"key": "N", "itemType": "note", "note": "x", "tags": []}}
    better = {"items": [{**ZOTERO["data"], "citekey": "doe20", "attachments": [{"itemType": "attachment"}]}]}  # type: ignore[dict-item]
    for data in (dumped(ZOTERO, note), json.dumps(better).encode()):
        form = detect(data, "x.json")
        assert form.name == "zoterojson"
        (record,) = form.read(data, "x.json").records
        assert record.get("author", "title", "doi") == "Doe, Jane"
        assert (record.get("title"), record.get("doi"), record.get("keywords")) == (
            "The Patience of Moss", "10.1000/moss", "moss",
        )  # fmt: skip
    assert record.id == "doe20"


def test_half_a_surrogate_pair_is_no_letter() -> None:
    title = r"Kelp \ud800 and \ud83c\udf0a, \\ud800 as it stands"
    wanted = "Kelp \ufffd and \U0001f30a, \\ud800 as it stands"
    (record,) = csljson.read(f'[{{"type": "book", "title": "{title}"}}]'.encode(), "x").records
    assert record.get("title") == wanted
    (record,) = jsonl.read(f'{{"fields": {{"title": "{title}"}}}}'.encode(), "x").records
    assert record.get("title") == wanted
