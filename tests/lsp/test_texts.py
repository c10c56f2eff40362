"""Positions, the blocks of a text while it is edited, and its findings after each change, compared with a new start."""

from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.check.entries import BibFile, Library
from refsync.check.rule_selection import selected_codes
from refsync.check.run_rules import run_rules
from refsync.errors import SourceError
from refsync.formats.bibtex.edit import apply_edits
from refsync.formats.bibtex.format import read
from refsync.lsp.entry_spans import Spans
from refsync.lsp.live_file import LiveFile, Located, Rules, locate
from refsync.lsp.positions import Change, Lines, Place, analysable
from refsync.lsp.text_edits import minimal_edits
from tests.sweeps import examples

PIECES = (
    "@article{",
    "kelp,",
    "{",
    "}",
    "title = {Moss},\n",
    '"',
    "%",
    "\n",
    "\n\n",
    "@",
    "@comment{",
    "@comment note",
    "ada@kelp.example ",
    "(",
    ")",
    "\r\n",
    "\r",
    "\n@misc{moss, title={M}}\n",
    '@string{j = "J"}\n',
    "#",
    ",",
    "=",
    "𝒜 😀",
    "year = 3",
    "}\n",
    "\u2028",
    "\f",
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1), st.sampled_from([0, 0, 1, 2, 9]), st.lists(st.sampled_from(PIECES), max_size=2).map("".join)
    ),
    min_size=1,
    max_size=6,
)
ENTRIES = st.lists(
    st.sampled_from(
        [
            "@misc{ash, title = {Ash} year = 2001}\n\n",
            "@article{beech, title = {Beech}, title = {Beech trees}, year = {20x1}}\n",
            "@string{pp = {Peat Press}}\n",
            "% refsync: ignore[RS302]\n@misc{elm, title = {Elm} year = 2003}\n",
            "@book{fir, publisher = pp, pages = {5-9}, year = 1999, doi = {doi:10.5555/fir}}\n\n",
            "Some words between.\n",
        ]
    ),
    min_size=1,
    max_size=8,
).map("".join)


def change_in(text: str, where: float, length: int, new: str) -> Change:
    start = round(where * len(text))
    return Change(start, min(len(text), start + length), new)


@given(TEXTS, CHANGES)
def test_blocks_after_changes_are_those_of_the_new_text(text: str, changes: list[tuple[float, int, str]]) -> None:
    lines, spans = Lines(text), Spans.of(text)
    for where, length, new in changes:
        change = change_in(lines.text, where, length, new)
        before, lines = lines, lines.changed(change)
        assert lines.text == before.text[: change.start] + new + before.text[change.end :]
        assert lines.starts == Lines(lines.text).starts
        spans = spans.changed(len(before.text), lines.text, change)
        assert spans.all == Spans.of(lines.text).all


@given(TEXTS, st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_every_offset_has_a_position_that_leads_back(text: str, unit: str) -> None:
    lines = Lines(text, unit)  # type: ignore[arg-type]
    size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[unit]
    for offset in range(len(text) + 1):
        place = lines.place(offset)
        start = lines.starts[place.line]
        encoded = text[start:offset].encode(f"{unit}-le" if unit != "utf-8" else unit)
        assert place.column == len(encoded) // size
        if text[offset - 1 : offset + 1] != "\r\n" and lines.line_end(offset) >= offset:
            assert lines.offset(place) == offset


def test_positions_beyond_the_text_mean_its_end() -> None:
    lines = Lines("ab\ncd")
    assert lines.offset(Place(0, 99)) == 2
    assert lines.offset(Place(9, 0)) == 5
    assert lines.offset(Place(1, 99)) == 5


@given(TEXTS, TEXTS)
def test_minimal_edits_make_the_new_text(before: str, after: str) -> None:
    assert apply_edits(before, minimal_edits(before, after)) == after


def test_minimal_edits_leave_equal_lines_alone() -> None:
    before = "".join(f"line {n}\n" for n in range(100))
    edits = minimal_edits(before, before.replace("line 7\n", "").replace("line 70\n", "line 71\nline 72\n"))
    assert sum(edit.end - edit.start for edit in edits) < 20


def test_a_text_for_analysis_has_the_same_offsets() -> None:
    assert analysable("\ufeff@misc{a\ud83d}") == " @misc{a\ufffd}"


CODES = selected_codes(["RS3", "RS5", "RS601"], (), ()) - {"RS304", "RS305"}


def findings(text: str) -> list[Located]:
    """All findings that a single entry decides about."""
    lines = Lines(text)
    try:
        snapshot = read(text.encode(), "refs.bib")
    except SourceError:
        return []
    return [locate(item, lines) for item in run_rules([BibFile(snapshot, text)], CODES)]


def shown(located: tuple[Located, ...] | list[Located]) -> list[tuple[int, int, str, str]]:
    return sorted((item.start, item.end, item.finding.code, item.finding.key) for item in located)


@settings(max_examples=examples(60))
@given(ENTRIES, CHANGES)
def test_findings_after_changes_are_those_of_a_new_check(text: str, changes: list[tuple[float, int, str]]) -> None:
    rules = Rules(codes=CODES, library=Library(), biblatex=False)
    live = LiveFile.of("refs.bib", Lines(text)).checked([item.finding for item in findings(text)], rules, complete=True)
    for where, length, new in changes:
        live = live.changed(change_in(live.text, where, length, new))
    assert shown(live.located) == shown(findings(live.text))
    for item in live.located:  # the edits still fix what they were made for
        for edit in item.finding.edits:
            assert 0 <= edit.start <= edit.end <= len(live.text)
