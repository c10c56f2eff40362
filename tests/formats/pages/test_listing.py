"""Saved listing pages: papers, navigation of the page, and problems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.pages import listing
from refsync.records import Snapshot
from tests.paths import SHARED

SHARED_PAGES = sorted(SHARED.joinpath("data/pages").glob("*.txt"))
PROSE = (
    "We grow kelp in silence and in noise and measure how fast it bends. Bending follows the tide in {n} of the "
    "tanks, and a linear model of current and light explains most of the rest. The data suggest that kelp listens, "
    "or at least that it minds being watched while it grows in tank number {n}."
)


def read(text: str) -> Snapshot:
    return listing.read(text.encode(), "page.txt")


def titles(snapshot: Snapshot) -> list[str]:
    return [record.get("title") for record in snapshot.records]


def test_airy_layout_without_its_furniture() -> None:
    page = (
        "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nMar 11\n\n"
        f"Kelp in Noise\n\n{PROSE.format(n=1)}\n\nQuiet Kelp\n\n{PROSE.format(n=2)}"
    )
    snapshot = read(page)
    assert titles(snapshot) == ["Kelp in Noise", "Quiet Kelp"]
    first = snapshot.records[0]
    assert (first.source, first.index, first.id, first.line) == ("page.txt", 1, "#1", 11)
    assert first.fields == {"title": "Kelp in Noise", "abstract": PROSE.format(n=1)}
    assert snapshot.problems == ()


def test_dense_layout_with_a_button_glued_to_the_first_title() -> None:
    page = (
        "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\n"
        f"SubscribeKelp in Noise\n{PROSE.format(n=1)}\nQuiet Kelp\n{PROSE.format(n=2)}\n"
        f"Subscribers to Kelp\n{PROSE.format(n=3)}"
    )
    snapshot = read(page)
    assert titles(snapshot) == ["Kelp in Noise", "Quiet Kelp", "Subscribers to Kelp"]
    assert [record.line for record in snapshot.records] == [3, 5, 7]
    assert snapshot.problems == ()


def test_a_title_that_begins_with_the_word_of_the_button_keeps_it() -> None:
    assert titles(read(f"Subscription Models of Kelp\n\n{PROSE}")) == ["Subscription Models of Kelp"]


@pytest.mark.parametrize(
    "furniture",
    [
        "Mar 11",
        "September 3, 2025",
        "11 Mar 2025",
        "2 days ago",
        "Upvote",
        "Upvote 12",
        "1.2k",
        "·",
        "5 authors",
        "Load more",
        "© 2025 Kelp Inc.",
    ],
)
def test_furniture_between_papers(furniture: str) -> None:
    snapshot = read(f"Kelp in Noise\n\n{PROSE}\n\n{furniture}\n\nQuiet Kelp\n\n{PROSE}\n\n{furniture}")
    assert titles(snapshot) == ["Kelp in Noise", "Quiet Kelp"]
    assert snapshot.problems == ()


def test_an_abstract_of_several_paragraphs_is_one_abstract() -> None:
    record = read(f"Kelp in Noise\n\n{PROSE}\n\n{PROSE}\n\nQuiet Kelp\n\n{PROSE}").records[0]
    assert record.get("abstract") == f"{PROSE}\n\n{PROSE}"


def test_a_long_title_is_no_part_of_the_abstract_before_it() -> None:
    title = "What Does Kelp Hear, and Does It Mind, When the Tide Turns and All Other Weeds Fall Silent at Once?"
    assert titles(read(f"Kelp in Noise\n\n{PROSE}\n\n{title}\n\n{PROSE}")) == ["Kelp in Noise", title]


def test_a_short_abstract_is_one_all_the_same() -> None:
    short = "We show that kelp bends with the tide, and that it bends no less in the dark than it does by day."
    assert titles(read(f"Kelp in Noise\n\n{short}\n\nQuiet Kelp\n\n{PROSE}")) == ["Kelp in Noise", "Quiet Kelp"]


def test_wrapped_lines_are_joined() -> None:
    words = PROSE.split()
    wrapped = "\n".join(" ".join(words[i : i + 10]) for i in range(0, len(words), 10))
    snapshot = read(f"Kelp in Noise\n\n{wrapped}\n\nQuiet Kelp\n\n{PROSE}\n")
    assert titles(snapshot) == ["Kelp in Noise", "Quiet Kelp"]
    assert snapshot.records[0].get("abstract") == PROSE


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_other_line_ends(line_end: str) -> None:
    snapshot = read(f"new\n\nKelp in Noise\n\n{PROSE}\n\nQuiet Kelp\n\n{PROSE}".replace("\n", line_end))
    assert [(record.get("title"), record.line) for record in snapshot.records] == [
        ("Kelp in Noise", 3),
        ("Quiet Kelp", 7),
    ]


def test_what_cannot_be_read_is_reported_with_its_line() -> None:
    snapshot = read(f"{PROSE}\n\nKelp in Noise\n\n{PROSE}\n\nA Title Alone\n\nQuiet Kelp\n\n{PROSE}")
    assert titles(snapshot) == ["Kelp in Noise", "Quiet Kelp"]
    assert [(problem.line, problem.fatal) for problem in snapshot.problems] == [(1, False), (7, False)]
    assert "A Title Alone" in snapshot.problems[1].message


def test_a_page_cut_off_behind_a_title_is_not_whole() -> None:
    snapshot = read(f"Kelp in Noise\n\n{PROSE}\n\nQuiet Kelp of the Northern Sea\n")
    assert titles(snapshot) == ["Kelp in Noise"]
    (problem,) = snapshot.problems
    assert problem.fatal
    assert problem.line == 5
    assert "save it again" in problem.message


@pytest.mark.parametrize("text", ["just a note to myself\n", "new\n\nSubscribe\n\nMar 11\n"])
def test_no_paper_at_all(text: str) -> None:
    with pytest.raises(SourceError, match="no paper"):
        read(text)


@given(
    st.lists(
        st.tuples(st.from_regex(r"[A-Z][a-z]{3,9}( [A-Z][a-z]{3,9}){1,5}", fullmatch=True), st.integers(0, 99)),
        min_size=1,
        max_size=9,
    )
)
def test_both_layouts_read_the_same(papers: list[tuple[str, int]]) -> None:
    papers = [(f"Of {title}", n) for title, n in papers]  # no furniture begins so
    blocks = [block for title, n in papers for block in (title, PROSE.format(n=n))]
    airy, dense = read("\n\n".join(blocks)), read("\n".join(blocks))
    assert [dict(r.fields) for r in airy.records] == [dict(r.fields) for r in dense.records]
    assert titles(airy) == [title for title, _ in papers]


@pytest.mark.skipif(not SHARED_PAGES, reason="needs the saved pages in ../shared/data/pages")
def test_the_users_pages_are_read_whole() -> None:
    snapshots = [listing.read(path.read_bytes(), path.name) for path in SHARED_PAGES]
    assert [len(snapshot.records) for snapshot in snapshots] == [68, 62, 237, 80, 52]
    assert not any(snapshot.problems for snapshot in snapshots)
    assert all(record.get("title") and len(record.get("abstract")) > 200 for s in snapshots for record in s.records)
