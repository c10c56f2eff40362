"""People of .bib files in other formats: several in one name, particles that are dropped."""

import json
from typing import Any

import pytest

from refsync.formats.bibtex import format as bibtex
from refsync.formats.registry import format_named


def people(author: str) -> list[str]:
    records = bibtex.read(f"@misc{{a, author = {{{author}}}, title = {{Kelp}}}}".encode(), "a.bib").records
    write = format_named("csljson").write
    assert write is not None
    (item,) = json.loads(write(records))
    return [
        person.get("literal", "") or ", ".join(filter(None, (person["family"], person.get("given", ""))))
        for person in item["author"]
    ]


@pytest.mark.parametrize(
    ("author", "read"),
    [
        ("Roe, Ann; Poe, Ed", ["Roe, Ann", "Poe, Ed"]),
        ("Roe A; Poe E and Doe, Jane", ["Roe, A", "Poe, E", "Doe, Jane"]),
        ("Ann Roe \\& Ed Poe", ["Roe, Ann", "Poe, Ed"]),
        ("Ann Roe & Ed Poe", ["Roe, Ann", "Poe, Ed"]),
        ("Roe, A., Poe, E., Doe, J.", ["Roe, A.", "Poe, E.", "Doe, J."]),
        ("Roe, A., Poe, E. and Doe, J.", ["Roe, A.", "Poe, E.", "Doe, J."]),
        ("{Fern; Elm Ltd}", ["Fern; Elm Ltd"]),
        ("{Roe & Poe Society}", ["Roe & Poe Society"]),
        ("Society of Kelp \\& Moss", ["Society of Kelp & Moss"]),
        ("King, Jr., Martin", ["King, Martin"]),
        ("family=Elm, given=Hans, prefix=von, useprefix=true", ["Elm, Hans"]),
    ],
)
def test_several_people_in_one_name(author: str, read: list[str]) -> None:
    assert people(author) == read


@pytest.mark.parametrize("name", ["csljson", "cslyaml", "bibtex", "ris", "endnotexml", "mods", "csv"])
def test_dropping_particles_stay(name: str) -> None:
    authors: list[dict[str, Any]] = [
        {"family": "Elm", "given": "Hans", "dropping-particle": "von"},
        {"family": "Ash", "given": "Ida", "non-dropping-particle": "van der"},
        {"family": "Yew", "given": "Jan", "dropping-particle": "de la", "suffix": "Jr."},
    ]
    csljson = format_named("csljson")
    form = format_named(name)
    assert csljson.write is not None
    assert form.write is not None
    item = {"id": "a", "type": "book", "title": "Kelp", "author": authors}
    records = csljson.read(json.dumps([item]).encode(), "a.json").records
    assert records[0].get("author") == "Elm, Hans von and van der Ash, Ida and Yew, Jr., Jan de la"
    again = form.read(form.write(records), "b").records
    assert json.loads(csljson.write(again))[0]["author"] == authors


def test_a_lone_tilde_stays() -> None:
    (record,) = bibtex.read(rb"@misc{a, title = {Kelp at \~}, note = {see example.org/\~{}roe}}", "a.bib").records
    write = format_named("csljson").write
    assert write is not None
    (item,) = json.loads(write([record]))
    assert (item["title"], item["note"]) == ("Kelp at ~", "see example.org/~roe")
