"""Programs and rules of others accept what the writers write: pandoc, rispy, biber, bibtex, the CSL schema."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from refsync.formats.registry import format_named
from refsync.records import Record

RECORDS = [
    Record("a.bib", 1, "doe2020kelp", type="article", markup="latex", fields={
        "author": r"Doe, Jane and {Centre for Kelp} and van der Roe, Max",
        "title": r"Kelp \& \textit{Moss} in CO\textsubscript{2}",
        "journal": "Journal of Moss", "year": "2020", "month": "mar", "volume": "7", "number": "2", "pages": "1--9",
        "doi": "10.5555/kelp.1", "issn": "1234-5679", "keywords": "kelp, moss", "abstract": "Kelp bends 5\\%.",
        "langid": "ngerman", "shelf": "B 7"}),
    Record("a.bib", 2, "roe1999", type="inproceedings", markup="latex", fields={
        "author": "Roe, Ann", "title": "Tides", "booktitle": "Proc. Tide Days", "year": "1999",
        "organization": "Sea Society", "publisher": "Moss",
        "address": "Emden", "editor": "Poe, Ed", "series": "Sea", "volume": "3", "pages": "5"}),
    Record("a.bib", 3, "elm2001", type="phdthesis", markup="latex", fields={
        "author": "Elm, Fay", "title": "On Rafts", "school": "Uni Moss", "date": "2001-04/2001-06",
        "url": "https://a.example/b_c"}),
    Record("a.bib", 4, "unknown", type="misc", fields={"title": "No date & no one", "note": "seen <here>"}),
    Record("a.bib", 5, "fir2010", type="book", fields={
        "editor": "Fir, Guy", "title": "Firs", "year": "2010", "isbn": "978-3-16-148410-0", "edition": "2",
        "urldate": "2020-01-02"}),
]  # fmt: skip
TITLES = ["Tides", "On Rafts", "Firs"]


def written(name: str) -> bytes:
    write = format_named(name).write
    assert write is not None
    return write(RECORDS)


def has(program: str) -> str:
    if not (path := shutil.which(program)):
        pytest.skip(f"{program} is not installed")
    return path


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("csljson", "csljson"),
        ("bibtex", "biblatex"),
        ("bibtex", "bibtex"),
        ("ris", "ris"),
        ("endnotexml", "endnotexml"),
    ],
)
def test_pandoc_reads_the_records(name: str, form: str) -> None:
    pandoc = has("pandoc")
    known = subprocess.run([pandoc, "--list-input-formats"], capture_output=True, text=True, check=True).stdout.split()
    if form not in known:
        pytest.skip(f"this pandoc does not read {form}")
    command = [pandoc, "-f", form, "-t", "csljson"]
    done = subprocess.run(command, input=written(name), capture_output=True, check=True, timeout=60)
    items = json.loads(done.stdout)
    assert len(items) == len(RECORDS)
    by_title = {str(item.get("title", "")).lower(): item for item in items}
    assert {title.lower() for title in TITLES} <= by_title.keys()
    tides = by_title["tides"]
    assert tides["author"][0]["family"] == "Roe"
    assert tides["issued"]["date-parts"][0][0] in (1999, "1999")
    kelp = next(item for title, item in by_title.items() if title.startswith("kelp"))
    assert str(kelp["DOI"]).endswith("10.5555/kelp.1")
    assert len(kelp["author"]) == 3
    if name in ("csljson", "bibtex"):
        assert [item["id"] for item in items] == [record.id for record in RECORDS]


def test_rispy_reads_the_records() -> None:
    rispy = pytest.importorskip("rispy", reason="rispy is not installed")
    entries = rispy.loads(written("ris").decode())
    assert len(entries) == len(RECORDS)
    assert [entry.get("type_of_reference") for entry in entries[:3]] == ["JOUR", "CONF", "THES"]
    assert entries[0]["doi"] == "10.5555/kelp.1"
    assert entries[0]["authors"][0] == "Doe, Jane"
    assert {entry.get("title") or entry.get("primary_title") for entry in entries} >= set(TITLES)


@pytest.mark.parametrize("dialect", ["biber", "bibtex"])
def test_biber_and_bibtex_accept_the_file(dialect: str, tmp_path: Path) -> None:
    program = has(dialect)
    (tmp_path / "refs.bib").write_bytes(written("bibtex"))
    if dialect == "biber":
        command = [program, "--tool", "--validate-datamodel", "--quiet", "refs.bib"]
    else:
        aux = "\\citation{*}\n\\bibdata{refs}\n\\bibstyle{plain}\n"
        (tmp_path / "main.aux").write_text(aux)
        command = [program, "main"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    if "couldn't open style file" in done.stdout or "I couldn't open" in done.stdout:
        pytest.skip("bibtex has no style plain.bst")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in done.stdout.lower()


_TYPES = frozenset(
    "article article-journal article-magazine article-newspaper bill "
    "book broadcast chapter classic collection dataset "
    "document entry entry-dictionary entry-encyclopedia event "
    "figure graphic hearing interview legal_case legislation "
    "manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical "
    "personal_communication post post-weblog regulation report review "
    "review-book software song speech standard thesis "
    "treaty webpage".split()
)
_NAMES = frozenset(
    "author chair collection-editor compiler composer container-author contributor curator director editor "
    "editorial-director executive-producer guest host interviewer "
    "illustrator narrator organizer original-author performer "
    "producer recipient reviewed-author script-writer series-creator translator".split()
)
_DATES = frozenset("accessed available-date event-date issued original-date submitted".split())
_TEXTS = frozenset(
    "id citation-key abstract annote archive "
    "archive_collection archive_location archive-place authority call-number "
    "citation-label collection-title container-title container-title-short "
    "dimensions division DOI event-title event-place "
    "genre ISBN ISSN jurisdiction keyword "
    "language medium note original-publisher original-publisher-place original-title "
    "part-title PMCID PMID publisher publisher-place references "
    "reviewed-genre reviewed-title scale section source status "
    "title title-short URL version volume-title volume-title-short year-suffix "
    "chapter-number citation-number collection-number edition "
    "issue number number-of-pages number-of-volumes page "
    "page-first part-number printing-number supplement-number volume".split()
)
_PARTS = frozenset(
    "family given dropping-particle non-dropping-particle suffix comma-suffix static-ordering literal".split()
)


def faults_of_item(item: dict[str, Any]) -> list[str]:
    """What the CSL schema (csl-data.json 1.0.2) forbids in an item."""
    faults = [name for name in ("id", "type") if name not in item]
    if item.get("type") not in _TYPES:
        faults.append(f"type {item.get('type')}")
    for name, value in item.items():
        if name in _NAMES:
            fits = isinstance(value, list) and all(isinstance(one, dict) and one.keys() <= _PARTS for one in value)
        elif name in _DATES:
            fits = isinstance(value, dict) and value.keys() <= {
                "date-parts",
                "season",
                "circa",
                "literal",
                "raw",
                "edtf",
            }
            parts = value.get("date-parts", [[1]]) if fits else []
            fits = fits and 1 <= len(parts) <= 2 and all(1 <= len(part) <= 3 for part in parts)
        elif name in _TEXTS:
            fits = isinstance(value, (str, int))
        else:
            fits = name == "type" or (name == "custom" and isinstance(value, dict))
        if not fits:
            faults.append(f"{name}: {value!r}")
    return faults


def test_csl_items_follow_the_schema() -> None:
    items = json.loads(written("csljson"))
    assert [fault for item in items for fault in faults_of_item(item)] == []
    assert faults_of_item({"id": "a", "type": "scroll", "author": "Roe", "shelf": "B 7"}) != []


_ENDNOTE = {
    "record": frozenset(
        "database source-app rec-number foreign-keys ref-type "
        "contributors auth-address auth-affiliaton titles periodical "
        "alt-periodical pages volume number issue num-vols "
        "edition section reprint-edition keywords dates pub-location "
        "publisher isbn accession-num electronic-resource-num abstract "
        "label image notes research-notes work-type call-num "
        "custom1 custom2 custom3 custom4 custom5 "
        "custom6 custom7 remote-database-name remote-database-provider language "
        "urls access-date orig-pub reviewed-item short-title".split()
    ),
    "contributors": frozenset(
        "authors secondary-authors tertiary-authors subsidiary-authors translated-authors".split()
    ),
    "titles": frozenset("title secondary-title tertiary-title alt-title short-title translated-title".split()),
    "dates": frozenset({"year", "pub-dates", "copyright-dates"}),
    "urls": frozenset("web-urls pdf-urls text-urls related-urls image-urls".split()),
}


def test_endnote_xml_has_the_structure_of_its_document_type() -> None:
    root = ElementTree.fromstring(written("endnotexml"))
    assert (root.tag, [child.tag for child in root]) == ("xml", ["records"])
    assert len(root[0]) == len(RECORDS)
    for record in root[0]:
        assert record.tag == "record"
        assert {"ref-type", "rec-number"} <= {child.tag for child in record}
        for name, allowed in _ENDNOTE.items():
            for element in record.iter(name):
                found = [child.tag for child in element]
                assert set(found) <= allowed
                assert name != "record" or len(found) == len(set(found))
