"""RIS: tags, types, forms of writing, damage, and what is written."""

import re

import pytest

from refsync.errors import SourceError
from refsync.formats.bibtex import format as bibtex
from refsync.formats.common.text_record import to_text_record
from refsync.formats.registry import detect
from refsync.formats.tagged import ris
from refsync.records import Record, Snapshot
from tests.formats.reading import only_record
from tests.formats.samples.ris import ZOTERO_RIS
from tests.paths import SHARED

EXPORTS = SHARED / "data" / "exports"


def read(text: str, source: str = "a.ris") -> Snapshot:
    return ris.read(text.encode(), source)


def one(text: str) -> Record:
    (record,) = read(text).records
    return record


def test_a_record_has_the_field_names_of_bibtex() -> None:
    record = one(ZOTERO_RIS)
    assert (record.id, record.type, record.line, record.markup) == ("moss20", "article", 1, "text")
    assert record.fields == {
        "author": "Doe, Jane and Roe, Jr., Max and {Centre for Kelp and Moss}",
        "title": "The Patience of Moss: a study",
        "journal": "Journal of Moss",
        "shortjournal": "J. Moss",
        "abstract": "Moss waits.\nIt waits long.",
        "year": "2020",
        "month": "March",
        "day": "7",
        "doi": "10.1000/moss",
        "volume": "7",
        "number": "2",
        "pages": "101--115",
        "issn": "1234-5679",
        "url": "https://moss.example/7",
        "file": "files/moss.pdf",
        "language": "en",
        "keywords": "moss; patience, long",
        "annote": "read twice",
        "ris-xx": "a tag of their own",
    }


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("  - ", " - "),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\nAU", "\r\nAU").replace("\nKW", "\rKW"),
        lambda text: "\n\n" + text,
        lambda text: text.replace("ER  - ", "ER  -"),
        lambda text: "".join(f"  {line}\n" for line in text.splitlines()).replace("  - ", " - "),
    ],
)
def test_every_way_of_writing_it_is_the_same_record(damage) -> None:  # type: ignore[no-untyped-def]
    snapshot = read(damage(ZOTERO_RIS + ZOTERO_RIS.replace("moss20", "moss21")))
    assert [record.fields for record in snapshot.records] == [one(ZOTERO_RIS).fields] * 2
    assert [record.id for record in snapshot.records] == ["moss20", "moss21"]
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ("T1  - Kelp\nTI  - Kelp", {"title": "Kelp"}),
        ("TI  - Kelp\nTI  - Tang\nT1  - Fern", {"title": "Kelp", "ris-ti": "Tang", "ris-t1": "Fern"}),
        ("C7  - e17\nSP  - 1", {"eid": "e17", "pages": "1"}),
        ("A1  - Doe J\nA1  - Roe AB", {"author": "Doe, J and Roe, AB"}),
        ("AU  - Doe, J.\nA1  - Doe, J.", {"author": "Doe, J."}),
        ("AU  - Wang, Y\nAU  - Wang, Y", {"author": "Wang, Y and Wang, Y"}),
        ("AU  - Moss Study Group", {"author": "{Moss Study Group}"}),
        ("Y1  - 1999/08//", {"year": "1999", "month": "August"}),
        ("PY  - 1999\nDA  - AUG", {"year": "1999", "month": "August"}),
        ("PY  - 1999\nDA  - SEP 3", {"year": "1999", "month": "September", "day": "3"}),
        ("PY  - 1999\nDA  - 1999///Spring", {"year": "1999", "month": "Spring"}),
        ("PY  - 1999\nDA  - 1999/08//undefined", {"year": "1999", "month": "August"}),
        ("PY  - 1999\nDA  - 2001/01/02", {"year": "1999", "ris-da": "2001/01/02"}),
        ("PY  - in press", {"year": "in press"}),
        ("N2  - Short.\nAB  - Long.", {"abstract": "Long.", "ris-n2": "Short."}),
        ("SN  - 978-0-306-40615-7\nSN  - 1234-5679", {"isbn": "978-0-306-40615-7", "issn": "1234-5679"}),
        ("SN  - 12345679 (ISSN)\nSN  - 9780306406157 (ISBN)", {"issn": "12345679", "isbn": "9780306406157"}),
        ("JF  - Journal of Kelp\nJO  - J Kelp", {"journal": "Journal of Kelp", "shortjournal": "J Kelp"}),
        ("M3  - doi: 10.1000/x", {"doi": "doi: 10.1000/x"}),
        ("AN  - 123456\nDB  - PubMed", {"pmid": "123456", "database": "PubMed"}),
        ("AN  - WOS:000", {"accession": "WOS:000"}),
        ("C2  - PMC12345", {"pmcid": "PMC12345"}),
        ("UR  - http://a.example\nUR  - http://b.example", {"url": "http://a.example", "ris-ur": "http://b.example"}),
        ("TI  - A title that is\n      folded", {"title": "A title that is folded"}),
        ("AB  - We saw\nT2 - weighted images", {"abstract": "We saw\nT2 - weighted images"}),
        ("VL  - 3\nDO - 10.1000/y", {"volume": "3", "doi": "10.1000/y"}),
        ("KW  - a\nKW  - a\nKW  - b", {"keywords": "a, b"}),
    ],
)
def test_tags(lines: str, fields: dict[str, str]) -> None:
    snapshot = read(f"TY  - JOUR\n{lines}\nER  - \n")
    assert dict(snapshot.records[0].fields) == fields
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    ("text", "type_", "fields"),
    [
        ("TY  - CHAP\nT2  - The Book\nPB  - P\nSE  - 4", "incollection", {"booktitle": "The Book", "chapter": "4"}),
        ("TY  - CONF\nC3  - Proc. X\nT2  - X 2020", "inproceedings", {"booktitle": "Proc. X", "eventtitle": "X 2020"}),
        ("TY  - CPAPER\nT2  - X 2020", "inproceedings", {"booktitle": "X 2020", "ris-ty": "CPAPER"}),
        ("TY  - BOOK\nTI  - B\nT2  - The Series\nA2  - Moe, M.", "book", {"series": "The Series", "editor": "Moe, M."}),
        ("TY  - THES\nPB  - North\nM3  - PhD", "phdthesis", {"school": "North", "type": "PhD"}),
        ("TY  - THES\nM3  - Master's thesis", "mastersthesis", {"type": "Master's thesis"}),
        ("TY  - RPRT\nPB  - I\nM1  - 12", "techreport", {"institution": "I", "number": "12"}),
        ("TY  - NEWS\nT2  - The Tide", "article", {"journal": "The Tide", "entrysubtype": "newspaper"}),
        ("TY  - DATA\nTI  - D", "dataset", {"title": "D"}),
        ("TY  - WHAT\nTI  - D", "misc", {"title": "D", "ris-ty": "WHAT"}),
    ],
)
def test_types(text: str, type_: str, fields: dict[str, str]) -> None:
    record = one(text + "\nER  - \n")
    assert record.type == type_
    assert fields.items() <= record.fields.items()


A, B = "TY  - JOUR\nTI  - Kelp\n", "TY  - JOUR\nTI  - Moss\nER  - \n"


@pytest.mark.parametrize(
    ("data", "titles", "expected"),
    [
        ((A + B).encode(), ["Kelp", "Moss"], [(1, "no ER", False)]),
        ((B + A).encode(), ["Moss", "Kelp"], [(4, "cut off", True)]),
        (A.encode(), ["Kelp"], [(1, "no ER", False)]),
        ((A + A).encode(), ["Kelp", "Kelp"], [(1, "no ER", False), (3, "no ER", False)]),
        (("TI  - Lost\nER  - \n" + B).encode(), ["Lost", "Moss"], [(1, "starts with TI", False)]),
        (("See below.\n" + B).encode(), ["Moss"], [(1, "outside any record", False)]),
        (("Provider: Tidewater Press\nContent: text/plain\n\nRecord #1 of 1\n" + B).encode(), ["Moss"], []),
        ((B + "ER  - \n").encode(), ["Moss"], [(4, "without a record", False)]),
        (B.replace("Moss", "Moss TY  - JOUR").encode(), ["Moss TY  - JOUR"], [(1, "begin inside a line", False)]),
        (B.replace("Moss", "M\0oss").encode(), ["Moss"], [(2, "NUL", False)]),
        (B.replace("Moss", "Käfer").encode("latin-1"), ["Käfer"], [(2, "read as Latin-1", False)]),
        (B.replace("Moss", "Tang – “x”").encode("cp1252"), ["Tang – “x”"], [(2, "read as Windows-1252", False)]),
        (("TY  - JOUR\nTI  - é\nAB  - üüü ").encode() + b"\xe9\nER  - \n", ["é"], [(3, "not valid UTF-8", False)]),
        (("\ufeff" + B).encode("utf-16-le"), ["Moss"], []),
        (("TY  - JOUR\nER  - \n" + B).encode(), ["", "Moss"], [(1, "nothing else", False)]),
    ],
)
def test_damage_is_reported_and_the_rest_is_read(
    data: bytes, titles: list[str], expected: list[tuple[int, str, bool]]
) -> None:
    snapshot = ris.read(data, "a.ris")
    assert [record.get("title") for record in snapshot.records] == titles
    assert [(problem.line, problem.fatal) for problem in snapshot.problems] == [
        (line, fatal) for line, _, fatal in expected
    ]
    for problem, (_, words, _) in zip(snapshot.problems, expected, strict=True):
        assert words in problem.message


@pytest.mark.parametrize("data", [b"", b"\n\n", b"<html><body>Sign in</body></html>", b"\0\1\2" * 40, b"TY  - JOUR\n"])
def test_nothing_to_read(data: bytes) -> None:
    with pytest.raises(SourceError):
        ris.read(data, "a.ris")


def test_a_line_of_ten_megabytes() -> None:
    record = one(f"TY  - JOUR\nTI  - Kelp\nAB  - {'kelp ' * 2_000_000}\nER  - \n")
    assert len(record.get("abstract")) == 9_999_999


def test_a_tag_a_hundred_thousand_times_is_read_in_linear_time() -> None:
    lines = "".join(
        f"{tag}  - https://a.example/{number}\n" for tag in ("UR", "DO", "ZZ", "DA") for number in range(25_000)
    )
    record = one(f"TY  - JOUR\nTI  - Kelp\n{lines}ER  - \n")
    assert record.get("ris-ur").endswith("https://a.example/24999")


@pytest.mark.parametrize(
    "head", [ZOTERO_RIS, "\ufeff" + ZOTERO_RIS, ZOTERO_RIS.replace("  - ", " - "), "Provider: X\n\n" + ZOTERO_RIS]
)
def test_ris_is_recognised_by_its_content(head: str) -> None:
    assert detect(head.encode(), "savedrecs.txt").name == "ris"


def test_our_own_output_is_read_as_it_was_written() -> None:
    record = one(ZOTERO_RIS)
    written = ris.write([record, Record("b.csv", 1, "#1", "poem", {"title": "A\nER  - \nB", "shelf": "B 12"})])
    again = ris.read(written, "b.ris")
    assert again.records[0].fields == record.fields
    assert again.records[1].fields == {"title": "A ER  - B", "shelf": "B 12"}
    assert again.problems == ()
    assert ris.write(again.records) == written


def test_latex_is_written_as_text() -> None:
    text = (
        r"@article{k, author={M{\"u}ller, J. and {Kelp and Moss} and Jane van Doe}, title={{DNA} \& Moss}, "
        "year=2020, pages={1--2}}"
    )
    written = ris.write(bibtex.read(text.encode(), "a.bib").records).decode()
    for line in ("AU  - Müller, J.", "AU  - Kelp and Moss", "AU  - van Doe, Jane", "TI  - DNA & Moss", "EP  - 2"):
        assert f"{line}\r\n" in written


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the shared exports are not here")
def test_one_export_as_ris_and_as_bibtex_is_the_same() -> None:
    left, right = (
        [to_text_record(record) for record in form.read((EXPORTS / name).read_bytes(), name).records]
        for form, name in ((ris, "zotero_export.ris"), (bibtex, "zotero_export.bib"))
    )
    assert len(left) == len(right) == 1000
    for name in ("title", "year", "month", "doi", "volume", "number", "journal", "booktitle", "language"):
        assert [one.get(name) for one in left] == [one.get(name) for one in right]
    assert [one.type for one in left] == [one.type for one in right]
    for one, other in zip(left, right, strict=True):  # BibTeX is folded; keywords have commas within in both
        assert set(re.findall(r"\w+", one.get("keywords"))) == set(re.findall(r"\w+", other.get("keywords")))
        assert re.findall(r"\w+", one.get("abstract")) == re.findall(r"\w+", other.get("abstract"))
    assert [one.get("pages").replace("--", "–") for one in left] == [one.get("pages") for one in right]
    assert sum(one.creators != other.creators for one, other in zip(left, right, strict=True)) <= 1


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the shared exports are not here")
@pytest.mark.parametrize(("name", "count"), [("scopus.ris", 10), ("wos_test.ris", 50)])
def test_exports_of_databases(name: str, count: int) -> None:
    data = (EXPORTS / name).read_bytes()
    assert detect(data, "x").name == "ris"
    snapshot = ris.read(data, name)
    assert len(snapshot.records) == count
    assert snapshot.problems == ()
    again = ris.read(ris.write(snapshot.records), name)
    assert [record.fields for record in again.records] == [record.fields for record in snapshot.records]


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        (["AU  - Doe, Jane; Roe, Max"], {"author": "Doe, Jane and Roe, Max"}),
        (["AU  - Doe, Jane and Roe, Max"], {"author": "Doe, Jane and Roe, Max"}),
        (["AU  - Jane Doe", "AU  - Roe M"], {"author": "Jane Doe and Roe, M"}),
        (["AU  - Doe, J.A., Jr."], {"author": "Doe, Jr., J.A."}),
        (["AU  - Moss and Kelp Group"], {"author": "{Moss and Kelp Group}"}),
        (["PY  - 2019///"], {"year": "2019"}),
        (["PY  - 2019/03/07/Spring"], {"year": "2019", "ris-py": "2019/03/07/Spring"}),
        (["Y1  - 2019-03-07"], {"year": "2019", "month": "March", "day": "7"}),
        (["DA  - 7 March 2019"], {"year": "2019", "month": "March", "day": "7"}),
        (["N2  - Moss waits.", "AB  - Moss waits."], {"abstract": "Moss waits."}),
        (["UR  - https://a.example", "https://b.example"], {"url": "https://a.example", "ris-ur": "https://b.example"}),
        (["SP  - 101-115", "EP  - 115"], {"pages": "101--115"}),
        (["SP  - e17", "EP  - e17"], {"pages": "e17--e17"}),
        (["JO  - J. Moss", "T2  - Journal of Moss"], {"journal": "Journal of Moss", "shortjournal": "J. Moss"}),
        (["JA  - J. Moss"], {"journal": "J. Moss"}),
        (["L1  - a.pdf", "L2  - b", "L4  - c.png"], {"file": "a.pdf", "ris-l2": "b", "ris-l4": "c.png"}),
        (["KW  - moss; walls; stone"], {"keywords": "moss, walls, stone"}),
        (["AB  - Moss", "  waits."], {"abstract": "Moss\nwaits."}),
        (["TI  - The Patience", "of Moss"], {"title": "The Patience of Moss"}),
        (["DO  - doi:10.1000/moss"], {"doi": "doi:10.1000/moss"}),
        (["VO  - 7"], {"volume": "7"}),
    ],
)
def test_forms_of_ris(lines: list[str], fields: dict[str, str]) -> None:
    record = only_record("\n".join(["TY  - JOUR", *lines, "ER  - ", ""]), "a.ris")
    assert dict(record.fields) == fields


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("TY  - BOOK\nA3  - Roe, Ann\n", {"editor": "Roe, Ann"}),
        ("TY  - BOOK\nA2  - Roe, Ann\n", {"editor": "Roe, Ann"}),
        ("TY  - BOOK\nA2  - Poe, Ed\nA3  - Roe, Ann\n", {"editor": "Roe, Ann", "csl-collection-editor": "Poe, Ed"}),
        ("TY  - CHAP\nA2  - Roe, Ann\nA3  - Poe, Ed\n", {"editor": "Roe, Ann", "csl-collection-editor": "Poe, Ed"}),
        ("TY  - JOUR\nA2  - Roe, Ann\nA3  - Poe, Ed\n", {"editor": "Roe, Ann", "ris-a3": "Poe, Ed"}),
        ("TY  - BOOK\nSP  - 320\n", {"pagetotal": "320"}),
        ("TY  - THES\nSP  - 320 p.\n", {"pagetotal": "320"}),
        ("TY  - BOOK\nSP  - 320\nEP  - 330\n", {"pages": "320--330"}),
        ("TY  - CHAP\nSP  - 320\n", {"pages": "320"}),
        ("TY  - RPRT\nSN  - TR-12\n", {"number": "TR-12"}),
        ("TY  - RPRT\nIS  - 3\nSN  - TR-12\n", {"number": "3", "issn": "TR-12"}),
        ("TY  - RPRT\nSN  - 1234-5678\n", {"issn": "1234-5678"}),
        ("TY  - PAT\nSN  - US 123456\n", {"number": "US 123456"}),
        ("TY  - COMP\nET  - 2.1\n", {"version": "2.1"}),
        ("TY  - BOOK\nET  - 2\n", {"edition": "2"}),
    ],
)
def test_tags_that_mean_something_else_with_some_types(tags: str, expected: dict[str, str]) -> None:
    record = one(f"{tags}ER  - \n")
    assert dict(record.fields) == expected
    again = one(ris.FORMAT.write([record]).decode() if ris.FORMAT.write else "")
    assert dict(again.fields) == expected
