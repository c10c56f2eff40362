"""Variables of CSL that hold several fields, or that no field of BibTeX has."""

import json
from typing import Any

import pytest

from refsync.formats.json import csljson
from refsync.records import Record
from tests.formats.samples.json import json_file


def written(type_: str, markup: str = "latex", **fields: str) -> dict[str, Any]:
    record = Record("a.bib", 1, "roe2020", type=type_, fields={"title": "T"} | fields, markup=markup)  # type: ignore[arg-type]
    data = csljson.write([record])
    (again,) = csljson.read(data, "a.json").records
    assert again.fields == record.fields
    assert again.type == type_
    (item,) = json.loads(data)
    assert isinstance(item, dict)
    return item


@pytest.mark.parametrize(
    ("type_", "fields", "publisher"),
    [
        ("manual", {"organization": "Kelp Society"}, "Kelp Society"),
        ("inproceedings", {"organization": "Kelp Society", "publisher": "Moss"}, "Kelp Society; Moss"),
        ("techreport", {"institution": "Moss Lab"}, "Moss Lab"),
        ("techreport", {"institution": "Moss Lab", "publisher": "Moss"}, "Moss Lab; Moss"),
        ("misc", {"howpublished": "Handed out at sea"}, "Handed out at sea"),
        ("misc", {"publisher": "Moss", "organization": "Moss"}, "Moss"),
        ("misc", {"howpublished": "https://kelp.example/a"}, None),
        ("book", {"publisher": "https://kelp.example/a"}, "https://kelp.example/a"),
    ],
)
def test_the_publisher_names_all_bodies_and_each_field_comes_back(
    type_: str, fields: dict[str, str], publisher: str | None
) -> None:
    assert written(type_, **fields).get("publisher") == publisher


def test_a_publisher_that_was_changed_elsewhere_is_kept() -> None:
    item = written("manual", organization="Kelp Society")
    (record,) = csljson.read(json_file(item | {"publisher": "Moss"}), "a").records
    assert (record.get("organization"), record.get("publisher")) == ("Kelp Society", "Moss")


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"langid": "ngerman"}, "de-DE"),
        ({"hyphenation": "british"}, "en-GB"),
        ({"langid": "english", "language": "Old Norse"}, "Old Norse"),
        ({"langid": "klingon"}, None),
    ],
)
def test_a_babel_name_is_a_language_tag(fields: dict[str, str], language: str | None) -> None:
    assert written("book", **fields).get("language") == language


def test_a_part_of_a_book_names_the_book_and_its_author() -> None:
    item = written("inbook", booktitle="Mosses", series="Plants", number="7", bookauthor="Roe, Ann and {Kelp Group}")
    assert (item["type"], item["container-title"], item["collection-number"]) == ("chapter", "Mosses", "7")
    assert item["container-author"] == [{"family": "Roe", "given": "Ann"}, {"literal": "Kelp Group"}]


def test_proceedings_in_a_series_have_its_number() -> None:
    item = written("proceedings", series="Plants", number="7", pubstate="forthcoming", origpublisher="Old Moss")
    assert (item["collection-number"], item["status"], item["original-publisher"]) == ("7", "forthcoming", "Old Moss")


def test_variables_and_people_without_a_field_are_written_as_they_were_read() -> None:
    item = {
        "id": "roe2020", "type": "book", "title": "T", "dimensions": "3 cm", "medium": "wax",
        "illustrator": [{"family": "Roe", "given": "Ann"}, {"literal": "Kelp and Moss"}],
    }  # fmt: skip
    (again,) = json.loads(csljson.write(csljson.read(json_file(item), "a").records))
    assert again == item


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Weinan {E}", {"family": "E", "given": "Weinan"}),
        ("Erik {Van Moss}", {"family": "Van Moss", "given": "Erik"}),
        (r"Jos{\'e} de {La Roe}", {"family": "La Roe", "given": "José", "non-dropping-particle": "de"}),
        ("Bart ter Haar Moss", {"family": "Haar Moss", "given": "Bart", "non-dropping-particle": "ter"}),
        ("Guy {Moss Jr.}", {"family": "Moss", "given": "Guy", "suffix": "Jr."}),
        ("Jane A. Roe", {"family": "Roe", "given": "Jane A."}),
    ],
)
def test_braces_and_particles_say_where_the_family_name_begins(name: str, parts: dict[str, str]) -> None:
    record = Record("a.bib", 1, "k", fields={"author": name}, markup="latex")
    (item,) = json.loads(csljson.write([record]))
    assert item["author"] == [parts]
