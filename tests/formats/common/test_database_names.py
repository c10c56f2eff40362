"""Names as databases write them."""

import json

import pytest

from refsync.formats.bibtex.format import read
from refsync.formats.common.database_names import bibtex_name, single_names, without_degrees
from refsync.formats.common.dialect import to_dialect
from refsync.formats.common.field_values import join_names
from refsync.formats.common.text_record import creator_names
from refsync.formats.json import csljson
from refsync.formats.tagged import nbib, ris
from refsync.formats.xml import pubmed
from refsync.records import Name, Record
from refsync.text.names import parse_name
from refsync.zotero.items.creators import to_creators
from tests.formats.reading import only_json_record, read_table, through


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Fern E.", "Fern, E."), ("van der Reed R.E.", "van der Reed, R.E."), ("SMITH JA", "SMITH, JA"),
        ("de la Moss M", "de la Moss, M"), ("Fern-Reed E", "Fern-Reed, E"), ("Moss Fern A.-B.", "Moss Fern, A.-B."),
        ("Jane Doe", "Jane Doe"), ("J. Doe", "J. Doe"), ("JA Doe", "JA Doe"), ("Doe, Jane", "Doe, Jane"),
        ("Doe, Jane, Jr.", "Doe, Jr., Jane"), ("Martin Reed III", "Martin Reed III"), ("Plato", "Plato"),
        ("World Kelp Organisation,", "{World Kelp Organisation}"), ("Board of Moss, Oslo,", "{Board of Moss, Oslo}"),
        ("Ministry of Moss", "{Ministry of Moss}"), ("Kelp Trust of Wales", "{Kelp Trust of Wales}"),
        ("United Nations Kelp Programme", "{United Nations Kelp Programme}"), ("Frank Press", "Frank Press"),
        ("Ann School", "Ann School"), ("John C. Bank", "John C. Bank"), ("et al.", "others"), ("and others", "others"),
        ("{Any Thing}", "{Any Thing}"),
    ],
)  # fmt: skip
def test_one_name(name: str, expected: str) -> None:
    assert bibtex_name(name) == expected
    assert bibtex_name(expected) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Smith J, Doe AB, et al.", "Smith, J and Doe, AB and others"),
        ("Smith J, Doe AB", "Smith, J and Doe, AB"),
        ("Smith, J., et al.", "Smith, J. and others"),
        ("Doe, Jane", "Doe, Jane"),
        ("Smith J & others", "Smith, J and others"),
    ],
)
def test_several_names_in_one_value(value: str, expected: str) -> None:
    assert join_names([value]) == expected
    assert join_names(single_names(value)) == expected
    (record,) = ris.read(f"TY  - BOOK\nAU  - {value}\nTI  - T\nER  - \n".encode(), "a.ris").records
    assert record.get("author") == expected


def test_degrees_and_addresses_of_ovid() -> None:
    assert without_degrees("Roe, Ann MD, PhD") == "Roe, Ann"
    assert without_degrees("Roe, Ann. a.roe@kelp.example") == "Roe, Ann."
    assert without_degrees("Ma, Jin MA") == "Ma, Jin"
    assert without_degrees("Do, MD") == "Do, MD"


EXTENDED = "given=Hans, prefix=von, family=Elm and {family={Moss, Ltd}} and family=Roe, given={Ann Mia}, suffix=Jr"


def test_names_with_named_parts() -> None:
    (record,) = read(f"@book{{k, author = {{{EXTENDED}}}}}".encode(), "a.bib").records
    expected = (Name("Elm", "Hans", "von"), Name("Moss, Ltd"), Name("Roe", "Ann Mia", suffix="Jr"))
    assert creator_names(record, "author")[::2] == expected[::2]
    assert to_dialect(record, "bibtex").get("author").startswith("von Elm, Hans and ")
    assert to_dialect(record, "biblatex").get("author") == EXTENDED
    assert parse_name("family=Elm, given=Hans") == Name("Elm", "Hans")
    assert to_creators(EXTENDED, "author", "latex")[0] == {
        "creatorType": "author", "firstName": "Hans", "lastName": "von Elm",
    }  # fmt: skip
    assert parse_name("Roe = Poe") == Name("Poe", "Roe =")


def test_et_al_of_latex_is_others() -> None:
    (record,) = read(b"@book{k, author = {Roe, A. and et al.}}", "a.bib").records
    assert creator_names(record, "author") == (Name("Roe", "A."), Name("others"))
    assert len(to_creators("Roe, A. and et al.", "author", "latex")) == 1


def test_groups_of_pubmed_keep_their_place() -> None:
    text = b"PMID- 1\nTI  - T\nFAU - Roe, Ann\nCN  - Kelp Group of\n      Oslo\nFAU - Poe, Ed\nSO  - x\n"
    assert nbib.FORMAT.read(text, "a").records[0].get("author") == "Roe, Ann and {Kelp Group of Oslo} and Poe, Ed"
    old = b"PMID- 1\nTI  - T\nAU  - Roe A\nCN  - Kelp Group\nSO  - x\n"
    assert nbib.FORMAT.read(old, "a").records[0].get("author") == "Roe, A and {Kelp Group}"
    names = "<LastName>Roe</LastName>", "<CollectiveName>Kelp Group</CollectiveName>", "<LastName>Poe</LastName>"
    authors = "".join(f"<Author>{name}</Author>" for name in names)
    article = f"<Article><ArticleTitle>T</ArticleTitle><AuthorList>{authors}</AuthorList></Article>"
    record = f"<PubmedArticle><MedlineCitation><PMID>1</PMID>{article}</MedlineCitation></PubmedArticle>"
    xml = f"<PubmedArticleSet>{record}</PubmedArticleSet>"
    assert pubmed.FORMAT.read(xml.encode(), "a").records[0].get("author") == "Roe and {Kelp Group} and Poe"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("A1  - Roe, A\nAU  - Poe, E\nA1  - Fern, B", "Roe, A and Poe, E and Fern, B"),
        ("AU  - Poe, E\nA1  - Roe, A", "Poe, E and Roe, A"),
        ("A1  - Roe, A\nA1  - Poe, E\nAU  - Roe, Ann\nAU  - Poe, Ed", "Roe, Ann and Poe, Ed"),
        ("A1  - Roe, A", "Roe, A"),
    ],
)
def test_both_tags_for_authors_keep_their_order(lines: str, expected: str) -> None:
    (record,) = ris.read(f"TY  - BOOK\nTI  - T\n{lines}\nER  - \n".encode(), "a.ris").records
    assert record.get("author") == expected


@pytest.mark.parametrize("name", ["ris", "endnotexml", "csljson", "csv", "bibtex"])
def test_bodies_stay_bodies(name: str) -> None:
    given = Record("a", 1, "k1", "book", {"title": "T", "author": "{Blue Kelp} and {Ministry of Moss} and Roe, Ann"})
    assert through(name, [given])[0].get("author") == given.get("author")


def test_particles_of_csl() -> None:
    author = [
        {"family": "Reed", "given": "Ann", "non-dropping-particle": "van der"},
        {"family": "Van Dyke", "given": "Bo"},
        {"literal": "Board of Kelp"},
    ]
    record = only_json_record(csljson.FORMAT, [{"id": "k1", "type": "book", "title": "T", "author": author}])
    assert json.loads(csljson.write([record]))[0]["author"] == author


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Fern E.; SMITH JA", "Fern, E. and SMITH, JA"),
        ('"Smith J, Doe AB, et al."', "Smith, J and Doe, AB and others"),
        ("Fern E.", "Fern, E."),
        ("Ministry of Moss", "{Ministry of Moss}"),
    ],
)
def test_names_of_tables(cell: str, expected: str) -> None:
    assert read_table(f"title,authors,year\nT,{cell},2020\n").records[0].get("author") == expected
