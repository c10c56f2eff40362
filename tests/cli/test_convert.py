"""Writing without merging: dialects, keys, order, preambles, and the round trip of written files."""

import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.cli import main
from refsync.errors import ConfigError
from refsync.formats.bibtex.format import FORMAT, read
from refsync.formats.common.dialect import Dialect, dialect_of, to_dialect
from refsync.planning.citation_keys import assign_keys
from refsync.planning.export import export
from refsync.planning.settings import ExportSettings
from refsync.records import Record
from refsync.runs import journal
from tests.sweeps import examples

REFS = """\
% kept by hand
@preamble{ "\\newcommand{\\noop}[1]{}" # { % moss} }
@string{jmr = {Journal of Moss Research}}
@article{zoe, author = {Zoe, Z. and Roe, R.}, title = {On the Émigré Moss: of 3D Walls}, journal = jmr,
  year = 2020, month = mar, address = {Oslo}, odd-field = {x}}
@phdthesis{abe, author = {Abe, A{\\"o}}, title = {Kelp}, school = {North}, year = {1999}}
@inbook{leaf, author = {Abe, A.}, title = {A Leaf}, crossref = {book}, chapter = 2}
@book{book, editor = {Moe, M.}, title = {The Book}, publisher = {P}, year = 2001}
@techreport{tr, author = {Abe, B.}, title = {A Report}, institution = {I}, year = {in press}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(REFS, encoding="utf-8")
    return tmp_path


def entry(type_: str, **fields: str) -> Record:
    return Record("a.bib", 1, "k", type_, fields, markup="latex")


def keys_of(path: str) -> list[str]:
    return re.findall(r"(?m)^@\w+\{([^,{]+),$", Path(path).read_text(encoding="utf-8"))


PAIRS = [
    (entry("article", journal="J", year="2020", month="March"), entry("article", journaltitle="J", date="2020-03")),
    (entry("article", year="2020", month="March", day="5"), entry("article", date="2020-03-05")),
    (entry("book", address="Oslo", annote="x"), entry("book", location="Oslo", annotation="x")),
    (entry("phdthesis", school="N"), entry("thesis", institution="N", type="phdthesis")),
    (entry("mastersthesis", school="N"), entry("thesis", institution="N", type="mathesis")),
    (entry("mastersthesis", type="Diploma"), entry("thesis", type="Diploma", entrysubtype="mastersthesis")),
    (entry("phdthesis", school="N", type="Bachelor's thesis"), entry("thesis", institution="N", type="bathesis")),
    (entry("phdthesis", type="Habilitation"), entry("thesis", type="Habilitation")),
    (entry("techreport", institution="I"), entry("report", institution="I", type="techreport")),
    (entry("misc", url="http://x.example", title="T"), entry("online", url="http://x.example", title="T")),
    (entry("misc", title="T", entrysubtype="dataset"), entry("dataset", title="T")),
    (entry("book", title="T", entrysubtype="collection"), entry("collection", title="T")),
    (entry("misc", eprint="2001.1", archiveprefix="arXiv", primaryclass="cs.LG"),
     entry("misc", eprint="2001.1", eprinttype="arxiv", eprintclass="cs.LG")),
    (entry("article", year="2019", date="2019/2020"), entry("article", date="2019/2020")),
    (entry("article", year="in press", month="Spring"), entry("article", year="in press", month="Spring")),
    (entry("article", journal="J", journaltitle="Other"), entry("article", journal="J", journaltitle="Other")),
    (entry("misc", title="T", odd="x", howpublished="Web", url="u"),
     entry("misc", title="T", odd="x", howpublished="Web", url="u")),
    (entry("inproceedings", title="T"), entry("inproceedings", title="T")),
]  # fmt: skip


@pytest.mark.parametrize(("bibtex", "biblatex"), PAIRS)
def test_dialects_are_each_others_inverse(bibtex: Record, biblatex: Record) -> None:
    assert to_dialect(bibtex, "biblatex") == biblatex
    assert to_dialect(biblatex, "bibtex") == bibtex


@pytest.mark.parametrize(
    ("record", "dialect", "expected"),
    [
        (entry("conference", title="T"), "biblatex", entry("inproceedings", title="T")),
        (entry("article", year="2020", month="3", date="2020-03-07"), "biblatex", entry("article", date="2020-03-07")),
        (entry("article", year="2021", date="2020"), "biblatex", entry("article", year="2021", date="2020")),
        (entry("article", journal="J", journaltitle="J"), "bibtex", entry("article", journal="J")),
        (entry("thesis", title="T"), "bibtex", entry("phdthesis", title="T", type="Thesis")),
        (entry("online", title="T"), "bibtex", entry("misc", title="T", entrysubtype="online")),
        (entry("article", date="2020~"), "bibtex", entry("article", year="2020", date="2020~")),
    ],
)
def test_conversions_without_an_inverse(record: Record, dialect: Dialect, expected: Record) -> None:
    assert to_dialect(record, dialect) == expected


@pytest.mark.parametrize(
    ("records", "dialect"),
    [
        ([entry("article", journal="J")], "bibtex"),
        ([entry("article", journaltitle="J", year="1")], "biblatex"),
        ([entry("online"), entry("book", year="1"), entry("book", year="1")], "bibtex"),
        ([entry("article", journal="J", year="1", langid="en")], "bibtex"),
        ([entry("article", journal="J", year="1", date="1")], "bibtex"),
        ([entry("article", journal="J", year="1", date="1", langid="en")], "biblatex"),
        ([entry("article", journal="J", year="1"), *[entry("book", langid="en")] * 1], "bibtex"),
        ([entry("article", journal="J", year="1"), *[entry("book", langid="en")] * 2], "biblatex"),
        ([entry("book", date="1"), entry("book", year="1"), entry("book", year="1")], "bibtex"),
        ([entry("article", journal="J", year="1", urldate="2024-01-01", langid="english", shortjournal="K")], "bibtex"),
        ([entry("article", title="T", langid="english")], "biblatex"),
        ([entry("book", title="T")], None),
        ([Record("a.csv", 1, "#1", "article", {"journal": "J"})], None),
    ],
)
def test_the_dialect_of_a_library_is_detected(records: list[Record], dialect: Dialect | None) -> None:
    assert dialect_of(records) == dialect


_VALUE = st.sampled_from(["2020", "2019/2020", "March", "3", "12", "arXiv", "arxiv", "x", "A {B} c", "phdthesis", ""])
_FIELD = st.sampled_from(
    "journal journaltitle year month day date address location school institution type entrysubtype archiveprefix "
    "eprinttype primaryclass eprintclass url howpublished annote annotation title crossref note".split()
)
_TYPE = st.sampled_from(
    "article book misc online thesis phdthesis mastersthesis report techreport dataset collection electronic "
    "conference inproceedings xdata".split()
)
_ENTRY = st.builds(
    Record,
    source=st.just("a.bib"),
    index=st.just(1),
    id=st.sampled_from(["a", "b", "C", "x3"]),
    type=_TYPE,
    fields=st.dictionaries(_FIELD, _VALUE, max_size=6),
    markup=st.just("latex"),
)
_DIALECT = st.sampled_from(["bibtex", "biblatex"])


@settings(max_examples=examples(300))
@given(_ENTRY, _DIALECT)
def test_a_dialect_twice_is_a_dialect_once_and_every_value_stays(record: Record, dialect: Dialect) -> None:
    once = to_dialect(record, dialect)
    assert to_dialect(once, dialect) == once
    text = " ".join([once.type, *once.fields.values()]).lower()
    for name, value in record.fields.items():
        if name not in ("month", "day", "date", "type"):
            assert value.lower() in text
    there = to_dialect(to_dialect(once, "biblatex" if dialect == "bibtex" else "bibtex"), dialect)
    assert to_dialect(there, dialect) == there


def test_converting_twice_equals_once_for_names_of_archives_in_different_case() -> None:
    fields = {"archiveprefix": "arxiv", "journal": "2020", "journaltitle": "2020", "eprinttype": "arXiv"}
    once = to_dialect(entry("article", **fields), "bibtex")
    assert to_dialect(once, "bibtex") == once


@settings(max_examples=examples(150))
@given(
    st.lists(_ENTRY, min_size=1, max_size=5),
    st.sampled_from(["", "bibtex", "biblatex"]),
    st.sampled_from(["none", "key", "author", "year"]),
    st.lists(st.sampled_from(["\\newcommand{\\x}{y}", '"quoted"', "a {b}"]), max_size=2, unique=True),
)
def test_written_files_are_read_back_unchanged(
    records: list[Record], dialect: Dialect, sort: str, preambles: list[str]
) -> None:
    chosen = ExportSettings(dialect=dialect, sort=sort)  # type: ignore[arg-type]
    written = export(records, FORMAT, chosen, preambles)
    again = read(written, "o.bib")
    assert len(again.records) == len(records)
    assert list(again.preambles) == preambles
    assert export(again.records, FORMAT, chosen, again.preambles) == written
    twice = read(export(again.records, FORMAT, chosen, again.preambles), "o.bib")
    assert twice.records == again.records


def test_nothing_is_merged_and_written_files_convert_to_themselves() -> None:
    Path("refs.bib").write_text(REFS + REFS.replace("{zoe", "{zoe2").replace("@preamble", "@comment"), encoding="utf-8")
    assert main(["convert", "refs.bib", "-o", "one.bib"]) == 0
    text = Path("one.bib").read_text(encoding="utf-8")
    assert text.startswith("@preamble{{\\newcommand{\\noop}[1]{} % moss}}\n\n@article{zoe,\n")
    assert text.count("\n@") == 10
    assert "refsync-source" not in text
    for number, options in enumerate([[], ["--sort", "none"], ["--from", "bibtex"]]):
        assert main(["convert", "one.bib", "-o", f"{number}.bib", *options]) == 0
        assert Path(f"{number}.bib").read_bytes() == Path("one.bib").read_bytes()


def test_keys_by_a_template_are_the_same_the_second_time(capsys: pytest.CaptureFixture[str]) -> None:
    Path("p.tex").write_text("\\cite{zoe, abe}", encoding="utf-8")
    options = ["--keys", "{Auth}{yy}", "--sort", "key"]
    assert main(["convert", "refs.bib", "-o", "one.bib", *options, "--cites", "p.tex", "--rewrite-cites"]) == 0
    assert keys_of("one.bib") == ["Abe", "Abe01", "Abe99", "Zoe20", "Moe01"]
    assert "crossref = {Moe01}" in Path("one.bib").read_text(encoding="utf-8")
    assert Path("p.tex").read_text(encoding="utf-8") == "\\cite{Zoe20, Abe99}"
    assert "  zoe -> Zoe20\n" in capsys.readouterr().out
    assert main(["convert", "one.bib", "-o", "two.bib", *options]) == 0
    assert Path("two.bib").read_bytes() == Path("one.bib").read_bytes()
    assert main(["undo"]) == main(["undo"]) == 0
    assert Path("p.tex").read_text(encoding="utf-8") == "\\cite{zoe, abe}"
    assert not Path("one.bib").exists()
    assert [run.facts["command"] for run in journal.runs(Path())] == ["convert", "convert"]


FULL = Record("a.csv", 1, "#1", "article", {
    "author": "Łukasz Straße and Ø. Ærø and Roe, J.", "title": "On the Émigré Moss: of 3D walls", "year": "2020",
    "journal": "Journal of Moss", "doi": "10.1000/ABC(3)", "volume": "7",
})  # fmt: skip


@pytest.mark.parametrize(
    ("template", "key"),
    [
        ("{auth}{year}{title}", "strasse2020emigre"),
        ("{Auth}_{yy}_{title:3-}", "Strasse_20_emigre-moss-3d"),
        ("{AUTHS:2+}:{venue}{year}", "STRASSE+AERO+ETAL:jm2020"),
        ("{auths}", "strasseaeroroe"),
        ("{auth:3}{Title:2}", "strEmigreMoss"),
        ("{doi}", "10.1000/abc3"),
        ("{number}_{auth}_{isbn}_{volume}", "strasse_7"),
        ("{type}:{key}", "article"),
        ("ref{year}", "ref2020"),
    ],
)
def test_templates(template: str, key: str) -> None:
    assert assign_keys([FULL], [False], template=template) == [key]


def test_equal_keys_get_letters_whatever_the_order() -> None:
    papers = [Record("s", n, f"#{n}", fields={"author": "Doe, J.", "year": "2020", "note": str(n)}) for n in range(4)]
    keys = assign_keys(papers, [False] * 4, template="{auth}{year}")
    assert sorted(keys) == ["doe2020", "doe2020a", "doe2020b", "doe2020c"]
    assert assign_keys(papers[::-1], [False] * 4, template="{auth}{year}") == keys[::-1]


def test_a_record_without_fields_gets_a_key() -> None:
    assert assign_keys([Record("s", 1, "#1")], [False], template="{auth}-{year}")[0].startswith("ref-")


@pytest.mark.parametrize("template", ["{autor}", "x", "{auth", "{auth} {year}", "{auth:0}", "{}", "{auth},{year}"])
def test_a_malformed_template_is_refused(template: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigError):
        ExportSettings(keys=template)
    assert main(["convert", "refs.bib", "-o", "x.bib", "--keys", template]) == 2
    assert "keys:" in capsys.readouterr().err
    assert not Path("x.bib").exists()


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("none", ["zoe", "abe", "leaf", "tr", "book"]),
        ("key", ["abe", "leaf", "tr", "zoe", "book"]),
        ("author", ["leaf", "abe", "tr", "zoe", "book"]),
        ("year", ["abe", "zoe", "leaf", "tr", "book"]),
    ],
)
def test_order_and_parents_after_children(sort: str, keys: list[str]) -> None:
    assert main(["convert", "refs.bib", "-o", "out.bib", "--sort", sort]) == 0
    assert keys_of("out.bib") == keys


def test_standard_input_and_output(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], folder: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(REFS.encode()), encoding="utf-8"))
    assert main(["convert", "-", "-o", "-", "--to", "bibtex", "--dialect", "biblatex"]) == 0
    out, err = capfdbinary.readouterr()
    assert b"date = {2020-03}" in out
    assert b"5 records as bibtex" in err
    assert {path.name for path in folder.iterdir()} == {"refs.bib"}


def test_the_result_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "refs.bib", "-o", "out.txt", "--to", "bibtex", "--keys", "{key}x", "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["schema"], result["records"], result["output"]) == ("refsync.convert/1", 5, "out.txt")
    assert result["renamed"]["zoe"] == "zoex"


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert", "refs.bib", "-o", "x.pdf"],
        ["convert", "refs.bib", "-o", "x.bib", "--to", "nothing"],
        ["convert", "refs.bib", "-o", "x.txt", "--to", "listing"],
        ["convert", "refs.bib", "-o", "refs.bib"],
        ["dedupe", "refs.bib", "--write", "--keys", "{auth}"],
    ],
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err
    assert Path("refs.bib").read_text(encoding="utf-8") == REFS


def test_run_writes_in_a_dialect_with_preamble_and_keys() -> None:
    Path("refsync.toml").write_text('[export]\ndialect = "biblatex"\nsort = "author"\n', encoding="utf-8")
    assert main(["run", "refs.bib", "-o", "out.bib", "--keys", "{auth}{year}", "-q"]) == 0
    text = Path("out.bib").read_text(encoding="utf-8")
    assert text.startswith("@preamble{{\\newcommand{\\noop}")
    assert "journaltitle = {Journal of Moss Research}" in text
    assert "@thesis{abe1999," in text
    assert "ids = {zoe}" in text


def test_new_entries_follow_the_dialect_of_the_library() -> None:
    Path("refs.bib").write_text("@online{o, title = {O}, date = {2020}, url = {http://x.example}}\n", encoding="utf-8")
    Path("new.csv").write_text(
        'title,author,journal,year\nKelp on Walls,"Doe, J.",Journal of Kelp,2019\n', encoding="utf-8"
    )
    assert main(["dedupe", "refs.bib", "new.csv", "-o", "out.bib", "-q"]) == 0
    text = Path("out.bib").read_text(encoding="utf-8")
    assert "journaltitle = {Journal of Kelp}" in text
    assert "date = {2019}" in text


VALID = """\
@preamble{ "\\newcommand{\\noop}[1]{}" }
@article{zoe, author = {Zoe, Z. and Roe, R.}, title = {Moss}, journal = {J}, year = 2020, month = mar, volume = 3}
@phdthesis{abe, author = {Abe, A.}, title = {Kelp}, school = {North}, year = {1999}, address = {Oslo}}
@mastersthesis{ben, author = {Ben, B.}, title = {Kelp and Moss}, school = {North}, year = {1998}}
@techreport{tr, author = {Abe, B.}, title = {A Report}, institution = {I}, year = {2002}, number = 7}
@misc{web, author = {Web, W.}, title = {A Page}, url = {http://x.example/a_b}, year = 2019}
@misc{pre, author = {Pre, P.}, title = {A Preprint}, eprint = {2001.00001}, archiveprefix = {arXiv},
  primaryclass = {cs.LG}, year = 2020}
@inproceedings{leaf, author = {Abe, A.}, title = {A Leaf}, crossref = {book}, booktitle = {The Book}, pages = {1--2}}
@proceedings{book, editor = {Moe, M.}, title = {The Book}, publisher = {P}, year = 2001}
"""


@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
def test_biber_accepts_written_biblatex_without_warnings(tmp_path: Path) -> None:
    Path("refs.bib").write_text(VALID, encoding="utf-8")
    assert main(["convert", "refs.bib", "-o", "o.bib", "--dialect", "biblatex", "--keys", "{auth}{year}"]) == 0
    run = subprocess.run(
        ["biber", "--tool", "--tool-resolve", "--validate-datamodel", "o.bib"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert [line for line in run.stdout.splitlines() if not line.startswith("INFO")] == []
    assert run.returncode == 0


@pytest.mark.skipif(shutil.which("bibtex") is None, reason="bibtex is not installed")
def test_bibtex_accepts_written_bibtex_without_warnings(tmp_path: Path) -> None:
    Path("refs.bib").write_text(VALID, encoding="utf-8")
    assert main(["convert", "refs.bib", "-o", "latex.bib", "--dialect", "biblatex"]) == 0
    assert main(["convert", "latex.bib", "-o", "o.bib", "--dialect", "bibtex", "--sort", "author"]) == 0
    (tmp_path / "o.aux").write_text("\\relax\n\\citation{*}\n\\bibstyle{plain}\n\\bibdata{o}\n", encoding="utf-8")
    run = subprocess.run(["bibtex", "o"], cwd=tmp_path, capture_output=True, check=False)
    if b"I couldn't open style file" in run.stdout:
        pytest.skip("plain.bst is not installed")
    assert b"arning" not in run.stdout
    assert run.returncode == 0
