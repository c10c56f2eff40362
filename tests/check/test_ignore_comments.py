"""Comments above entries that hide findings, and those that are wrong or superfluous."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.check.entries import BibFile
from refsync.check.ignore_comments import entries_not_merged, ignore_comments
from refsync.check.run_rules import run_rules
from refsync.formats.bibtex.edit import entries
from refsync.formats.bibtex.format import read
from refsync.formats.bibtex.scan import scan
from tests.check.findings import find_places, findings

ENTRIES = "@misc{a, title={Moss}}\n%s\n@misc{a, title={Kelp},\n  title={Weed}}\n"


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("", ["RS201", "RS303"]),
        ("% refsync: ignore[RS201]", ["RS303"]),
        ("% refsync: ignore[RS201, rs303]", []),
        ("%% Refsync:  ignore[RS3]\n  % of old", ["RS201"]),
        ("% refsync: ignore[RS2]\n% refsync: ignore[RS303]", []),
        ("% refsync: ignore-all", []),
        ("% refsync: ignore[all]", []),
        ("% refsync: ignore", ["RS002"]),
        ("% refsync: ignore[]", ["RS002"]),
        ("% refsync: ignore, it is right", ["RS002"]),
        ("% refsync: ignore[RS201]\n", ["RS001", "RS201", "RS303"]),  # an empty line: not above the entry
        ("% refsync: ignored", ["RS201", "RS303"]),
        ("% refsync: ignore-alle", ["RS201", "RS303"]),
        ("% refsync: ignore[RS201, RS302]", ["RS001", "RS303"]),  # hides nothing
        ("% refsync: ignore[RS201, RS999]", ["RS001", "RS303"]),  # no such rule
        ("% refsync: ignore[RS201, RS5]", ["RS303"]),  # not selected, so it may hide something
    ],
)
def test_a_comment_above_an_entry_hides_its_findings(
    capsys: pytest.CaptureFixture[str], comment: str, left: list[str]
) -> None:
    assert [code for code, *_ in find_places(capsys, ENTRIES % comment, "RS0,RS2,RS3")] == left


@pytest.mark.parametrize(
    ("entry", "reported"),
    [
        ("@misc{b, title={Kelp}} % refsync: ignore[RS303]", 1),
        ("@misc{b, % refsync: ignore[RS303]\n title={Kelp}}", 1),
        ("Kelp % refsync: ignore[RS303]\n@misc{b, title={Kelp}}", 1),
        ("@misc{b, title={Kelp at 100 % refsync: ignore[RS303]}}", 0),
        (r"@misc{b, title={Kelp at 100 \% refsync: ignore[RS303]}}", 0),
    ],
)
def test_a_comment_beside_something_hides_nothing_and_is_reported(
    capsys: pytest.CaptureFixture[str], entry: str, reported: int
) -> None:
    found = find_places(capsys, f"@misc{{a, title={{Moss}}}}\n{entry}\n@misc{{c, x=1, x=1}}\n", "RS0,RS3")
    assert sorted(code for code, *_ in found) == ["RS001"] * reported + ["RS303"]


def test_a_comment_above_a_malformed_entry_hides_that_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    text = "% refsync: ignore[RS301]\n@misc{a, title={Moss}\n\n@misc{b, title={Kelp}}\n"
    assert find_places(capsys, text, "RS0,RS3") == []


def test_malformed_entries_count_as_entries() -> None:
    text = "@misc{a, title={x}\n@misc{b, title={y}}\n% refsync: ignore[RS101]\n@misc{c, title={z}}\n"
    assert entries_not_merged(text) == {len(entries(text))} == {3}


def test_comments_that_are_wrong_are_reported_where_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "@misc{a}\n\n  % refsync: ignore\n@misc{b}\n% refsync: ignore[RS303]\n@misc{c,\n  % refsync: ignore[RS3]\n}\n"
    )
    assert find_places(capsys, text, "RS0,RS3") == [("RS002", 3, 3, ""), ("RS001", 5, 1, ""), ("RS001", 7, 3, "")]
    one, _, other = findings(capsys, "refs.bib", select="RS0,RS3")
    assert "write `ignore[CODE]`, or `ignore-all`" in one["message"]
    assert "directly above an entry" in other["message"]


@pytest.mark.parametrize("place", ["a", "b"])
def test_a_comment_above_either_entry_hides_what_is_about_both(capsys: pytest.CaptureFixture[str], place: str) -> None:
    entry = (
        "@article{%s, title={Tidal Growth of Kelp}, author={Doe, Jane}, journal={J. Kelp}, year=2001, doi={10.5555/1}}"
    )
    entries = {name: entry % name for name in "ab"}
    entries[place] = f"% refsync: ignore[RS101]\n{entries[place]}"
    for order in ("ab", "ba"):
        assert find_places(capsys, "\n".join(entries[name] for name in order), "ALL") == []
    keys = {name: f"@misc{{k, title={{{name}}}}}" for name in "ab"}
    keys[place] = f"% refsync: ignore[RS201]\n{keys[place]}"
    assert find_places(capsys, "\n".join(keys.values()), "RS0,RS2") == []


def test_comments_that_may_hide_a_finding_about_a_file_that_is_not_checked_are_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "% refsync: ignore[RS101,RS302]\n@misc{a, title={Moss}}\n"
    find_places(capsys, "@misc{b}\n", "ALL", name="other.bib")
    assert find_places(capsys, text, "RS0,RS1,RS3") == [("RS001", 1, 1, "")]
    assert len(findings(capsys, "refs.bib", "other.bib", select="RS0,RS1,RS3")) == 2


@given(
    st.lists(st.sampled_from(["% refsync: ignore[RS1]", "%", "@misc{a}", "@comment{x}", "text", "", " "]), max_size=9)
)
def test_a_comment_belongs_to_the_block_below_its_comment_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    blocks = [block for block in scan(text) if block.kind == "entry"]
    comments = ignore_comments(text)
    assert len(comments) == lines.count("% refsync: ignore[RS1]")
    for item in comments:
        if item.start >= 0:
            between = text[item.position : item.start].split("\n")
            assert all(line.strip().startswith("%") for line in between[:-1])
        if item.entry >= 0:
            assert blocks[item.entry].start == item.start
    assert entries_not_merged(text) == {item.entry + 1 for item in comments if item.entry >= 0}


def test_time_is_linear_in_comments_and_findings() -> None:
    text = "% refsync: ignore[RS303]\n@misc{a, x={1}, x={2}}\n" * 6_000
    file = BibFile(read(text.encode(), "refs.bib"), text)
    assert run_rules([file], {"RS001", "RS303"}) == []
    loose = "% refsync: ignore[RS303]\n\n" * 20_000
    assert len(ignore_comments(loose)) == 20_000
    assert ignore_comments("refsync" + "% " * 500_000 + "@misc{a}") == []
