"""A reader marks an id as a citation key where its format defines it as one, whatever its form."""

import pytest

from refsync.formats.registry import format_named
from refsync.records import Record
from tests.formats.samples.json import json_file

ODD = "17"
"""A key that has the form of a number of a database."""


@pytest.mark.parametrize(
    "name", "bibtex ris endnotexml enw nbib csljson cslyaml hayagriva cff mods wordxml jsonl csv".split()
)
def test_a_key_of_any_form_survives_each_format(name: str) -> None:
    form = format_named(name)
    assert form.write is not None
    records = [
        Record("a.bib", number, key, type="article", fields={"title": f"T{number}", "year": "2020"}, markup="latex")
        for number, key in enumerate((ODD, "roe2020kelp"), 1)
    ]
    read = form.read(form.write(records), "b").records
    assert [record.id for record in read] == [ODD, "roe2020kelp"]
    again = form.read(form.write(read), "c").records
    assert [(record.id, record.id_is_key) for record in again] == [(record.id, record.id_is_key) for record in read]
    if name != "bibtex":  # whose ids are keys
        assert all(record.id_is_key or record.markup == "latex" or record.id != ODD for record in read)


CITAVI = (
    '<CitaviExchangeData><References><Reference id="r1"><Title>T</Title><BibTeXKey>17</BibTeXKey></Reference>'
    "</References></CitaviExchangeData>"
)


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("papis", b"ref: '17'\ntitle: T\nyear: 2020\n", ODD),
        ("papis", b"title: T\nyear: 2020\n", ""),
        (
            "inspire",
            json_file({"titles": [{"title": "T"}], "texkeys": ["Roe:2020abc"], "control_number": 5}),
            "Roe:2020abc",
        ),
        ("inspire", json_file({"titles": [{"title": "T"}], "control_number": 5}), ""),
        ("citavi", CITAVI.encode(), ODD),
        ("citavi", CITAVI.replace("<BibTeXKey>17</BibTeXKey>", "").encode(), ""),
        (
            "mods",
            b"<mods><titleInfo><title>T</title></titleInfo><identifier type='citekey'>17</identifier></mods>",
            ODD,
        ),
        ("mods", b"<mods ID='17'><titleInfo><title>T</title></titleInfo></mods>", ""),
        ("nbib", b"PMID- 17\nTI  - T\nDP  - 2020\n", ""),
        ("enw", b"%0 Journal Article\n%T T\n%F roe2020\n", "roe2020"),
        ("enw", b"%0 Journal Article\n%T T\n%F Review\n", ""),
        ("cslyaml", b"references:\n- id: 17\n  type: book\n  title: T\n", ODD),
        ("cslyaml", b"references:\n- id: http://library.example/items/17\n  type: book\n  title: T\n", ""),
    ],
)
def test_only_what_the_format_calls_a_key_is_one(name: str, data: bytes, key: str) -> None:
    (record,) = format_named(name).read(data, "a").records
    assert record.id_is_key == bool(key)
    if key:
        assert record.id == key
