"""Every reader with every writer: what both formats can represent is kept."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.formats.common.text_record import split_keywords, to_text_record
from refsync.formats.registry import detect, formats
from refsync.records import Record
from tests.formats.reading import through
from tests.formats.samples.json import CSL_ITEM, ZOTERO_ITEM
from tests.formats.samples.more import MORE
from tests.formats.samples.records import records
from tests.formats.samples.ris import ZOTERO_RIS
from tests.formats.samples.services import ATOM, CROSSREF, DBLP_XML, OPENALEX, SEMANTIC
from tests.formats.samples.tables import TABLES, as_csv
from tests.formats.samples.tagged import COCHRANE, ENW, NBIB, OVID_NAMES, OVID_TAGS, WOS
from tests.formats.samples.xml import ENDNOTE_RECORD, PUBMED, endnote_file
from tests.sweeps import examples, part_of

WRITERS = tuple(
    "bibtex cff csljson cslyaml csv endnotexml enw hayagriva jsonl mods nbib parquet ris tsv wordxml".split()
)
ONE_WAY = {"bibliography", "bibliography-text", "markdown"}
SAMPLES = {
    "cochrane": COCHRANE, "ovid, tags": OVID_TAGS, "ovid, names": OVID_NAMES, "enw": ENW, "nbib": NBIB, "wos": WOS,
    "pubmedxml": PUBMED, "endnotexml": endnote_file(ENDNOTE_RECORD), "ris": ZOTERO_RIS,
    "csljson": json.dumps([CSL_ITEM]), "zoterojson": json.dumps([ZOTERO_ITEM]),
    "crossref": json.dumps({"message": CROSSREF}), "dblp": f"{DBLP_XML}</dblp>", "openalex": json.dumps(OPENALEX),
    "semanticscholar": json.dumps([SEMANTIC]), "feed": f"{ATOM}</feed>",
    **{f"csv, {name}": as_csv(name) for name in TABLES}, **MORE,
}  # fmt: skip


def comparable(record: Record) -> tuple[str, dict[str, object], dict[str, tuple[object, ...]]]:
    """The values of a record as text: white space folded, dashes between pages alike, keywords one by one."""
    text = to_text_record(record)
    fields: dict[str, object] = {name: " ".join(value.split()) for name, value in text.fields.items()}
    fields.pop("key", "")  # which BibTeX's writer gives where nobody is named
    if "pages" in fields:
        fields["pages"] = text.get("pages").replace("--", "-").replace("–", "-")
    if "keywords" in fields:
        fields["keywords"] = split_keywords(text.get("keywords"))
    return text.type, fields, dict(text.creators)


def test_all_writers_are_here() -> None:
    assert {name for name, form in formats().items() if form.write} == {*WRITERS, *ONE_WAY}


def in_bibtex(record: Record) -> Record:
    """What BibTeX can't say: braces in text are its own, and names of fields have neither spaces nor brackets."""
    fields = {
        re.sub(r"[^\w./-]+", "-", name).strip("-"): value if name in ("author", "editor") else re.sub("[{}]", "", value)
        for name, value in record.fields.items()
    }
    return replace(record, fields=fields)


def no_latex(record: Record) -> bool:
    """Text may hold LaTeX, which BibTeX's writer leaves as it is: formulas, commands, ties (`Fig.~1`)."""
    return not any(sign in value for value in record.fields.values() for sign in "$\\~")


@settings(max_examples=examples(3))
@given(st.lists(records().filter(no_latex), min_size=1, max_size=2, unique_by=lambda record: record.id))
@pytest.mark.parametrize(("first", "second"), part_of(5, WRITERS, WRITERS))
def test_two_formats_one_after_the_other(first: str, second: str, given_: list[Record]) -> None:
    once = through(first, given_)
    twice = through(second, once)
    assert [comparable(record) for record in once] == [comparable(record) for record in given_]
    assert [comparable(record) for record in twice] == [comparable(record) for record in given_]


@pytest.mark.parametrize(("name", "writer"), part_of(5, SAMPLES, WRITERS))
def test_what_any_reader_gives_any_writer_keeps(name: str, writer: str) -> None:
    data = SAMPLES[name].encode()
    given_ = detect(data, "export").read(data, "export").records
    expected = [comparable(in_bibtex(record) if writer == "bibtex" else record) for record in given_]
    assert [comparable(record) for record in through(writer, given_)] == expected
