"""What the services' APIs return, and JSON that is damaged."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.registry import Format, detect
from refsync.formats.services import crossref, dblp, openalex, paperjson, semanticscholar
from refsync.records import Record, Snapshot

CROSSREF = {
    "DOI": "10.5555/Kelp.1",
    "type": "journal-article",
    "title": ["Kelp in <i>Noise</i>:\n      H<sub>2</sub>O &amp; Tide"],
    "author": [
        {"given": "Jane", "family": "Doe", "sequence": "first"},
        {"name": "Kelp and Moss Group"},
        {"given": "Ann", "family": "Roe", "suffix": "Jr."},
    ],
    "container-title": ["Journal of Kelp"],
    "issued": {"date-parts": [[2020, 3]]},
    "volume": "7",
    "issue": "2",
    "page": "1-9",
    "ISSN": ["1234-5679", "1234-5679"],
    "URL": "https://doi.org/10.5555/kelp.1",
    "abstract": "<jats:title>Abstract</jats:title><jats:p>Kelp bends, p &lt; 0.05.</jats:p>",
    "reference": [{"key": "r1", "DOI": "10.5555/other", "doi-asserted-by": "crossref"}],
}
OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.5555/kelp.1",
    "title": "Kelp in Noise",
    "publication_date": "2020-03-09",
    "type": "article",
    "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/123456"},
    "authorships": [{"author": {"display_name": "Jane Doe"}}, {"author": {"display_name": "Ann Roe"}}],
    "primary_location": {"landing_page_url": None, "source": {"display_name": "Journal of Kelp", "type": "journal"}},
    "locations": [{"landing_page_url": "https://arxiv.org/abs/2001.00001v2"}],
    "biblio": {"volume": "7", "issue": None, "first_page": "1", "last_page": "9"},
    "abstract_inverted_index": {"Kelp": [0, 2], "bends": [1], "again.": [3]},
}
SEMANTIC = {
    "paperId": "0123",
    "externalIds": {"DOI": "10.5555/kelp.1", "ArXiv": "2001.00001", "PubMed": "123456", "CorpusId": 1},
    "title": "Kelp in Noise",
    "venue": "NeurIPS",
    "year": 2020,
    "publicationDate": "2020-03-09",
    "publicationTypes": ["JournalArticle", "Conference"],
    "authors": [{"authorId": "1", "name": "Jane Doe"}],
    "journal": {"name": "ArXiv", "volume": "abs/2001.00001"},
    "references": [{"paperId": "9", "title": "Another"}],
}
DBLP = {
    "authors": {"author": [{"@pid": "1/1", "text": "Jane Doe 0002"}, {"@pid": "1/2", "text": "Ann Roe"}]},
    "title": "Kelp in Noise.",
    "venue": ["NoiseConf", "LNKS"],
    "pages": "1-9",
    "year": "2020",
    "type": "Conference and Workshop Papers",
    "key": "conf/noise/DoeR20",
    "doi": "10.5555/KELP.1",
    "ee": "https://doi.org/10.5555/KELP.1",
    "url": "https://dblp.org/rec/conf/noise/DoeR20",
}
DAILY = {
    "paper": {
        "id": "2401.00001",
        "authors": [{"_id": "x", "name": "Jane Doe"}],
        "title": "Kelp in Noise",
        "summary": "Kelp\nbends.",
        "publishedAt": "2024-01-05T00:00:00.000Z",
    },
    "title": "Kelp in Noise",
    "summary": "Kelp bends.",
    "publishedAt": "2024-01-06T00:00:00.000Z",
}
WRAPPED: list[tuple[Format, Any, dict[str, Any]]] = [
    (crossref.FORMAT, lambda items: {"status": "ok", "message": {"items": items}}, CROSSREF),
    (openalex.FORMAT, lambda items: {"meta": {"count": 1}, "results": items}, OPENALEX),
    (semanticscholar.FORMAT, lambda items: {"data": [{"citedPaper": item} for item in items]}, SEMANTIC),
    (dblp.FORMAT, lambda items: {"result": {"hits": {"hit": [{"@id": "1", "info": item} for item in items]}}}, DBLP),
    (paperjson.FORMAT, lambda items: items, DAILY),
]
NAMES = [form.name for form, _, _ in WRAPPED]


def read(form: Format, value: Any) -> Snapshot:
    return form.read(json.dumps(value).encode(), "x.json")


def one(form: Format, value: Any) -> Record:
    snapshot = read(form, value)
    assert snapshot.problems == ()
    (record,) = snapshot.records
    return record


def test_crossref() -> None:
    record = one(crossref.FORMAT, {"status": "ok", "message-type": "work", "message": CROSSREF})
    assert (record.type, record.id, record.markup) == ("article", "#1", "text")
    assert record.fields == {
        "title": "Kelp in Noise: H2O & Tide",
        "author": "Doe, Jane and {Kelp and Moss Group} and Roe, Jr., Ann",
        "journal": "Journal of Kelp",
        "year": "2020",
        "month": "March",
        "volume": "7",
        "number": "2",
        "pages": "1-9",
        "doi": "10.5555/Kelp.1",
        "url": "https://doi.org/10.5555/kelp.1",
        "issn": "1234-5679",
        "abstract": "Kelp bends, p < 0.05.",
    }


def test_openalex() -> None:
    record = one(openalex.FORMAT, OPENALEX)
    assert (record.type, record.get("journal"), record.get("year"), record.get("pages")) == (
        "article", "Journal of Kelp", "2020", "1--9",
    )  # fmt: skip
    assert record.get("abstract") == "Kelp bends Kelp again."
    assert (record.get("doi"), record.get("eprint"), record.get("pmid")) == ("10.5555/kelp.1", "2001.00001", "123456")


def test_semantic_scholar() -> None:
    record = one(semanticscholar.FORMAT, [SEMANTIC])
    assert (record.type, record.get("booktitle", "journal")) in {("misc", "ArXiv"), ("inproceedings", "NeurIPS")}
    assert (record.get("author"), record.get("eprint"), record.get("month")) == ("Jane Doe", "2001.00001", "March")


def test_dblp() -> None:
    record = one(dblp.FORMAT, {"result": {"hits": {"hit": {"info": DBLP}}}})
    assert (record.type, record.id) == ("inproceedings", "DBLP:conf/noise/DoeR20")
    assert record.get("author") == "Jane Doe and Ann Roe"
    assert (record.get("title"), record.get("booktitle"), record.get("series")) == (
        "Kelp in Noise",
        "NoiseConf",
        "LNKS",
    )


DBLP_XML = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE dblp SYSTEM "dblp.dtd">
<dblp>
<inproceedings key="conf/noise/DoeR20" mdate="2020-01-01"><author>J&uuml;rgen Doe 0002</author><author>Ann Roe</author>
<title>Kelp in <i>Noise</i> &amp; Tide.</title><booktitle>NoiseConf</booktitle><year>2020</year>
<ee>https://doi.org/10.5555/kelp.1</ee></inproceedings>
"""


def test_records_of_dblp_in_xml() -> None:
    snapshot = dblp.FORMAT.read(f"{DBLP_XML}</dblp>".encode("latin-1"), "d.xml")
    (record,) = snapshot.records
    assert (record.type, record.id, record.line) == ("inproceedings", "DBLP:conf/noise/DoeR20", 4)
    assert record.fields == {
        "author": "Jürgen Doe and Ann Roe",
        "title": "Kelp in Noise & Tide",
        "booktitle": "NoiseConf",
        "year": "2020",
        "doi": "10.5555/kelp.1",
        "url": "https://doi.org/10.5555/kelp.1",
    }
    assert snapshot.problems == ()


def test_xml_that_is_cut_off_gives_what_came_before() -> None:
    snapshot = dblp.FORMAT.read(f"{DBLP_XML}<article key='x'><title>Half".encode("latin-1"), "d.xml")
    assert len(snapshot.records) == 1
    (problem,) = snapshot.problems
    assert (problem.line, problem.fatal) == (7, True)


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<?xml version="1.0"?>\n<!DOCTYPE dblp [<!ENTITY a "kelp">\n<!ENTITY b "&a;&a;">]>\n<dblp><article/></dblp>'
    with pytest.raises(SourceError, match="d.xml:2: XML that declares entities"):
        dblp.FORMAT.read(bomb, "d.xml")


def test_any_papers_in_json() -> None:
    record = one(paperjson.FORMAT, [DAILY])
    assert record.fields == {
        "title": "Kelp in Noise",
        "author": "Jane Doe",
        "year": "2024",
        "month": "January",
        "day": "5",
        "url": "https://arxiv.org/abs/2401.00001",
        "abstract": "Kelp bends.",
        "archiveprefix": "arXiv",
        "eprint": "2401.00001",
    }


@pytest.mark.parametrize(("form", "wrap", "item"), WRAPPED, ids=NAMES)
class TestAnyService:
    def test_lists_single_ones_and_lines(self, form: Format, wrap: Any, item: Any) -> None:
        assert len(read(form, wrap([item] * 3)).records) == 3
        lines = "\n".join(json.dumps(item) for _ in range(4))
        assert [record.index for record in form.read(lines.encode(), "x").records] == [1, 2, 3, 4]

    @pytest.mark.parametrize("indent", [None, 2])
    def test_cut_off(self, form: Format, wrap: Any, item: Any, indent: int | None) -> None:
        text = json.dumps(wrap([item] * 3), indent=indent)
        for share in (0.5, 0.7, 0.9):
            snapshot = form.read(text[: int(len(text) * share)].encode(), "x")
            assert 1 <= len(snapshot.records) < 3
            (problem,) = snapshot.problems
            assert problem.fatal
            assert "ends inside a record" in problem.message

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"<html><head><title>503</title>", "web page or XML|without papers|no record of dblp|well-formed"),
            (b"", "empty"),
            (b"{}", "no record of"),
            (b'{"message": "Resource not found."}', "Resource not found"),
            (b'{"a": [1, 2 3]}', "no record of|no JSON"),
            (b'{"a": [1, tru, 3]}', r":1: .*this cannot be read: Expecting value, line 1 column 10"),
            (b"[" * 100_000, "nested too deeply|not JSON"),
        ],
    )
    def test_nothing_to_read(self, form: Format, wrap: Any, item: Any, data: bytes, reason: str) -> None:
        with pytest.raises(SourceError, match=reason):
            form.read(data, "x")

    def test_what_is_not_built_as_it_should_be(self, form: Format, wrap: Any, item: Any) -> None:
        inner = item.get("paper", item)
        for name in inner:
            for wrong in (None, 7, "x", [], {}, [None], [7], ["x"], {"x": 7}):
                odd = {**item, "paper": {**inner, name: wrong}} if "paper" in item else {**item, name: wrong}
                snapshot = read(form, wrap([odd, item]))
                assert len(snapshot.records) + len(snapshot.problems) in (1, 2)
                assert snapshot.records[-1].get("title").startswith("Kelp in Noise")


LEAVES = st.none() | st.integers() | st.text(max_size=5)
WORDS = st.sampled_from(["DOI", "type", "title", "abstract", "authors", "paperId", "key"])


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner), max_leaves=10))
def test_no_json_makes_a_reader_fail(value: Any) -> None:
    for form, _, _ in WRAPPED:
        with contextlib.suppress(SourceError):
            form.read(json.dumps(value).encode(), "x")


def test_persons_of_dblp_are_no_papers() -> None:
    person = '<www key="homepages/1/1"><author>Jane Doe</author><title>Home Page</title></www>'
    page = '<www key="reference/x"><title>Kelp Online</title></www>'
    snapshot = dblp.FORMAT.read(f"{DBLP_XML}{person * 2}{page}</dblp>".encode("latin-1"), "d.xml")
    assert [record.get("title") for record in snapshot.records] == ["Kelp in Noise & Tide", "Kelp Online"]
    assert [(problem.kind, problem.message[:10]) for problem in snapshot.problems] == [("note", "2 entries ")]


@pytest.mark.parametrize(
    ("declared", "codec", "told"),
    [("ISO-8859-1", "latin-1", []), ("UTF-8", "utf-8", []), ("UTF-8", "latin-1", ["not UTF-8; read as Latin-1"]),
     ("GB18030", "gb18030", [])],
)  # fmt: skip
def test_encodings_of_xml(declared: str, codec: str, told: list[str]) -> None:
    text = DBLP_XML.replace("ISO-8859-1", declared).replace("J&uuml;rgen", "Jürgen")
    snapshot = dblp.FORMAT.read(f"{text}</dblp>".encode(codec), "d.xml")
    assert snapshot.records[0].get("author") == "Jürgen Doe and Ann Roe"
    assert [problem.message for problem in snapshot.problems] == told


def test_characters_that_xml_does_not_allow_cost_no_record() -> None:
    snapshot = dblp.FORMAT.read(f"{DBLP_XML}</dblp>".replace("Kelp in", "Kelp\x0b in").encode(), "d.xml")
    assert snapshot.records[0].get("title") == "Kelp in Noise & Tide"
    assert [problem.line for problem in snapshot.problems] == [5]


def test_the_dump_of_arxiv() -> None:
    item = {
        "id": "0704.0001", "submitter": "Jane Doe", "authors": "J. Doe and M. Roe Jr", "title": "Kelp in\n  Noise",
        "comments": "9 pages", "journal-ref": "J. Kelp 7:1-9,2008", "doi": "10.5555/kelp.1", "license": None,
        "categories": "hep-ph cs.LG", "abstract": "  Kelp bends.\n", "update_date": "2008-11-26",
        "authors_parsed": [["Doe", "J.", ""], ["Roe", "M.", "Jr"]],
    }  # fmt: skip
    lines = "\n".join([json.dumps(item)] * 2).encode()
    record, _ = detect(lines, "arxiv-metadata-oai-snapshot.json").read(lines, "x").records
    assert record.fields == {
        "title": "Kelp in Noise",
        "author": "Doe, J. and Roe, Jr, M.",
        "journal": "J. Kelp 7:1-9,2008",
        "year": "2007",
        "month": "April",
        "doi": "10.5555/kelp.1",
        "url": "https://arxiv.org/abs/0704.0001",
        "abstract": "Kelp bends.",
        "note": "9 pages",
        "archiveprefix": "arXiv",
        "eprint": "0704.0001",
        "primaryclass": "hep-ph",
    }
