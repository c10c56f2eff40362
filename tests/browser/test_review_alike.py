"""Questions alike in a real browser, the counter of papers, and the page at 200 % zoom."""

from pathlib import Path

import pytest

from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.records import Record
from refsync.review.queue import Library
from refsync.review.session import Session
from tests.browser.page_checks import OpenPage, axe_violations, scrolls_sideways
from tests.browser.served_review import Served, serve_new_session

pytest.importorskip("playwright.sync_api", reason="needs playwright, of the extra `test`")
pytest.importorskip("starlette", reason="needs the extra `review`")

from playwright.sync_api import expect


def _piece(number: int) -> Record:
    fields = {"title": "Editorial", "journal": "Annals of Moss", "year": str(2000 + number), "nbib-own": "NLM"}
    return Record("moss.bib", number, f"moss{number}", "article", fields, "latex", number)


def _doubt(a: int, b: int) -> Link:
    return Link((a, b), 0.98, "", (Pair(a, b, 0.98, (), ("generic title", "doi", "pages")),))


@pytest.fixture
def editorials(served: Served, tmp_path: Path) -> Served:
    """Nine editorials in four questions, two of them one paper with a third, on the shared server."""
    merged = Cluster((7, 8), 0.99, (Pair(7, 8, 0.99, ()),))
    found = Deduplication(clusters=(merged,), review=(_doubt(0, 1), _doubt(2, 3), _doubt(4, 5), _doubt(6, 7)))
    library = Library([_piece(i) for i in range(9)], found)
    return serve_new_session(served.server, tmp_path, Session(library, tmp_path / "refsync-decisions.jsonl", "ann"))


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), pytest.param(640, "dark", marks=pytest.mark.sweep), (400, "light")]
)
def test_questions_alike_are_listed_answered_and_undone(
    editorials: Served, open_page: OpenPage, width: int, scheme: str
) -> None:
    page = open_page(editorials.server.address, width=width, scheme=scheme)  # 640 is 1280 at 200 % zoom
    doubt = "Looks 98 % alike, but the DOIs and pages differ and other pieces are also called “Editorial”."
    page.goto(editorials.origin + "/?find=moss0")
    expect(page.locator(".doubt")).to_have_text(doubt)
    expect(page.locator("#papers")).to_have_text("8 papers")
    assert page.get_by_role("navigation", name="What is reviewed").count() == 0  # nobody asked for areas
    assert [*axe_violations(page), scrolls_sideways(page)] == [False]
    page.keyboard.press("t")
    expect(page.get_by_role("heading", level=1)).to_have_text("4 questions alike")
    assert editorials.lines() == []
    rows = page.locator("table.preview tbody tr")
    assert [row.locator(".id").inner_text() for row in rows.all()] == [f"moss{i}" for i in range(9)]
    assert [*axe_violations(page), scrolls_sideways(page)] == [False]
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Are these one paper?")
    page.keyboard.press("t")
    expect(page.get_by_role("heading", level=1)).to_have_text("4 questions alike")
    page.keyboard.press("n")
    expect(page.locator("#progress")).to_have_text("4 of 4 answered")
    assert {line["kind"] for line in editorials.lines()} == {"not-duplicate"}
    page.keyboard.press("u")
    expect(page.locator("#progress")).to_have_text("0 of 4 answered")
    assert editorials.lines() == []


def test_the_counter_follows_the_answers(editorials: Served, open_page: OpenPage) -> None:
    page = open_page(editorials.server.address)
    page.goto(editorials.origin + "/?find=moss0")
    expect(page.locator("[data-verdict=same]")).to_contain_text("8 → 7")
    page.keyboard.press("y")
    expect(page.locator("#papers")).to_have_text("7 papers")
    expect(page.get_by_role("status")).to_have_text("one paper; 7 papers (1 fewer)")
    page.keyboard.press("u")
    expect(page.locator("#papers")).to_have_text("8 papers")
    page.keyboard.press("m")
    expect(page.locator("#papers")).to_have_text("7 papers")


def test_what_a_person_compares_is_first_and_the_rest_folded(editorials: Served, open_page: OpenPage) -> None:
    page = open_page(editorials.server.address)
    page.goto(editorials.origin + "/?find=moss0")
    visible = [row.get_attribute("data-field") for row in page.locator("tr.row").all() if row.is_visible()]
    assert visible == ["title", "author", "year", "journal", "volume", "pages", "doi", "abstract"]
    page.keyboard.press("f")
    expect(page.locator("tr[data-field=nbib-own]")).to_be_visible()
    text = page.locator("body").inner_text()
    assert "log-odds" not in text
    assert "held apart" not in text


def test_the_buttons_say_what_they_do_and_differ_in_weight(editorials: Served, open_page: OpenPage) -> None:
    page = open_page(editorials.server.address)
    page.goto(editorials.origin + "/?find=moss8")
    answer = page.get_by_role("group", name="Answer")
    expect(answer.get_by_role("button", name="Merge all 3")).to_be_visible()
    expect(answer.get_by_role("button", name="is not a duplicate of")).to_be_visible()
    assert answer.locator("button.primary").count() == 1
    style = "one => getComputedStyle(one).backgroundColor + getComputedStyle(one).borderColor"
    colours = {answer.locator(kind).first.evaluate(style) for kind in (".primary", ".do:not(.primary)", ".quiet")}
    assert len(colours) == 3
    relations = page.locator("#relation option").all_inner_texts()
    assert any("another edition" in text for text in relations)
