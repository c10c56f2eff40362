"""ASReview finds the readers by its entry points and reads files with them; labels pass from and to its own files."""

import contextlib
import csv
import json
import tempfile
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main

with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as _elsewhere, contextlib.chdir(_elsewhere):
    # importing ASReview writes a cache into the working directory
    pytest.importorskip("asreview.data", reason="ASReview is not installed: pip install 'refsync[asreview]'")
import pandas
from asreview.data import CSVReader, RISReader, RISWriter
from asreview.data.loader import _get_reader, load_records

BIB = """\
@article{roe, author = {Roe, Ann and Elm, Zoe}, title = {The {P}atience of M{\\"o}\\"olk}, year = {in press},
  abstract = {Moss waits.}, doi = {10.5555/1}, keywords = {moss, shore}, url = {https://example.org/1},
  annote = {ASReview\\_relevant}}
@article{poe, author = {Poe, Ed}, title = {Kelp}, year = 2019, asreview_label = {0}, abstract = {Kelp.}}
@article{fir, author = {Fir, Flo}, title = {Fern}, year = {c. 1850}, abstract = {Fern.}}
"""
FILES = {
    "a.bib": "@article{a, author={Roe, Ann}, title={Moss}, year=2020, abstract={Moss waits.}, doi={10.5555/1}}\n",
    "a.nbib": "PMID- 1\nTI  - Moss\nAB  - Moss waits.\nFAU - Roe, Ann\nDP  - 2020 May\nLID - 10.5555/1 [doi]\n",
    "a.ciw": "FN Clarivate\nVR 1.0\nPT J\nAU Roe, A\nAF Roe, Ann\nTI Moss\nAB Moss waits.\nPY 2020\n"
    "DI 10.5555/1\nER\n\nEF\n",
    "a.enw": "%0 Journal Article\n%A Roe, Ann\n%T Moss\n%X Moss waits.\n%D 2020\n%R 10.5555/1\n",
    "a.json": json.dumps([{"id": "a", "type": "article-journal", "title": "Moss", "abstract": "Moss waits.",
        "author": [{"family": "Roe", "given": "Ann"}], "issued": {"date-parts": [[2020]]}, "DOI": "10.5555/1"}]),
    "pubmed.xml": """<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>
        <Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue><Title>J</Title></Journal>
        <ArticleTitle>Moss</ArticleTitle><Abstract><AbstractText>Moss waits.</AbstractText></Abstract>
        <ELocationID EIdType="doi">10.5555/1</ELocationID><AuthorList><Author><LastName>Roe</LastName>
        <ForeName>Ann</ForeName></Author></AuthorList></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>""",
    "endnote.xml": """<?xml version="1.0"?><xml><records><record><ref-type name="Journal Article">17</ref-type>
        <contributors><authors><author>Roe, Ann</author></authors></contributors><titles><title>Moss</title></titles>
        <dates><year>2020</year></dates><abstract>Moss waits.</abstract>
        <electronic-resource-num>10.5555/1</electronic-resource-num></record></records></xml>""",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(name: str) -> list[Any]:
    """The records as ASReview has them in a project."""
    records = load_records(Path(name), dataset_id="data")
    assert isinstance(records, list)
    return records


@pytest.mark.parametrize("name", FILES)
def test_asreview_reads_each_format(name: str) -> None:
    Path(name).write_text(FILES[name], encoding="utf-8")
    (record,) = read(name)
    assert (record.title.rstrip("."), record.abstract, record.year, record.doi) == (
        "Moss",
        "Moss waits.",
        2020,
        "10.5555/1",
    )
    assert record.authors == ["Roe, Ann"]
    reader = _get_reader(Path(name))
    assert Path(name).suffix in reader.read_format
    assert Path(name).suffix in [ending for endings in reader.mime_types.values() for ending in endings]


def test_labels_and_years_of_a_bibliography() -> None:
    Path("refs.bib").write_text(BIB, encoding="utf-8")
    records = read("refs.bib")
    assert [record.title for record in records] == ["The Patience of Möölk", "Kelp", "Fern"]
    assert [record.included for record in records] == [1, 0, None]
    assert [record.year for record in records] == [None, 2019, 1850]
    assert (records[0].keywords, records[0].url) == (["moss", "shore"], "https://example.org/1")
    assert records[0].authors == ["Roe, Ann", "Elm, Zoe"]


def test_what_cannot_be_read_is_refused_with_its_place() -> None:
    Path("broken.bib").write_text("@article{a, title = {Moss}}\n@article{b, title = {Kelp\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken.bib:2: .*fixed\.ris"):
        read("broken.bib")
    Path("other.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other.json"):
        read("other.json")
    with pytest.raises(ValueError, match="download"):
        _get_reader("https://example.org/a.bib").read_data("https://example.org/a.bib")


def test_an_export_of_asreview_passes_through_deduplication() -> None:
    """A bibliography is read by ASReview, labelled, exported as RIS, deduplicated, and read again."""
    Path("refs.bib").write_text(BIB + BIB.replace("{roe", "{again").replace("year = 2019", "year = {2019}"), "utf-8")
    frame = _get_reader(Path("refs.bib")).read_data(Path("refs.bib"))
    frame["asreview_label"] = pandas.Series([0, 0, 1, 1, 0, None], dtype=object)
    RISWriter.write_data(frame, Path("export.ris"))
    assert main(["dedupe", "export.ris", "-o", "unique.ris", "-q"]) == 0
    assert main(["dedupe", "export.ris", "-o", "unique.csv", "-q"]) == 0
    for name, reader in (("unique.ris", RISReader), ("unique.csv", CSVReader)):
        records = reader.read_records(Path(name), dataset_id="d")
        assert {record.title: record.included for record in records} == {
            "The Patience of Möölk": 1,
            "Kelp": 0,
            "Fern": 1,
        }


@pytest.mark.parametrize("output", ["out.csv", "out.ris"])
def test_contradictory_labels_are_reported(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [["title", "doi", "year", "asreview_label", "included"], ["Moss", "10.5555/1", "2020", "0", ""]]
    rows += [["Moss", "10.5555/1", "2020", "", "1"], ["Kelp", "10.5555/2", "2019", "0", "0"]]
    with Path("in.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert main(["dedupe", "in.csv", "-o", output]) == 0
    assert "included in in.csv:3, excluded in in.csv:2; kept as included" in capsys.readouterr().err
    records = read(output)
    assert [(record.title, record.included) for record in records] == [("Moss", 1), ("Kelp", 0)]


def test_the_entry_points_are_the_readers() -> None:
    own = [point for point in entry_points(group="asreview.readers") if point.value.startswith("refsync.")]
    assert {point.name for point in own} == {".bib", ".nbib", ".xml", ".ciw", ".enw", ".json"}
    assert all(point.name in point.load().read_format for point in own)
