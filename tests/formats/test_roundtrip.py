"""What a format can hold comes back from it as it was; what our own output says of any record is read again."""

from functools import partial
from unicodedata import normalize
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.json import csljson, jsonl
from refsync.formats.pages import markdown
from refsync.formats.registry import Format
from refsync.formats.tables import delimited
from refsync.formats.tagged import enw, nbib, ris, wos
from refsync.formats.xml import endnote as endnotexml
from refsync.records import Record
from refsync.text.identifiers import doi

_LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S"], include_characters=" ")
WORDS = st.text(_LETTERS, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
NAME = (
    st.text(st.characters(categories=["Lu", "Ll"]), min_size=2, max_size=9)
    .map(partial(normalize, "NFC"))  # the readers' form of names
    .filter(lambda name: name.lower() != "and")
)
PERSON = st.one_of(st.tuples(NAME, NAME).map(", ".join), st.tuples(NAME, st.just("Jr."), NAME).map(", ".join))
PEOPLE = st.lists(
    st.one_of(PERSON, st.tuples(NAME, NAME).map(lambda two: f"{{{two[0]} and {two[1]}}}")), min_size=1, max_size=4
).map(" and ".join)
WORD = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=9)
NUMBER = st.integers(1, 9999).map(str)
DATE = st.one_of(
    st.fixed_dictionaries({"year": st.integers(1000, 2099).map(str)}),
    st.fixed_dictionaries(
        {"year": st.just("2020"), "month": st.sampled_from(["January", "May", "December"])},
        optional={"day": st.integers(1, 28).map(str)},
    ),
)
COMMON = {
    "author": PEOPLE,
    "editor": PEOPLE,
    "volume": NUMBER,
    "number": NUMBER,
    "pages": st.tuples(NUMBER, NUMBER).map("--".join),
    "doi": WORD.map("10.1000/{}".format),
    "url": WORD.map("https://a.example/{}".format),
    "issn": st.just("1234-5679"),
    "isbn": st.just("978-0-306-40615-7"),
    "abstract": WORDS,
    "keywords": st.lists(WORD, min_size=1, max_size=4, unique=True).map(", ".join),
    "language": WORD,
    "address": WORDS,
    "shelf": WORDS,
}
CONTAINERS = {
    "article": ("journal", "publisher"),
    "misc": ("journal", "publisher"),
    "dataset": ("journal", "publisher"),
    "patent": ("journal", "publisher"),
    "book": ("series", "publisher"),
    "incollection": ("booktitle", "publisher"),
    "inproceedings": ("booktitle", "publisher"),
    "phdthesis": ("series", "school"),
    "techreport": ("series", "institution"),
}


@st.composite
def records(draw: st.DrawFn) -> Record:
    type_ = draw(st.sampled_from(list(CONTAINERS)))
    optional = COMMON | dict.fromkeys(CONTAINERS[type_], WORDS)
    fields = draw(st.fixed_dictionaries({"title": WORDS}, optional=optional)) | draw(DATE)
    return Record("a", 1, draw(WORD), type_, fields)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(records(), min_size=1, max_size=3, unique_by=lambda record: record.id))
@pytest.mark.parametrize(
    "form", [ris.FORMAT, endnotexml.FORMAT, csljson.FORMAT, jsonl.FORMAT, delimited.FORMAT, delimited.TSV]
)
def test_what_a_format_holds_comes_back(form: Format, given_: list[Record]) -> None:
    assert form.write
    snapshot = form.read(form.write(given_), "a")
    assert [problem for problem in snapshot.problems if problem.kind not in ("note", "columns")] == []
    assert [(one.id, one.type, dict(one.fields)) for one in snapshot.records] == [
        (one.id, one.type, dict(one.fields)) for one in given_
    ]


_ANY = st.text(max_size=40)
_NAMES = st.sampled_from([*COMMON, "title", "date", "year", "month", "ris-ty", "csl-type", "journaltitle"])
_ANY_RECORD = st.builds(
    Record,
    source=st.just("a"),
    index=st.just(1),
    id=_ANY,
    type=st.one_of(st.sampled_from([*CONTAINERS, "online", "thesis"]), _ANY),
    fields=st.dictionaries(st.one_of(_NAMES, _ANY), _ANY, max_size=6),
    markup=st.sampled_from(["text", "latex"]),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(_ANY_RECORD, min_size=1, max_size=3))
@pytest.mark.parametrize("form", [ris.FORMAT, endnotexml.FORMAT, csljson.FORMAT, jsonl.FORMAT, delimited.FORMAT])
def test_every_record_is_in_the_file_whatever_it_holds(form: Format, given_: list[Record]) -> None:
    title = Record("a", 1, "last", "misc", {"title": "The last one of them"})
    assert form.write
    snapshot = form.read(form.write([*given_, title]), "a")
    assert len(snapshot.records) == len(given_) + 1
    assert snapshot.records[-1].get("title") == "The last one of them"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.binary(max_size=300), st.sampled_from([b"TY  - JOUR\nTI  - A\n", b"PMID- 1\nTI  - A\n", b"PT J\nTI A\n"]))
def test_no_bytes_are_a_fault(noise: bytes, start: bytes) -> None:
    for form in (ris.FORMAT, nbib.FORMAT, wos.FORMAT, enw.FORMAT, endnotexml.FORMAT):
        form.sniff(start + noise)
        try:
            read = form.read(start + noise, "a").records
        except SourceError:
            continue
        assert read


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(records(), min_size=1, max_size=3))
def test_a_markdown_list_is_read_back_whole(given_: list[Record]) -> None:
    assert markdown.FORMAT.write
    snapshot = markdown.FORMAT.read(markdown.FORMAT.write(given_), "a")
    assert [record.get("title") for record in snapshot.records] == [record.get("title") for record in given_]
    for record, before in zip(snapshot.records, given_, strict=True):
        assert (record.get("year"), record.get("doi")) == (before.get("year"), doi(before.get("doi")))
        assert record.get("doi") or unquote(record.get("url")) == before.get("url")


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(_ANY_RECORD, min_size=1, max_size=3))
def test_every_record_is_in_a_markdown_list_whatever_it_holds(given_: list[Record]) -> None:
    title = Record("a", 1, "last", "misc", {"title": "The last one of them"})
    assert markdown.FORMAT.write
    snapshot = markdown.FORMAT.read(markdown.FORMAT.write([*given_, title]), "a")
    assert len(snapshot.records) == len(given_) + 1
    assert snapshot.records[-1].get("title") == "The last one of them"
