"""The documents that cite: found, decoded and scanned together."""

import codecs
from pathlib import Path

import pytest

from refsync.cites import read_cites
from refsync.errors import ConfigError


def test_documents_are_found_by_name_folder_and_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("paper/a.tex", "paper/deep/b.md", "paper/.git/c.tex", "paper/notes.txt", "paper/_build/d.tex"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("\\cite{x}", encoding="utf-8")
    assert [document.source for document in read_cites(["paper"]).documents] == ["paper/a.tex", "paper/deep/b.md"]
    found = read_cites(["paper/*.tex", "paper/a.tex", "**/b.md"])
    assert [document.source for document in found.documents] == ["paper/a.tex", "paper/deep/b.md"]
    assert found.counts["x"] == 2
    assert [document.source for document in read_cites(["*.tex"], Path("paper")).documents] == ["paper/a.tex"]
    for wrong in ("nowhere", "*.typ", "paper/notes.txt"):
        with pytest.raises(ConfigError):
            read_cites([wrong])


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("é \\cite{a}".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "é \\cite{a}".encode(), "utf-8"),
        ("é \\cite{a}".encode("latin-1"), "latin-1"),
        (codecs.BOM_UTF16_LE + "é \\cite{a}".encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + "é \\cite{a}".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_decoding_and_encoding_keeps_every_byte(tmp_path: Path, data: bytes, encoding: str) -> None:
    (tmp_path / "a.tex").write_bytes(data)
    (document,) = read_cites([str(tmp_path)]).documents
    assert document.encoding.codec == encoding
    assert document.encoding.encode(document.text) == data
    assert [cite.key for cite in document.cites] == ["a"]


def test_a_label_of_one_typst_file_is_no_citation_in_another(tmp_path: Path) -> None:
    (tmp_path / "main.typ").write_text('#include "one.typ"\nSee @intro and @doe.', encoding="utf-8")
    (tmp_path / "one.typ").write_text("= Intro <intro>", encoding="utf-8")
    cites = read_cites([str(tmp_path)])
    assert cites.keys == {"doe"}
    assert [(Path(source).name, cite.line) for source, cite in cites.places("doe")] == [("main.typ", 2)]


def test_a_document_may_cite_all_entries(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_text(r"\nocite{*}\cite{a}", encoding="utf-8")
    cites = read_cites([str(tmp_path / "a.tex")])
    assert cites.everything
    assert cites.keys == {"a"}
