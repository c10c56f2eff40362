"""Texts in several formats: each record is read once, and nothing is lost without a report."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.sources import Reading, read_sources
from tests.formats.samples.joined import PAGE, PARTS, TITLES
from tests.sweeps import examples


def reading(text: str, name: str = "refs.txt") -> Reading:
    return read_sources([name], contents={name: text.encode()})


def titles(read: Reading) -> list[str]:
    return [record.get("title") for record in read.records]


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(PARTS, 2)))
def test_joined_exports_are_both_read(one: str, other: str) -> None:
    read = reading(f"{PARTS[one]}\n{PARTS[other]}")
    assert not read.lost, read.problems
    assert sorted(titles(read)) == sorted([TITLES[one], TITLES[other]])
    assert [record.index for record in read.records] == [1, 2]


@pytest.mark.parametrize("name", PARTS)
def test_a_text_in_one_format_keeps_its_format(name: str) -> None:
    read = reading(PARTS[name])
    assert read.snapshots[0].format == name
    assert read.problems == () or {problem.kind for problem in read.problems} == {"columns"}


@pytest.mark.parametrize(
    "text",
    [
        '@string{k = "Kelp Letters"}\n@misc{a, title = {Kelp}, journal = k}\n',
        "@misc{a, title = {Kelp}}\n@misc{b}\n",
        "@comment{x}\n@preamble{{y}}\n@misc{a, title = {Kelp}, title = {Moss}}\n",
        "% Papers on kelp\n\n@misc{a, title = {Kelp}}\n\nMore of them below.\n@misc(b, title = {Moss})\n",
        "@misc{a, title = {Kelp}\n@misc{b, title = {Moss}}\n",
    ],
)
def test_bibtex_is_the_same_whether_its_name_says_so_or_not(text: str) -> None:
    piped = read_sources(["pipe"], contents={"pipe": text.encode()})
    named = reading(text, "refs.bib")
    assert piped.snapshots[0].format == "bibtex"
    assert [(r.id, r.fields, r.line) for r in piped.records] == [(r.id, r.fields, r.line) for r in named.records]
    assert [problem.message for problem in piped.problems] == [problem.message for problem in named.problems]


def test_lines_are_those_of_the_file() -> None:
    read = reading(PARTS["ris"] + "\n" + PARTS["bibtex"] + "\n" + PARTS["enw"])
    assert [(record.get("title"), record.line) for record in read.records] == [
        ("Sand Under Wind", 1),
        ("Kelp in Noise", 7),
        ("Pollen in amber", 13),
    ]


@pytest.mark.parametrize("name", ["page.txt", "page.md", "-"])
def test_papers_of_a_page_with_bibtex_beside_some(name: str) -> None:
    read = read_sources(["page"], contents={"page": PAGE.encode()}) if name == "-" else reading(PAGE, name)
    assert not read.lost
    assert titles(read) == ["{Kelp} in Noise", "Amber and time", "Gravel rivers flowing north"]
    assert read.records[0].id == "roe2020kelp"
    assert read.records[0].get("abstract").startswith("Kelp is loud.")  # which only the page has
    assert read.records[0].get("author") == "Roe, Ann"


def test_papers_of_a_web_page_with_bibtex_beside_some() -> None:
    body = "".join(
        f"<pre>\n{part}</pre>" if part.startswith("@") else "".join(f"<p>{line}</p>" for line in part.splitlines())
        for part in PAGE.replace("\n@", "\n\n@").split("\n\n")
    )
    for name in ("page.html", "page.txt"):
        read = reading(f"<!DOCTYPE html><html><body>{body}</body></html>", name)
        assert not read.lost
        assert titles(read) == ["{Kelp} in Noise", "Amber and time", "Gravel rivers flowing north"]


def test_bibtex_joins_the_data_of_a_web_page() -> None:
    tags = '<meta name="citation_title" content="Kelp in Noise"><meta name="citation_doi" content="10.5555/kelp">'
    entries = PARTS["bibtex"] + "\n@misc{poe2019sand, title = {Sand Under Wind}, year = 2019}\n"
    read = reading(f"<html><head>{tags}</head><body><p>Cite as</p><pre>{entries}</pre></body></html>", "page.html")
    assert [(record.id, record.get("doi")) for record in read.records] == [
        ("roe2020kelp", "10.5555/kelp"),
        ("poe2019sand", ""),
    ]


def test_a_text_about_something_else_with_an_entry_gives_the_entry_alone() -> None:
    text = (
        f"# Mosskit\n\nSee [the docs](https://mosskit.example.org/docs) for more.\n\n```bibtex\n{PARTS['bibtex']}```\n"
    )
    read = reading(text, "README.md")
    assert titles(read) == ["Kelp in Noise"]
    assert not read.lost


@pytest.mark.parametrize("name", ["ris", "nbib", "enw", "csljson"])
def test_other_formats_in_a_bib_file_are_reported_and_stay_comments(name: str) -> None:
    read = reading(f"{PARTS['bibtex']}\n{PARTS[name]}", "refs.bib")
    assert read.snapshots[0].format == "bibtex"
    assert read.lost
    assert [(problem.code, problem.line) for problem in read.problems] == [("other-format", 7)]


def test_a_named_format_is_applied_and_the_others_reported(tmp_path: Path) -> None:
    file = tmp_path / "refs.txt"
    file.write_text(PARTS["ris"] + "\n" + PARTS["nbib"])
    read = read_sources([str(file)], "ris")
    assert read.lost


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "@article{a,\n  title = {Kelp},\n  note = {as exported:\n\nTY  - JOUR\nTI  - Sand\nER  - \n}\n}\n",
            "refs.txt",
        ),
        ("@comment{\n<?xml version='1.0'?>\n<xml></xml>\n}\n@misc{a, title = {Kelp}, year = 2020}\n", "refs.bib"),
        (
            "TY  - JOUR\nTI  - Kelp in Noise\nN1  - Cite it as\n@article{a, title = {Kelp in Noise}}\nER  - \n",
            "refs.txt",
        ),
        ("%0 Journal Article\n%T Kelp in Noise\n%X Kelp is loud.\n\nIt is louder in winter.\n%D 2020\n", "refs.txt"),
    ],
)
def test_records_inside_a_value_are_none(text: str, name: str) -> None:
    read = reading(text, name)
    assert len(read.records) == 1
    assert read.snapshots[0].format != "mixed"


@pytest.mark.parametrize("name", ["nbib", "enw", "csv", "mods"])
def test_a_page_below_records_is_no_part_of_the_last(name: str) -> None:
    page = PAGE[PAGE.index("Amber") :]
    read = reading(f"{PARTS[name]}\n{page}")
    assert sorted(titles(read)) == sorted([TITLES[name], "Amber and time", "Gravel rivers flowing north"])


@pytest.mark.parametrize("name", ["csljson", "mods"])
def test_a_part_that_is_cut_off_is_reported(name: str) -> None:
    read = reading(f"{PARTS['bibtex']}\n{PARTS[name].rstrip()[:-4]}\n")
    assert read.lost
    assert "Kelp in Noise" in titles(read)


def test_json_of_something_else_is_no_damage() -> None:
    read = reading(f'Settings of Mosskit:\n\n{{"walls": 3}}\n\nCite it as\n\n{PARTS["bibtex"]}')
    assert titles(read) == ["Kelp in Noise"]
    assert not read.lost


@settings(max_examples=examples(40))
@given(st.data())
def test_damage_in_joined_exports_is_read_or_reported(data: st.DataObject) -> None:
    one, other = data.draw(st.permutations(sorted(PARTS)))[:2]
    text = f"{PARTS[one]}\n{PARTS[other]}"
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    noise = data.draw(st.text('@{}[]<>"\n -:%=,aTYER0', max_size=12))
    read = reading(text[:start] + noise + text[end:])
    assert [record.index for record in read.records] == list(range(1, len(read.records) + 1))
    assert read.records or read.lost
