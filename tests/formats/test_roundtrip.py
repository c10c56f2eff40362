"""What a format can represent is read back as it was written."""

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.pages import markdown
from refsync.formats.registry import format_named
from refsync.formats.tagged import enw, nbib, ris, wos
from refsync.formats.xml import endnote as endnotexml
from refsync.records import Record
from refsync.text.identifiers import doi
from tests.formats.samples.records import COMMON, CONTAINERS, records
from tests.sweeps import examples

WRITTEN = "cff csljson cslyaml csv endnotexml enw hayagriva jsonl mods nbib ris tsv wordxml".split()


@settings(max_examples=examples(30))
@given(st.lists(records(), min_size=1, max_size=3, unique_by=lambda record: record.id))
@pytest.mark.parametrize("form", WRITTEN, ids=str)
def test_what_a_format_holds_comes_back(form: str, given_: list[Record]) -> None:
    read, write = format_named(form).read, format_named(form).write
    assert write
    snapshot = read(write(given_), "a")
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


@settings(max_examples=examples(40))
@given(st.lists(_ANY_RECORD, min_size=1, max_size=3))
@pytest.mark.parametrize("form", [name for name in WRITTEN if name != "tsv"], ids=str)
def test_every_record_is_in_the_file_whatever_it_holds(form: str, given_: list[Record]) -> None:
    read, write = format_named(form).read, format_named(form).write
    title = Record("a", 1, "last", "misc", {"title": "The last one of them"})
    assert write
    snapshot = read(write([*given_, title]), "a")
    assert len(snapshot.records) == len(given_) + 1
    assert snapshot.records[-1].get("title") == "The last one of them"


@settings(max_examples=examples(60))
@given(st.binary(max_size=300), st.sampled_from([b"TY  - JOUR\nTI  - A\n", b"PMID- 1\nTI  - A\n", b"PT J\nTI A\n"]))
def test_any_bytes_are_read_or_refused_by_all_readers(noise: bytes, start: bytes) -> None:
    for form in (ris.FORMAT, nbib.FORMAT, wos.FORMAT, enw.FORMAT, endnotexml.FORMAT):
        form.sniff(start + noise)
        try:
            read = form.read(start + noise, "a").records
        except SourceError:
            continue
        assert read


@settings(max_examples=examples(20))
@given(st.lists(records(), min_size=1, max_size=3))
def test_a_markdown_list_is_read_back_whole(given_: list[Record]) -> None:
    assert markdown.FORMAT.write
    snapshot = markdown.FORMAT.read(markdown.FORMAT.write(given_), "a")
    assert [record.get("title") for record in snapshot.records] == [record.get("title") for record in given_]
    for record, before in zip(snapshot.records, given_, strict=True):
        assert (record.get("year"), record.get("doi")) == (before.get("year"), doi(before.get("doi")))
        assert record.get("doi") or unquote(record.get("url")) == before.get("url")


@settings(max_examples=examples(20))
@given(st.lists(_ANY_RECORD, min_size=1, max_size=3))
def test_every_record_is_in_a_markdown_list_whatever_it_holds(given_: list[Record]) -> None:
    title = Record("a", 1, "last", "misc", {"title": "The last one of them"})
    assert markdown.FORMAT.write
    snapshot = markdown.FORMAT.read(markdown.FORMAT.write([*given_, title]), "a")
    assert len(snapshot.records) == len(given_) + 1
    assert snapshot.records[-1].get("title") == "The last one of them"
