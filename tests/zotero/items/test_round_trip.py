"""A push and a pull into the same file leave every byte of it."""

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.cli import main
from refsync.formats.common.dialect import dialect_of
from refsync.records import Record
from refsync.sources import read_sources
from refsync.zotero.items.mapping import to_item, to_record
from refsync.zotero.pull.entry_merge import merge_entry
from tests.paths import SHARED
from tests.sweeps import parts
from tests.zotero_server import Server

BIB = SHARED / "data" / "bib"
PIECES = [
    r"$\{0,1\}^n$", r"\{", r"\}", r"{\"o}", "{BERT}", r"\textit{in vivo}", r"$_2$", r"\&", "--", "---", "``", "''", "~",
    r"\textasciicircum{}", "kelp", "Kelp", " ", "{", "}", r"\$", r"\%", "&amp;", "<i>x</i>",
    r"\emph{a}", r"{\'e}", "é", "–", "^", "_",
]  # fmt: skip


def changed_fields(record: Record, dialect: str = "bibtex") -> dict[str, str]:
    """The fields of an entry that a pull would change right after a push."""
    item = {**to_item(record), "key": "AAAAAAAA", "version": 1}
    back = to_record(item, dialect="biblatex" if dialect == "biblatex" else "bibtex")
    update = merge_entry(record, back, 1, None, "biblatex" if dialect == "biblatex" else "bibtex")
    return {**update.values, **({"entrytype": update.type} if update.type else {})}


def balanced(text: str) -> bool:
    depth = 0
    for before, character in zip(" " + text, text, strict=False):
        depth += ((character == "{") - (character == "}")) * (before != "\\")
        if depth < 0:
            return False
    return depth == 0


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join).filter(balanced))
def test_any_title(title: str) -> None:
    record = Record("a.bib", 1, "k", type="article", fields={"title": title, "note": title}, markup="latex")
    assert changed_fields(record) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"title": r"Games on $\{0,1\}^n$"},
        {"title": r"a \{ b \} c"},
        {"booktitle": r"Sets \{x\}", "abstract": r"All $\{x \mid x_1\}$ of them", "note": r"\{draft\}"},
        {"author": "Macpherson, J.~Michael and Reich, D."},
        {"year": "2020", "month": "sep", "day": "01"},
        {"year": "1994", "month": "Fall"},
        {"year": "1988", "month": "January 10"},
        {"pages": "100-109", "number": "3--4", "volume": "10/11"},
        {"journal": "AI &amp; Society"},
        {"year": "Spring 2017 and after"},
        {"type": "Master thesis", "school": "U"},
    ],
)
def test_examples(fields: dict[str, str]) -> None:
    given_ = {"title": "A study of kelp", **fields}
    record = Record(
        "a.bib", 1, "k", type="mastersthesis" if "school" in fields else "article", fields=given_, markup="latex"
    )
    assert changed_fields(record) == {}


def sampled(files: Iterable[Path], count: int, seed: int) -> list[Record]:
    rng = random.Random(seed)
    records: list[Record] = []
    for file in files:
        found = read_sources([str(file)], "bibtex").records
        records += rng.sample(found, min(count, len(found)))
    return records


@pytest.mark.skipif(not BIB.exists(), reason="the libraries of other people aren't here")
@pytest.mark.parametrize("part", parts(4))
def test_titles_of_real_libraries(part: int) -> None:
    files = [file for file in sorted(BIB.rglob("*.bib")) if file.stat().st_size < 300_000][part::4]
    records = sampled(files, 12, seed=part)
    assert len(records) > 500
    wrong = {}
    for record in records:
        if changes := changed_fields(record, dialect_of([record]) or "bibtex"):
            wrong[record.source, record.id] = changes
    assert wrong == {}


@pytest.mark.skipif(not BIB.exists(), reason="the libraries of other people aren't here")
def test_a_file_of_real_titles(server: Server, client_environment: None) -> None:
    files = [file for file in sorted(BIB.rglob("*.bib")) if file.stat().st_size < 300_000][::7]
    titles = {record.get("title"): None for record in sampled(files, 3, seed=5) if balanced(record.get("title"))}
    text = "\n".join(f"@misc{{k{n}, title = {{{title}}}}}" for n, title in enumerate(titles) if title) + "\n"
    Path("a.bib").write_bytes(text.encode())
    assert main(["push", "a.bib", "zotero:user/12345", "--no-tags", "--profile", "careful"]) == 0
    before = len(server.library("users/12345").items)
    assert before > 50
    main(["pull", "zotero:user/12345", "-o", "a.bib"])
    assert Path("a.bib").read_bytes().startswith(text.encode())
