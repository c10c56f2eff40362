"""What columns mean, and tables that are no text: spreadsheets and Parquet."""

import io
import sys
import zipfile
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.errors import ConfigError, SourceError
from refsync.formats.tables import delimited, parquet, spreadsheet
from refsync.formats.tables.columns import guess_columns, join_author_list
from refsync.records import Record

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
                "author": "Doe J and Roe AB",
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


def test_what_was_guessed_is_told() -> None:
    snapshot = delimited.read(b"Article Title,Shelf\nKelp,B 12\n", "t.csv")
    (problem,) = snapshot.problems
    assert str(problem) == "t.csv:1: columns recognised: 'Article Title' as title; kept as they are: shelf"
    assert delimited.read(b"title,shelf\nKelp,B 12\n", "t.csv").problems == ()


def test_excel_is_told_the_separator() -> None:
    snapshot = delimited.read(b"sep=;\r\ntitle;note\r\nKelp, Noise;x\r\n", "t.csv")
    assert snapshot.records[0].fields == {"title": "Kelp, Noise", "note": "x"}
    assert snapshot.records[0].line == 3


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Doe, Jane", "Doe, Jane"),
        ("Doe, Jane and Roe, Ann", "Doe, Jane and Roe, Ann"),
        ("Doe J, Roe AB, Poe C", "Doe J and Roe AB and Poe C"),
        ("Jane Doe; Kelp Group", "Jane Doe and Kelp Group"),
        ("", ""),
        ("|", "|"),
        (";", ";"),
    ],
)
def test_lists_of_authors(said: str, names: str) -> None:
    assert join_author_list(said) == names


@given(st.text("aJ;|,. ()7", max_size=12))
def test_no_list_of_authors_vanishes(said: str) -> None:
    assert bool(join_author_list(said).strip()) == bool(said.strip())


@given(st.lists(st.text(max_size=12), max_size=8))
def test_columns_of_any_name(header: list[str]) -> None:
    columns = guess_columns(header)
    assert len(columns.names) == len(header)
    assert all(columns.names)
    columns.notes("x")


OOXML = "http://schemas.openxmlformats.org"
OFFICE = f"{OOXML}/officeDocument/2006/relationships"
MAIN = f"{OOXML}/spreadsheetml/2006/main"


def workbook(*sheets: list[list[object]]) -> bytes:
    """A spreadsheet with as little as there must be in it."""
    numbered = list(enumerate(sheets, 1))
    listed = "".join(f'<sheet name="sheet{n}" sheetId="{n}" r:id="r{n}"/>' for n, _ in numbered)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{OOXML}/package/2006/content-types"/>',
        "_rels/.rels": relationships(("r", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relationships(*((f"r{n}", "worksheet", f"sheet{n}.xml") for n, _ in numbered)),
    }
    for number, rows in numbered:
        body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
        parts[f"xl/sheet{number}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def relationships(*rows: tuple[str, str, str]) -> str:
    body = "".join(f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{to}"/>' for key, kind, to in rows)
    return f'<Relationships xmlns="{OOXML}/package/2006/relationships">{body}</Relationships>'


def cell(value: object) -> str:
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def test_a_spreadsheet() -> None:
    data = workbook(
        [
            ["Export of today"],
            ["Article Title", "Authors", "Publication Year"],
            ["Kelp & Noise", "Doe, J.; Roe, A.", 2020],
        ],
        [["hello"]],
    )
    assert spreadsheet.sniff(data) > 0.8
    snapshot = spreadsheet.read(data, "t.xlsx")
    (record,) = snapshot.records
    assert record.fields == {"title": "Kelp & Noise", "author": "Doe, J. and Roe, A.", "year": "2020"}
    assert record.line == 3
    assert [problem.kind for problem in snapshot.problems] == ["columns", "note"]


@pytest.mark.parametrize(
    "data",
    [workbook([["title"]]), workbook([["a", "b"], [1, 2]]), workbook([["title"], ["x"]])[:-60], b"PK\3\4xl/"],
)
def test_no_spreadsheet(data: bytes) -> None:
    with pytest.raises(SourceError, match="title|damaged|read"):
        spreadsheet.read(data, "t.xlsx")


fields = st.dictionaries(
    st.sampled_from(["title", "author", "year", "journal", "note", "shelf"]),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"], exclude_characters=";|,(\\"), min_size=1
    ),
).filter(lambda found: "title" in found)


class TestParquet:
    @pytest.fixture(autouse=True)
    def _needs_pyarrow(self) -> None:
        pytest.importorskip("pyarrow")

    @settings(deadline=None)
    @given(st.lists(fields, min_size=1, max_size=5))
    def test_what_is_written_is_read(self, said: list[dict[str, str]]) -> None:
        records = [Record("x", n, f"k{n}", "article", values) for n, values in enumerate(said, 1)]
        snapshot = parquet.read(parquet.write(records), "x")
        assert [(r.id, r.type, r.fields) for r in snapshot.records] == [(r.id, r.type, r.fields) for r in records]

    def test_lists_and_numbers(self) -> None:
        import pyarrow
        from pyarrow import parquet as arrow_parquet

        stream = io.BytesIO()
        rows = {"Title": ["Kelp"], "authors": [["Jane Doe", "Ann Roe"]], "year": [2020.0], "categories": [["a", "b"]]}
        arrow_parquet.write_table(pyarrow.table(rows), stream)
        (record,) = parquet.read(stream.getvalue(), "x").records
        assert record.fields == {
            "title": "Kelp", "author": "Jane Doe and Ann Roe", "year": "2020", "categories": "a, b",
        }  # fmt: skip

    def test_damage(self) -> None:
        whole = parquet.write([Record("x", 1, "k", fields={"title": "Kelp"})])
        for data in (whole[:-20], whole[:60] + whole[90:], b"PAR1"):
            with pytest.raises(SourceError, match="Parquet"):
                parquet.read(data, "x")

    def test_no_column_of_titles(self) -> None:
        import pyarrow
        from pyarrow import parquet as arrow_parquet

        stream = io.BytesIO()
        arrow_parquet.write_table(pyarrow.table({"shelf": ["B"]}), stream)
        with pytest.raises(SourceError, match="no column `title`"):
            parquet.read(stream.getvalue(), "x")

    def test_fields_called_like_its_own_columns(self) -> None:
        given = [Record("x", 1, "k", fields={"shelf": "B", "id": "7", "entrytype": "scroll", "note": "half \ud800"})]
        (record,) = parquet.read(parquet.write(given), "x").records
        assert record.fields == {"shelf": "B", "id-field": "7", "entrytype-field": "scroll", "note": "half ?"}


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"pip install 'refsync\[parquet\]'"):
        parquet.read(b"PAR1", "x")
