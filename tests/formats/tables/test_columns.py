"""The meaning of columns, guessed from their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.formats.tables import delimited
from refsync.formats.tables.columns import guess_columns, join_author_list
from tests.formats.reading import read_table

SCOPUS = (
    "Authors,Author full names,Author(s) ID,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,DOI,EID,"
    "Document Type"
)
WOS = "PT\tAU\tAF\tTI\tSO\tID\tPY\tVL\tBP\tEP\tDI\tUT"
PUBMED = "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI"
ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISSN","DOI","Abstract Note","Pages"'
)
RAYYAN = "key,title,year,month,journal,issn,volume,issue,pages,authors,url,abstract,notes,doi,keywords,pubmed_id"
COVIDENCE = "Title,Authors,Abstract,Published Year,Journal,Volume,Issue,Pages,DOI,Covidence #,Tags"
ASREVIEW = "record_id,title,authors,abstract,doi,included"


@pytest.mark.parametrize(
    ("header", "row", "kind", "fields"),
    [
        (
            SCOPUS,
            '"Doe J.; Roe A.","Doe, Jane (57190000001); Roe, Ann (57190000002)",1;2,Kelp,2020,KelpConf,7,2,,1,9,'
            "10.5555/k,2-s2.0-1,Conference paper",
            "inproceedings",
            {
                "author": "Doe, Jane and Roe, Ann",
                "booktitle": "KelpConf",
                "pages": "1--9",
                "number": "2",
                "scopus": "2-s2.0-1",
                "doi": "10.5555/k",
                "authors": "Doe J.; Roe A.",
            },
        ),
        (
            WOS,
            "J\tDoe, J; Roe, A\tDoe, Jane; Roe, Ann\tKelp\tJOURNAL OF KELP\tTIDE\t2020\t7\t1\t9\t10.5555/k\tWOS:1",
            "article",
            {
                "author": "Doe, Jane and Roe, Ann",
                "journal": "JOURNAL OF KELP",
                "year": "2020",
                "pages": "1--9",
                "wos": "WOS:1",
                "keywords plus": "TIDE",
            },
        ),
        (
            PUBMED,
            '123,Kelp,"Doe J, Roe AB.",J Kelp. 2020,Doe J,J Kelp,2020,2020/01/01,PMC1,,10.5555/k',
            "article",
            {
                "author": "Doe, J and Roe, AB",
                "pmid": "123",
                "pmcid": "PMC1",
                "journal": "J Kelp",
                "create date": "2020/01/01",
            },
        ),
        (
            ZOTERO,
            'ABCD2345,journalArticle,2020,"Doe, Jane; Roe, Ann",Kelp,J Kelp,1234-5679,10.5555/k,Kelp bends.,1-9',
            "article",
            {"author": "Doe, Jane and Roe, Ann", "abstract": "Kelp bends.", "journal": "J Kelp"},
        ),
        (
            RAYYAN,
            'rayyan-1,Kelp,2020,3,J Kelp,1234-5679,7,2,1-9,"Doe, Jane and Roe, Ann",,Kelp bends.,,10.5555/k,,123',
            "article",
            {"author": "Doe, Jane and Roe, Ann", "pmid": "123", "number": "2"},
        ),
        (
            COVIDENCE,
            'Kelp,"Doe, J.; Roe, A.",Kelp bends.,2020,J Kelp,7,2,1-9,10.5555/k,#12,x',
            "article",
            {"author": "Doe, J. and Roe, A.", "year": "2020", "covidence #": "#12", "keywords": "x"},
        ),
        (ASREVIEW, '0,Kelp,"Doe, J.; Roe, A.",Kelp bends.,10.5555/k,1', "misc", {"record_id": "0", "included": "1"}),
    ],
    ids=["scopus", "wos", "pubmed", "zotero", "rayyan", "covidence", "asreview"],
)
def test_what_databases_and_screening_tools_export(header: str, row: str, kind: str, fields: dict[str, str]) -> None:
    data = f"\ufeff{header}\r\n{row}\r\n".encode()
    assert delimited.sniff(data) >= 0.6
    snapshot = delimited.read(data, "t.csv")
    (record,) = snapshot.records
    assert (record.type, record.get("title")) == (kind, "Kelp")
    assert {name: record.get(name) for name in fields} == fields
    assert [problem.kind for problem in snapshot.problems] == ["columns"]


def test_guessed_columns_are_reported() -> None:
    snapshot = delimited.read(b"Article Title,Shelf\nKelp,B 12\n", "t.csv")
    (problem,) = snapshot.problems
    assert str(problem) == "t.csv:1: columns recognised: 'Article Title' as title; kept as they are: shelf"
    assert delimited.read(b"title,shelf\nKelp,B 12\n", "t.csv").problems == ()


def test_a_declared_separator_is_used() -> None:
    snapshot = delimited.read(b"sep=;\r\ntitle;note\r\nKelp, Noise;x\r\n", "t.csv")
    assert snapshot.records[0].fields == {"title": "Kelp, Noise", "note": "x"}
    assert snapshot.records[0].line == 3


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Doe, Jane", "Doe, Jane"),
        ("Doe, Jane and Roe, Ann", "Doe, Jane and Roe, Ann"),
        ("Doe J, Roe AB, Poe C", "Doe, J and Roe, AB and Poe, C"),
        ("Jane Doe; Kelp Group", "Jane Doe and {Kelp Group}"),
        ("", ""),
        ("|", "|"),
        (";", ";"),
    ],
)
def test_lists_of_authors(value: str, names: str) -> None:
    assert join_author_list(value) == names


@given(st.text("aJ;|,. ()7", max_size=12))
def test_no_list_of_authors_vanishes(value: str) -> None:
    assert bool(join_author_list(value).strip()) == bool(value.strip())


@given(st.lists(st.text(max_size=12), max_size=8))
def test_columns_of_any_name(header: list[str]) -> None:
    columns = guess_columns(header)
    assert len(columns.names) == len(header)
    assert all(columns.names)
    columns.notes("x")


def test_a_column_fills_empty_cells_of_another_with_the_same_meaning() -> None:
    snapshot = read_table(
        'Title,Number,Issue,Authors,Author full names\nMoss,,2,"Doe, J.; Roe, M.",\nKelp,3,,,"Poe, Ann; Moe, Mia"\n'
    )
    assert [record.get("number") for record in snapshot.records] == ["2", "3"]
    assert [record.get("author") for record in snapshot.records] == ["Doe, J. and Roe, M.", "Poe, Ann and Moe, Mia"]
    (problem,) = snapshot.problems
    assert "'Issue' where number is empty, 'Authors' where author is empty" in problem.message


def test_springer() -> None:
    (record,) = read_table(
        "Item Title,Publication Title,Book Series Title,Journal Volume,Journal Issue,Item DOI,Authors,Publication Year,"
        "URL,Content Type\nThe Patience of Moss,Moss Days,Lecture Notes in Moss,,,10.1000/moss,Jane DoeMax (Mo) "
        "RoeJan van der PoeÉva McMoeAnn Roe,2020,https://moss.example/7,Conference paper\n"
    ).records
    assert record.get("author") == "Jane Doe and Max (Mo) Roe and Jan van der Poe and Éva McMoe and Ann Roe"
    assert (record.type, record.get("booktitle"), record.get("series"), record.get("doi")) == (
        "inproceedings", "Moss Days", "Lecture Notes in Moss", "10.1000/moss",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("date", "fields"),
    [
        ("2020-03-07", {"date": "2020-03-07"}),
        ("2020", {"date": "2020"}),
        ("20200307", {"year": "2020", "month": "March", "day": "7"}),
        ("7 Mar 2020", {"year": "2020", "month": "March", "day": "7"}),
        ("Mar 7, 2020", {"year": "2020", "month": "March", "day": "7"}),
        ("MAR", {"month": "March"}),
        ("Spring 2020", {"year": "2020", "month": "Spring"}),
    ],
)
def test_dates(date: str, fields: dict[str, str]) -> None:
    (record,) = read_table(f'Title,Date\nMoss,"{date}"\n').records
    assert record.fields == {"title": "Moss", **fields}
