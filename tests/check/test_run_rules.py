"""Each rule on the smallest text that violates it, and all rules on any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.check.entries import BibFile
from refsync.check.rule_table import RULES
from refsync.check.run_rules import DUPLICATES, run_rules
from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.formats.bibtex.edit import Edit, apply_edits
from refsync.formats.bibtex.format import read
from tests.check.cases import CASES
from tests.check.findings import find_places
from tests.sweeps import examples


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
    one, other = run_rules([file], set(RULES) & DUPLICATES, found)
    assert (one.code, one.key, one.fixable) == ("RS102", "b", True)
    assert (other.code, other.key, other.fixable) == ("RS103", "c", False)


def test_messages_name_the_entry_that_shares_the_identifier_and_why_a_pair_is_not_merged() -> None:
    entry = "@book{%s, title={Kelp}, isbn={%s}}\n"
    text = entry % ("a", "") + entry % ("b", "0-306-40615-2") + entry % ("c", "978-0-306-40615-7") + "@misc{d}\n"
    file = BibFile(read(text.encode(), "refs.bib"), text)
    evidence = (Pair(0, 3, 0.001, (), ("years", "authors")),)
    found = Deduplication((Cluster((0, 1, 2), 0.9, ()),), review=(Link((0, 3), 0.001, "", evidence),))
    messages = {item.key: item.message for item in run_rules([file], set(RULES) & DUPLICATES, found)}
    assert messages["b"] == "is the same paper as 'a' (line 1): same ISBN 9780306406157 as 'c' (line 3)"
    assert (
        messages["d"]
        == "may be the same paper as 'a' (line 1); in doubt: the years are too far apart for what else agrees"
    )


@settings(max_examples=examples(150), deadline=None)
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
    found = run_rules([file], set(RULES))
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
