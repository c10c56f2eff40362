"""Files that are read as a whole have a size at which they are refused, which only the user changes."""

from pathlib import Path

import pytest

from refsync import sources
from refsync.classify import model_file
from refsync.cli import main
from refsync.errors import SourceError
from refsync.formats.registry import formats
from refsync.sources import LIMIT_VARIABLE

LONG = b" on stone" * 30
BIB = b"".join(b"@misc{k%d, title = {Moss %d%s}}\n" % (number, number, LONG) for number in range(4000))  # 1.2 MB
RIS = b"".join(b"TY  - BOOK\r\nTI  - Moss %d%s\r\nER  - \r\n" % (number, LONG) for number in range(4000))


def test_a_file_above_the_limit_is_refused_and_the_user_may_raise_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.bib").write_bytes(BIB)
    monkeypatch.setenv(LIMIT_VARIABLE, "1")
    assert main(["check", "a.bib", "--select", "RS2"]) == 2
    assert "a.bib" in (error := capsys.readouterr().err)
    assert "larger than 1 MB" in error
    monkeypatch.setenv(LIMIT_VARIABLE, "2")
    assert main(["check", "a.bib", "--select", "RS2"]) == 0


@pytest.mark.parametrize("value", ["", "none", "-1", "1e3", "²"])
def test_another_value_leaves_the_limit_as_it_is(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, value)
    Path("a.bib").write_bytes(BIB[: BIB.index(b"@misc{k100,")])
    assert len(sources.read_sources(["a.bib"]).records) == 100


def test_a_file_that_is_read_in_pieces_has_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LIMIT_VARIABLE, "1")
    monkeypatch.setattr(sources, "LARGE", 1 << 16)
    Path("a.ris").write_bytes(RIS)
    reading = sources.read_sources(["a.ris"])
    assert len(reading.records) == 4000
    assert not reading.problems


def test_no_more_than_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that never ends, such as a device, is refused too."""

    class Endless:
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size >= 0
            self.taken += size
            return b"x" * size

    monkeypatch.setenv(LIMIT_VARIABLE, "1")
    stream = Endless()
    with pytest.raises(SourceError, match="larger than 1 MB"):
        sources._whole(b"", stream, "a", formats()["bibtex"])  # type: ignore[arg-type]
    assert stream.taken <= 1_000_001


def test_what_the_documents_say_about_readers_is_true() -> None:
    text = " ".join((Path(__file__).parents[2] / "SECURITY.md").read_text(encoding="utf-8").split())
    named = {
        "bibtex": "BibTeX", "spreadsheet": "spreadsheets", "parquet": "Parquet", "citavi": "Citavi", "cslyaml": "YAML",
        "marc": "binary MARC", "webpage": "web pages", "zoterordf": "Zotero RDF", "pubmedtext": "texts",
    }  # fmt: skip
    alike = {"cff", "papis", "hayagriva", "listing", "markdown", "list", "bibliography", "bibliography-text"}
    whole = {name for name, form in formats().items() if form.read_stream is None}
    assert whole == named.keys() | alike
    sentence = text.partition("Files that are read as a whole")[2].partition("Tables, tags")[0]
    assert all(word in sentence for word in named.values())


def test_a_model_of_a_project_is_refused_where_it_is_too_large(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("refs.bib").write_bytes(b"@misc{a, title = {The Patience of Moss}}\n")
    Path("refsync.toml").write_text('[areas]\nmodel = "own.npz"\n', encoding="utf-8")
    Path("own.npz").write_bytes(b"x" * 2000)
    monkeypatch.setattr(model_file, "_MAX_BYTES", 1000)
    assert main(["tag", "refs.bib"]) == 2
    assert "not an area model" in capsys.readouterr().err
