"""Each rule on the smallest text that violates it, and all rules on any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.check.entries import BibFile
from refsync.check.rule_table import RULES
from refsync.check.run_rules import DUPLICATES, Context, run_rules
from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.formats.bibtex.edit import Edit, apply_edits
from refsync.formats.bibtex.format import read
from tests.check.findings import find_places

CASES = [
    ("RS001", "@misc{a}\n% refsync: ignore[RS001]\n\n@misc{b}", [(2, 1, "")]),
    ("RS002", "@misc{a}\n% refsync: ignore\n@misc{b}", [(2, 1, "")]),
    (
        "RS101",
        "@book{a, title={Moss}, author={Roe, R.}, year=2001, isbn={0-306-40615-2}}\n"
        "@book{b, title={Moss}, author={Roe, R.}, year=2001, isbn={978-0-306-40615-7}}",
        [(2, 7, "b")],
    ),
    (
        "RS102",
        "@article{a, title={Tidal Growth of Kelp on Basalt}, author={Doe, Jane and Roe, R.}, journal={J. Kelp}, "
        "year=2001, volume=4, pages={1--9}}\n@article{\n  b, title={Tidal growth of kelp on basalt}, "
        "author={Doe, J. and Roe, R.}, journal={J. Kelp}, year=2001, volume=4, pages={1--9}}",
        [(3, 3, "b")],
    ),
    (
        "RS104",
        "@article{a, title={Tidal Growth of Kelp on Basalt}, author={Doe, Jane and Roe, R.}, journal={J. Kelp}, "
        "year=2001, volume=4, pages={1--9}}\n@misc{b, title={Tidal Growth of Kelp on Basalt}, author={Doe, Jane and "
        "Roe, R.}, year=2001, eprint={2101.00001}, archiveprefix={arXiv}}",
        [(2, 7, "b")],
    ),
    (
        "RS105",
        "@article{a, title={Tidal Growth of Kelp}, author={Doe, Jane}, year=2001, doi={10.5555/1}}\n@article{b, "
        "title={Old Moss on Basalt}, author={Roe, Mia}, year=2011, doi={https://doi.org/10.5555/1}}",
        [(2, 10, "b")],
    ),
    (  # a part and its whole, two parts of one whole, one paper under two identifiers
        "RS105",
        "@book{a, title={Shores: Kelp and Moss}, editor={Doe, Jane}, year=2001, doi={10.5555/1}}\n"
        "@incollection{b, title={Old Moss}, author={Roe, Mia}, booktitle={Shores}, year=2001, doi={10.5555/1}}\n"
        "@incollection{c, title={Young Kelp}, author={Poe, Mia}, booktitle={Shores}, year=2001, doi={10.5555/1}}\n"
        "@misc{d, title={Weed}, author={Poe, Mia}, year=2001, eprint={1}, doi={10.5555/2}}\n"
        "@misc{e, title={Tides}, author={Moe, Mia}, year=2001, eprint={1}, doi={10.5555/3}}",
        [],
    ),
    ("RS201", "@misc{a, title={Moss}}\n@misc{a, title={Kelp}}", [(2, 7, "a")]),
    ("RS202", "@misc{a, title={Moss}}\n@misc{A, title={Kelp}}", [(2, 7, "A")]),
    (
        "RS203",
        "@misc{a, title={Moss}, crossref={b}}\n@misc{c, title={Kelp}, xdata={a, d}}",
        [(1, 34, "a"), (2, 34, "c")],
    ),
    ("RS203", "@misc{a, title={Moss}, crossref={B}}\n@misc{b, ids={e}, title={Kelp}, related={e}}", []),
    (
        "RS206",
        "@misc{a, ids={b}}\n@misc{b, ids={c, b}}\n@misc{d, ids={C}}",
        [(1, 7, "a"), (3, 7, "d")],
    ),
    (
        "RS207",
        "@misc{Moss, ids={Kelp}, related={Moss, kelp}}\n@misc{b, crossref={moss}}\n@misc{c, xref={none}}",
        [(1, 40, "Moss"), (2, 20, "b")],
    ),
    ("RS301", "@misc{a, title={Moss}\n@misc{b, title={Kelp}}", [(2, 1, "a")]),
    ("RS301", "@misc{a, title={Moss}}\n@misc b,\n  title={Kelp}}\n@{c, title={Tide}}", [(2, 1, ""), (4, 1, "")]),
    (
        "RS302",
        "@misc{a,\n  title={Moss}\n  year=2001,, note={x}\n}\n@misc{title={Kelp}}",
        [(2, 15, "a"), (3, 13, "a"), (5, 7, "")],
    ),
    ("RS303", "@misc{a, title={Moss},\n  Title={Kelp}}", [(2, 3, "a")]),
    ("RS304", "@misc{a, note=x}\n@string{x={X}}\n@misc{b, note=x}", [(1, 15, "a")]),
    (
        "RS304",
        '@string{jm = "J. Moss"}\n@misc{a, journal=JM, month=jan, note=kelp # " and " # kelp, series=tcs}',
        [(2, 38, "a")],
    ),
    (
        "RS305",
        "@misc{a, note={=======\n=======\n}}\n<<<<<<< HEAD\n@misc{b, title={x}}\n=======\n@misc{b, title={y,\n"
        ">>>>>>> kelp\n}}\n>>>>>>> moss\n<<<<<<<< eight",
        [(4, 1, ""), (10, 1, "")],
    ),
    ("RS305", "=======\n% <<<<<<<\n@misc{a, note={a\n >>>>>>> b\n=======\n>>>>>>>>\n}}", []),
    ("RS401", b"@misc{a, title={M\xc3\xb6ss \xc3\xa9}}\n@misc{b, title={K\xe9lp}}", [(2, 18, "b")]),
    ("RS401", b"@misc{b, title={K\xe9lp}}", []),
    ("RS402", "@misc{a, title={MÃ¼ller â€“ Kelp}}\n@misc{b, title={M\ufffdss}}", [(1, 18, "a"), (2, 18, "b")]),
    ("RS402", "@misc{a, title={Ação NÃO «À» £5 à la Ärzte, Åse‘s}}", []),
    (
        "RS501",
        "@misc{a, doi={https://doi.org/10.5555/1}}\n@misc{b, doi={10/1}}\n@misc{c, doi={10.5555/a_b}}"
        "\n@misc{d, doi={10.5555/a\\_b}}\n@misc{e, doi={}}",
        [(1, 15, "a"), (2, 15, "b")],
    ),
    (
        "RS502",
        "@book{a, isbn={0-306-40615-3}}\n@book{b, isbn={978-0-306-40615-7}}\n@misc{c, issn={1234-5678}}"
        "\n@misc{d, issn=03784371}",
        [(1, 16, "a"), (3, 16, "c")],
    ),
    (
        "RS503",
        "@misc{a, eprint={21.1}, eprinttype={arXiv}}\n@misc{b, eprint={hep-th/9901001v2}, archiveprefix={arXiv}}"
        "\n@misc{c, eprint={21.1}, eprinttype={hdl}}",
        [(1, 18, "a")],
    ),
    (
        "RS504",
        "@misc{a, year=98}\n@misc{b, year={in press}}\n@misc{c, year={c. 1850}}\n@misc{d, date={2024-13-01}}"
        "\n@misc{e, date={2023-05/2024}}\n@misc{f, date={1990~}}",
        [(1, 15, "a"), (4, 16, "d")],
    ),
    (
        "RS505",
        "@misc{a, pages={99--12}}\n@misc{b, pages={1234--45}}\n@misc{c, pages={12--}}\n@misc{d, pages={xi--xv}}"
        "\n@misc{e, pages={3, 9--12, 14}}\n@misc{f, pages={e12}}",
        [(1, 17, "a"), (3, 17, "c")],
    ),
    ("RS601", "@article{a, title={Moss}}\n@online{b, title={x}, url={y}, date={2024}}\n@misc{c}", [(1, 10, "a")]),
    ("RS601", "@inproceedings{a, author={x}, title={Moss}, crossref={b}}\n@proceedings{b, title={Kelp}, year=1}", []),
    (
        "RS602",
        "@misc{a, title={Moss & Kelp 5\\% $a_b$ \\url{a_b#c} {$x^2$}}, url={a_b%20&c}, abstract={5 % of it}}"
        '\n@misc{b, author="R. Roe" # " \\& co", note={5\\,% of it}, journal={a \\(x_1\\) b}}',
        [(1, 22, "a"), (2, 47, "b")],
    ),
]


@pytest.mark.parametrize(("code", "text", "expected"), CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)])
def test_each_rule_finds_its_violations(
    capsys: pytest.CaptureFixture[str], code: str, text: str | bytes, expected: list[tuple[int, int, str]]
) -> None:
    assert find_places(capsys, text, code) == [(code, *place) for place in expected]


def test_every_rule_has_a_case() -> None:
    assert set(RULES) - {case[0] for case in CASES} == {"RS103", "RS204", "RS205", "RS208"}


def test_what_is_merged_unasked_is_an_error_and_what_is_asked_is_a_note() -> None:
    text = "@techreport{a, title={Kelp}}\n@article{b, title={Kelp}}\n@misc{c, title={Kelp}}\n"
    file = BibFile(read(text.encode(), "refs.bib"), text)
    found = Deduplication((Cluster((0, 1), 0.81, ()),), review=(Link((0, 2), 0.79, "", ()),))
    one, other = run_rules([file], set(RULES) & DUPLICATES, Context(deduplication=found))
    assert (one.code, one.key, one.fixable) == ("RS102", "b", True)
    assert (other.code, other.key, other.fixable) == ("RS103", "c", False)


def test_messages_name_the_entry_that_shares_the_identifier_and_why_a_pair_is_not_merged() -> None:
    entry = "@book{%s, title={Kelp}, isbn={%s}}\n"
    text = entry % ("a", "") + entry % ("b", "0-306-40615-2") + entry % ("c", "978-0-306-40615-7") + "@misc{d}\n"
    file = BibFile(read(text.encode(), "refs.bib"), text)
    evidence = (Pair(0, 3, 0.001, (), ("years", "authors")),)
    found = Deduplication((Cluster((0, 1, 2), 0.9, ()),), review=(Link((0, 3), 0.001, "", evidence),))
    messages = {
        item.key: item.message for item in run_rules([file], set(RULES) & DUPLICATES, Context(deduplication=found))
    }
    assert messages["b"] == "is the same paper as 'a' (line 1): same ISBN 9780306406157 as 'c' (line 3)"
    assert messages["d"] == "may be the same paper as 'a' (line 1); in doubt: the years are too far apart"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *'@{}(),=#%\\\n &_$-1"',
                "@misc{a,",
                "@string{m =",
                "title",
                "doi={https://doi.org/10.1/a}",
                "year",
                "Ã¼",
                "x={x}",
                "pages={9--1}",
                "crossref=b",
                "isbn={1}",
                "% refsync: ignore[RS3]\n",
                "}\n@book{b,",
            ]
        ),
        max_size=40,
    )
)
def test_any_text_can_be_checked_and_fixed(words: list[str]) -> None:
    text = "@misc{k, note={z}}\n" + "".join(words)
    file = BibFile(read(text.encode(), "refs.bib"), text)
    found = run_rules([file], set(RULES), Context())
    lines = text.split("\n")
    assert all(item.column <= len(lines[item.line - 1]) + 1 for item in found)
    applied: list[Edit] = []
    for edit in sorted((edit for item in found for edit in item.edits), key=lambda edit: (edit.start, edit.end)):
        if not applied or edit.start >= applied[-1].end:
            applied.append(edit)
    again = read(apply_edits(text, applied).encode(), "refs.bib")
    assert [(record.id, record.type) for record in again.records] == [
        (record.id, record.type) for record in file.records
    ]
    for before, after in zip(file.records, again.records, strict=True):
        kept = {name: value for name, value in before.fields.items() if name != "doi"}
        assert {name: value for name, value in after.fields.items() if name != "doi"} == kept
