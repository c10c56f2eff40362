"""Detecting formats, and reading several files at once."""

import gzip
import io
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from refsync.errors import ConfigError, SourceError
from refsync.formats import registry
from refsync.formats.common.decode import decode
from refsync.formats.registry import detect, format_named, formats
from refsync.sources import read_sources

BIB = b"@article{a,\n  title = {Kelp}\n}\n"
CSV = b"id,title,year\nA,Kelp,2020\n"
PAGE = b"Kelp in Noise\n\n" + b"Kelp bends with the tide and grows in silence. " * 8


@pytest.mark.parametrize(
    ("data", "name", "format_name"),
    [
        (BIB, "refs.bib", "bibtex"),
        (BIB, "-", "bibtex"),
        (BIB, "refs.txt", "bibtex"),
        (b"% my references\n\n" + BIB, "-", "bibtex"),
        (b"\xef\xbb\xbf" + BIB, "-", "bibtex"),
        (CSV, "-", "csv"),
        (b'\xef\xbb\xbf"id";"title"\n1;Kelp\n', "export.txt", "csv"),
        (b"title\nKelp\n", "titles.csv", "csv"),
        (PAGE, "-", "listing"),
        (b"Kelp, title, and more\n\n" + PAGE, "page.txt", "listing"),
        (b"% nothing yet\n", "refs.bib", "bibtex"),
        (b"10.5555/kelp.1\narXiv:2401.00001\n", "dois.txt", "list"),
        (b"Kelp in Noise\nQuiet Kelp and Its Friends\n", "titles.txt", "list"),
        (b"# Kelp\n\n- [Kelp in Noise](https://arxiv.org/abs/2401.00001)\n", "-", "markdown"),
        (b"<!DOCTYPE html>\n<html><body>", "-", "webpage"),
        (b'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">', "-", "feed"),
        (b'<?xml version="1.0"?>\n<dblp>\n<article key="a/b">', "-", "dblp"),
        (b'{"status":"ok","message-type":"work","message":{"DOI":"10.5555/k","title":["Kelp"]}}', "-", "crossref"),
        (b'{"meta": {}, "results": [{"id": "https://openalex.org/W1", "title": "Kelp"}]}', "-", "openalex"),
        (b'{"total": 1, "data": [{"paperId": "ab", "title": "Kelp"}]}', "-", "semanticscholar"),
        (b'{"result":{"hits":{"hit":[{"info":{"authors":{"author":{"@pid":"1","text":"A"}}}}]}}}', "-", "dblp"),
        (b'[{"title": "Kelp", "abstract": "We bend.", "id": "2401.00001"}]', "-", "paperjson"),
    ],
)
def test_the_content_determines_the_format_and_the_name_breaks_ties(data: bytes, name: str, format_name: str) -> None:
    assert detect(data, name).name == format_name


def test_a_format_can_be_named() -> None:
    assert {"bibtex", "csv", "listing"} <= set(formats())
    assert format_named("csv").read(CSV, "x").records[0].id == "A"
    with pytest.raises(ConfigError, match="bibtex.*, csv.*, listing"):
        format_named("papyrus")


def test_unknown_content_under_an_unknown_name() -> None:
    with pytest.raises(SourceError, match="--from"):
        detect(b"%!PS-Adobe-3.0\0\n", "paper.ps")
    with pytest.raises(SourceError, match="--from: .*crossref, "):
        detect(b"{}", "x.json")
    with pytest.raises(SourceError, match="empty"):
        detect(b"\n", "x.xlsx")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_bibliography_is_valid_and_an_empty_export_is_not(tmp_path: Path, data: bytes) -> None:
    for name in ("new.bib", "export.ris"):
        (tmp_path / name).write_bytes(data)
    new, export = (read_sources([str(tmp_path / name)]) for name in ("new.bib", "export.ris"))
    assert (new.failed, new.records, [problem.kind for problem in new.problems]) == (False, (), ["note"])
    assert (export.failed, [problem.message[:17] for problem in export.problems]) == (True, ["the file is empty"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_and_without_a_byte_order_mark(encoding: str) -> None:
    assert decode("Käfer\r\nund Tang".encode(encoding), "x") == "Käfer\r\nund Tang"


def test_several_files_of_mixed_kinds_where_one_is_broken(tmp_path: Path) -> None:
    for name, data in {"a.bib": BIB, "b.csv": CSV, "c.txt": PAGE, "d.bib": b"\xff\x00"}.items():
        (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in ("a.bib", "d.bib", "b.csv", "gone", "c.txt", "a.bib")]
    reading = read_sources(paths)
    assert [(Path(record.source).name, record.index) for record in reading.records] == [
        ("a.bib", 1),
        ("b.csv", 1),
        ("c.txt", 1),
    ]
    assert [(Path(problem.source).name, problem.fatal) for problem in reading.problems] == [
        ("d.bib", True),
        ("gone", True),
        ("a.bib", False),
    ]
    assert reading.failed
    assert len(reading.digests) == 4


def test_a_format_that_cannot_be_loaded_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("moss", "moss_formats_that_are_not_there:FORMAT", "refsync.formats")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [broken])
    registry._entry_points.cache_clear()
    with pytest.raises(ConfigError, match="registers the format 'moss'.*cannot be loaded"):
        formats()
    registry._entry_points.cache_clear()


SMALL_FILES = {
    "a.ris": b"TY  - JOUR\nTI  - Kelp\nER  - \n",
    "a.json": b'[{"type": "book", "id": 1, "title": "Kelp"}]',
    "a.xml": b'<?xml version="1.0"?><dblp><article key="a/b"><title>Kelp</title></article></dblp>',
    "a.atom": b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Kelp</title></entry></feed>',
    "a.csv": CSV,
    "a.bib": BIB,
    "a.txt": PAGE,
}


@pytest.mark.parametrize("name", SMALL_FILES)
@pytest.mark.parametrize("packed", [False, True])
def test_large_files_are_read_in_pieces_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, packed: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(SMALL_FILES[name]) if packed else SMALL_FILES[name])
    whole = read_sources([str(path)])
    assert len(whole.records) == 1
    monkeypatch.setattr("refsync.sources.LARGE", 8)
    monkeypatch.setattr("refsync.sources.detect", lambda head, source: detect(SMALL_FILES[name], source))
    assert read_sources([str(path)]) == whole
    with path.open("rb") as stream:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream, encoding="utf-8"))
        (snapshot,) = read_sources(["-"]).snapshots
    assert [dict(record.fields) for record in snapshot.records] == [dict(record.fields) for record in whole.records]
