"""The report in a real browser: it fetches and runs nothing, nothing is cut off, and it is accessible."""

import re
import shutil
from pathlib import Path

import pytest

import refsync
from refsync.cli import main
from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.planning.plan import make_plan
from refsync.records import Problem
from tests.browser.page_checks import OpenPage, axe_violations, elements_beyond_margin, scrolls_sideways
from tests.report.helpers import page_of, paper

pytest.importorskip("refsync.report.page", reason="needs the extra `report`")

SAMPLE = Path(refsync.__file__).parent / "sample"
FILES = ("harbour_reading_list.txt", "trending_page.txt", "coauthor.bib", "database_export.csv")
EVIL = '<script>document.title="run"</script><img src=http://example.org/x onerror=document.title="run">'
HOSTILE = f"""
@article{{evil, title = {{{EVIL}}}, author = {{{EVIL}}}, journal = {{{EVIL}}}, year = 2020}}
@article{{evil2, title = {{{EVIL}}}, author = {{{EVIL}}}, journal = {{{EVIL * 3}}}, year = 2020}}
@article{{long, title = {{{"Moss" * 60}}}, journal = {{{"Slate" * 40}}}, year = 2021}}
"""
PAPER = 718  # pixels between the margins of an A4 page


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report on the sample and on a file whose fields contain scripts."""
    folder = tmp_path_factory.mktemp("report")
    for name in FILES:
        shutil.copy(SAMPLE / name, folder)
    (folder / "hostile.bib").write_text(HOSTILE, encoding="utf-8")
    page = folder / "report.html"
    assert main(["report", "-q", *(str(folder / name) for name in (*FILES, "hostile.bib")), "-o", str(page)]) == 0
    return page.as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_no_accessibility_violation_and_nothing_beyond_the_window(
    report: str, open_page: OpenPage, width: int, scheme: str
) -> None:
    page = open_page(report, width=width, scheme=scheme)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert not scrolls_sideways(page)
    assert axe_violations(page) == []


def test_it_fetches_and_runs_nothing(report: str, open_page: OpenPage) -> None:
    page = open_page("about:blank", offline=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report)
    assert asked == [report]
    assert page.title() == "Report on a library"
    assert page.get_by_text(EVIL).count()


def test_on_paper_nothing_is_cut_off(report: str, open_page: OpenPage) -> None:
    page = open_page(report, width=PAPER)
    page.emulate_media(media="print")
    assert elements_beyond_margin(page) == []
    hidden = "all => all.filter(one => !one.checkVisibility({contentVisibilityAuto: true})).length"
    assert page.locator("details td").evaluate_all(hidden) == 0  # a folded merge is unfolded on paper
    assert page.locator("details td").count() > 10
    assert not page.get_by_role("navigation").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_each_chart_has_its_numbers_in_a_table(report: str, open_page: OpenPage) -> None:
    page = open_page(report)
    figures = page.locator("figure:has(svg)")
    assert figures.count() == 3
    for figure in figures.all():
        part = figure if figure.get_by_role("table").count() else figure.locator("..")
        cells = part.get_by_role("table").locator("td")
        cells.first.select_text()
        assert page.evaluate("String(getSelection())") == cells.first.inner_text() != ""


def test_it_can_be_read_by_keyboard(report: str, open_page: OpenPage) -> None:
    page = open_page(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Counts"
    merge = page.locator("details").first
    merge.locator("summary").focus()
    page.keyboard.press("Enter")
    assert merge.get_by_role("table").is_visible()
    assert merge.get_by_role("columnheader", name="result").is_visible()


def test_each_figure_is_downloaded_from_the_page_itself(report: str, open_page: OpenPage) -> None:
    page = open_page(report, own_context=True, offline=True, accept_downloads=True)
    links = page.locator("a[download]")
    assert links.count() == 4 * page.locator(".get").count() > 0
    for name, start in (("prisma.svg", b"<svg "), ("years.png", b"\x89PNG"), ("overlap.csv", b"/")):
        with page.expect_download() as waiting:
            page.locator(f"a[download='{name}']").click()
        assert waiting.value.suggested_filename == name
        assert waiting.value.path().read_bytes().startswith(start)


@pytest.mark.sweep
def test_thousands_of_records_print_on_under_twenty_pages(tmp_path: Path, open_page: OpenPage) -> None:
    fields = {"author": "Roe, A. and Doe, B.", "doi": "10.5555/1", "volume": "3", "pages": "11--19"}
    records = [
        paper(
            f"database-{i % 5}.ris",
            i,
            f"What otters, kelp and the fog of northern harbours say about study {i}",
            year=str(1980 + i % 40),
            journal=f"Journal of Shore Medicine, Section {i % 300}",
            abstract="We looked at many walls and at their moss. " * (4 + i % 2),
            **fields,
        )
        for i in range(3_500)
    ]
    groups = tuple(Cluster((i, i + 1), 0.9, ()) for i in range(0, 1_500, 2))
    review = tuple(Link((i, i + 1), 0.5, "", (Pair(i, i + 1, 0.5, ()),)) for i in range(1_500, 2_000, 2))
    versions = tuple(Link((i, i + 1), 0.9, "preprint-of", ()) for i in range(2_000, 2_500, 2))
    problems = [Problem("database-1.ris", f"a line that could not be read: {i}", i + 1) for i in range(400)]
    path = tmp_path / "report.html"
    path.write_bytes(page_of(make_plan(records, Deduplication(groups, versions, review), problems)))
    page = open_page(path.as_uri())
    assert page.locator("details").count() > 100
    page.emulate_media(media="print")
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) < 20
