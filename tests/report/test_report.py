"""The report: figures that add up, and a page that loads nothing and lets no text of a record become markup."""

import json
import re
import shutil
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import refsync
from refsync.classify.model import Area, Tagging
from refsync.cli import main
from refsync.config import DEFAULTS
from refsync.dedup.results import BINS, Cluster, Deduplication, Link, Pair
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.planning.run_models import find_duplicates
from refsync.records import Record
from refsync.report import lists
from refsync.report.counts import COLUMNS, flow, overlap
from refsync.report.distributions import years
from refsync.report.figures import LibraryFigures, library_figures

SAMPLE = Path(refsync.__file__).parent / "sample"
FILES = ("harbour_reading_list.txt", "trending_page.txt", "coauthor.bib", "database_export.csv")
VOID = {"meta", "br", "img", "link", "hr", "input"}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x00\x9f {{ 7*7 }} {% raw %}"


def paper(source: str, index: int, title: str = "Moss on slates", **fields: str) -> Record:
    return Record(source, index, f"{source[0]}{index}", "article", {"title": title, **fields})


def plan_of(records: list[Record], known: int = 0) -> Plan:
    return make_plan(records, find_duplicates(records, DEFAULTS.dedup, known=known), context=PlanContext(known=known))


def figures(plan: Plan) -> LibraryFigures:
    return library_figures(plan, DEFAULTS.dedup)


class Page(HTMLParser):
    """A page taken apart; fails on a tag that is not closed where it should be."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = self.style = ""
        self.feed(page.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text += data


def page_of(plan: Plan) -> bytes:
    page = pytest.importorskip("refsync.report.page", reason="needs the extra `report`")
    return bytes(page.render(page.About("1.0", date(2026, 1, 2), "balanced"), figures(plan)))


# Counts


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_the_counts_add_up(data: st.DataObject) -> None:
    records = [paper(data.draw(st.sampled_from("abc")), i) for i in range(1, data.draw(st.integers(0, 12)) + 1)]
    known = data.draw(st.integers(0, len(records)))
    groups: dict[int, list[int]] = {}
    for i in range(known, len(records)):  # a group has at most one record of the library, its first
        groups.setdefault(data.draw(st.integers(0, len(records) - 1)), []).append(i)
    clusters = [((head, *own) if head < known else tuple(own)) for head, own in groups.items()]
    clusters = sorted(members for members in clusters if len(members) > 1)
    found = Deduplication(tuple(Cluster(members, 0.9, ()) for members in clusters))
    plan = make_plan(records, found, context=PlanContext(known=known))
    counts = flow(plan)
    assert counts.read == len(records) - known == counts.papers + counts.merged + counts.present
    assert counts.merged == counts.within + counts.between
    for item in counts.sources:
        assert item.read == item.kept + item.merged + item.present
    assert sum(item.read for item in counts.sources) == counts.read
    assert sum(item.kept for item in counts.sources) == counts.papers
    sizes = figures(plan).sizes
    assert sum(size.records * size.papers for size in sizes) + counts.present == counts.read
    shown = overlap(plan)
    held = len({plan.present[i] for i in plan.present})
    assert sum(papers for _, papers in shown.rows) + shown.hidden_papers == counts.papers + held


def test_versions_are_one_work() -> None:
    records = [paper("a", i, f"Paper {i}") for i in range(1, 5)]
    links = tuple(Link(pair, 0.9, "preprint-of", ()) for pair in ((0, 1), (1, 2), (0, 2)))
    counts = flow(make_plan(records, Deduplication(versions=links)))
    assert (counts.papers, counts.works, counts.versions) == (4, 2, 3)


def test_more_sources_than_columns_stand_together() -> None:
    records = [paper(f"{i:02}", 1, f"Paper {i} of its own") for i in range(COLUMNS + 3)]
    shown = overlap(make_plan(records, Deduplication()))
    assert len(shown.sources) == COLUMNS
    assert shown.rest == 3
    assert max(papers for _, papers in shown.rows) == 3


def test_years_are_joined_where_they_are_many() -> None:
    records = [paper("a", i, f"Paper {i}", year=str(year)) for i, year in enumerate((1921, 1923, 1999, 2024), 1)]
    records.append(paper("a", 9, "No year"))
    found = figures(make_plan(records, Deduplication())).years
    assert found.step == 5
    assert found.periods[0] == "1920–1924"
    assert found.counts[0] == (2,)
    assert found.undated == 1


def test_the_years_tell_apart_areas_of_dated_papers_alone() -> None:
    tagged = {area: Tagging((Area(area, 0.9, True),), area, False, ()) for area in ("cs.CV", "cs.CL")}
    plan = make_plan([paper("a", 1, "One", year="2020"), paper("a", 2, "Two")], Deduplication())
    entries = [replace(entry, tagging=tagged[area]) for entry, area in zip(plan.entries, tagged, strict=True)]
    found = years(entries)
    assert (found.series, found.counts, found.undated) == (("cs.CV", "no area"), ((1, 0),), 1)


def test_pairs_are_counted_by_what_became_of_them() -> None:
    records = [paper("a", i, f"Paper {i}") for i in range(1, 7)]
    pair = Pair(0, 1, 1.0, ())
    found = Deduplication(
        (Cluster((0, 1), 1.0, (pair,)),),
        (Link((2, 3), 0.93, "preprint-of", ()),),
        (Link((4, 5), 0.36, "", ()),),
        (9, *[0] * (BINS - 1)),
    )
    counts = figures(make_plan(records, found)).probabilities
    assert (counts.merged[19], counts.versions[18], counts.asked[7], counts.different[0]) == (1, 1, 1, 9)
    assert sum(counts.merged + counts.versions + counts.asked + counts.different) == 12


def test_pairs_that_are_told_apart_are_counted_by_probability() -> None:
    titles = ("Moss on the slates of old barns", "Moss on the slates of new barns", "Rain on tin roofs of old barns")
    records = [paper("a", i, title, year="2020", author="Otter, A.") for i, title in enumerate(titles, 1)]
    parts = [paper("b", i, f"Kelp of the northern harbours, part {i}", author="Quay, B.") for i in (1, 2)]
    counts = figures(plan_of([*records, *parts])).probabilities
    assert not any(counts.merged)
    assert sum(counts.different) >= 2
    again = figures(plan_of([*records, *parts, *(replace(one, source="c") for one in records)])).probabilities
    assert sum(again.merged) == 3
    assert again.different == counts.different  # equal records are compared as one, and a merge is none told apart


def test_the_overlap_has_the_total_of_each_source() -> None:
    records = [paper("a", 1), paper("b", 1), paper("b", 2, "Rain on tin roofs of barns")]
    shown = overlap(make_plan(records, Deduplication((Cluster((0, 1), 0.9, ()),))))
    assert dict(zip(shown.sources, shown.totals, strict=True)) == {"a": 1, "b": 2}


def test_completeness_counts_before_and_after() -> None:
    records = [paper("a", 1, doi="10.5555/x", year="2020"), paper("b", 1, year="2020"), paper("b", 2, "Another")]
    plan = make_plan(records, Deduplication((Cluster((0, 1), 0.9, ()),)))
    found = {item.field: (item.records, item.papers) for item in figures(plan).completeness}
    assert found["DOI"] == (1, 1)
    assert found["year"] == (2, 1)
    assert found["title"] == (3, 2)


def test_spellings_of_a_venue_count_together() -> None:
    names = ("Journal of Moss", "Journal of Moss", "JOURNAL OF MOSS.", "Slate")
    records = [paper("a", i, f"Paper {i}", journal=name) for i, name in enumerate(names, 1)]
    found = figures(make_plan(records, Deduplication())).venues
    assert found.counts[0] == ("Journal of Moss", 3)


# Lists


def test_a_merge_shows_what_it_chose_from() -> None:
    records = [
        paper("a", 1, year="2020", journal="Moss", note="x", keywords="moss"),
        paper("b", 1, year="2021", journal="Moss", doi="10.5555/m", keywords="slate"),
    ]
    plan = make_plan(records, Deduplication((Cluster((0, 1), 0.9, ()),)))
    (merge,) = figures(plan).merges.items
    assert {*merge.equal} == {"type", "title", "journal"}
    rows = {row.field: row for row in merge.rows}
    assert [*rows["doi"].values].index("10.5555/m") == [*rows["doi"].taken].index(True)
    chosen = next(value for value, taken in zip(rows["year"].values, rows["year"].taken, strict=True) if taken)
    assert rows["year"].result == chosen == plan.entries[0].record.get("year")
    assert rows["keywords"].joined
    assert all(rows["keywords"].taken)


def test_long_lists_are_cut_and_say_so() -> None:
    count = lists.ITEMS + 7
    records = [paper(source, i, f"Paper number {i}") for i in range(count) for source in "ab"]
    clusters = tuple(Cluster((2 * i, 2 * i + 1), 0.9, ()) for i in range(count))
    plan = make_plan(records, Deduplication(clusters))
    shown = figures(plan).merges
    assert (len(shown.items), shown.total) == (lists.ITEMS, count)
    page = Page(page_of(plan))
    assert f"The first {lists.ITEMS} of {count} merges are shown." in page.text


def test_much_text_makes_no_heavy_page() -> None:
    text = {f"field{number}": "moss " * 1_000 for number in range(40)}
    records = [
        paper(source, i, f"Paper number {i}", **text, extra=source) for i in range(60) for source in "abcdefghij"
    ]
    for record in records:
        assert isinstance(record.fields, dict)
        record.fields.update({name: record.source + value for name, value in text.items()})
    clusters = tuple(Cluster(tuple(range(10 * i, 10 * i + 10)), 0.9, ()) for i in range(60))
    plan = make_plan(records, Deduplication(clusters))
    shown = figures(plan).merges
    assert 1 <= len(shown.items) < shown.total == 60
    assert shown.items[0].more == 10 - lists.COLUMNS
    assert len(page_of(plan)) < 1_000_000


# The page


def test_text_of_a_record_stays_text() -> None:
    fields = dict.fromkeys(("author", "journal", "doi", "abstract", "note"), EVIL)
    records = [
        Record(EVIL, 1, EVIL, EVIL, {"title": EVIL, "year": "2020", **fields}),
        Record(EVIL + "2", 1, EVIL, "article", {"title": EVIL, "year": "2021" + EVIL, EVIL: EVIL}),
        Record("c", 1, "c", "article", {"title": "x" + EVIL}),
    ]
    pair = Pair(0, 1, 0.9, ())
    found = Deduplication((Cluster((0, 1), 0.9, (pair,)),), (), (Link((1, 2), 0.5, "", ()),))
    page = Page(page_of(make_plan(records, found)))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe", "object", "link"})
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }} {% raw %}" in page.text
    assert "\x00" not in page.text


def test_an_area_with_markup_in_its_name_is_drawn_as_text() -> None:
    charts = pytest.importorskip("refsync.report.charts", reason="needs the extra `report`")
    from refsync.report.distributions import Years

    drawn = charts.draw(charts.years(Years((EVIL[:25], "no area"), ("2020",), ((3, 1),), 1, 0)), 'a "label"')
    page = Page(drawn.encode("utf-8", "replace"))
    assert "script" not in {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script>" in page.text
    assert page.tags[0][1]["aria-label"] == 'a "label"'


def test_the_page_of_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("refsync.report.page", reason="needs the extra `report`")
    for name in FILES:
        shutil.copy(SAMPLE / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["report", *FILES, "-o", "report.html"]) == 0
    written = Path("report.html").read_bytes()
    assert len(written) < 150_000
    assert main(["undo"]) == 0
    assert not Path("report.html").exists()
    page = Page(written)
    for tag, attributes in page.tags:
        assert tag not in {"script", "link", "iframe", "img"}
        for name in ("src", "href", "xlink:href", "action", "data"):
            assert (attributes.get(name) or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?://", page.style)
    assert b"xmlns" not in written
    targets = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = {(attributes["href"] or "")[1:] for tag, attributes in page.tags if tag == "a"}
    assert links <= targets
    # what a screen reader goes by
    assert [tag for tag, _ in page.tags].count("h1") == 1
    drawings = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert len(drawings) == 2
    assert all(drawing["role"] == "img" and drawing["aria-label"] for drawing in drawings)
    inside = [page.tags[place + 1] for place, (tag, _) in enumerate(page.tags) if tag == "svg"]
    assert inside == [("g", {"aria-hidden": "true"})] * 2  # the drawing's own roles have no names
    assert [tag for tag, _ in page.tags].count("table") == [tag for tag, _ in page.tags].count("caption")
    assert all(attributes.get("scope") for tag, attributes in page.tags if tag == "th")
    assert all("aria-label" in attributes for tag, attributes in page.tags if tag == "figure")
    assert "Whispering Caches" in page.text


def test_an_empty_library_has_a_page() -> None:
    assert "0 records were read" in Page(page_of(make_plan([], Deduplication()))).text


def test_the_folder_of_all_sources_is_said_once() -> None:
    for folder in ("exports/2025", "/srv/exports", ""):
        records = [paper(str(Path(folder, name)), 1, f"Paper {name}") for name in ("scopus.ris", "pubmed.csv")]
        text = Page(page_of(make_plan(records, Deduplication()))).text
        assert text.count(f"{folder}/") == bool(folder)
    assert "zotero:user/1: 1" in Page(page_of(make_plan([paper("zotero:user/1", 1)], Deduplication()))).text


@pytest.mark.parametrize("count", [1, 3, 100])
def test_pages_of_few_and_of_many_sources(count: int) -> None:
    page = Page(page_of(make_plan([paper(f"{i}.bib", 1, f"Paper {i}") for i in range(count)], Deduplication())))
    assert ("All papers are of one source" in page.text) == (count == 1)
    assert ("88 other sources" in page.text) == (count == 100)
    assert "No paper has a year." in page.text
    assert "Nothing was merged." in page.text


def test_a_library_is_counted_apart() -> None:
    records = [paper("lib", 1, doi="10.5555/1", year="2020"), paper("lib", 2, "Rain on tin roofs of barns")]
    records += [paper("new", 1, doi="10.5555/1", year="2020"), paper("new", 2, "Snow over the sea at night")]
    plan = plan_of(records, known=2)
    counts = flow(plan)
    assert (counts.library, counts.read, counts.present, counts.papers) == (2, 2, 1, 1)
    assert "Present in the library already" in Page(page_of(plan)).text


# The commands


def test_the_figures_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(SAMPLE / "coauthor.bib"), "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["schema"] == "refsync.report/1"
    assert result["flow"]["read"] == 3
    assert result["model"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "-o report.html"),
        (["-o", "report.pdf"], "ending in .html or .htm"),
        (["-o", "nowhere/report.html"], "no folder nowhere"),
    ],
)
def test_wrong_usage_is_told(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(SAMPLE / "coauthor.bib"), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_what_is_lacking_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert main(["report", str(SAMPLE / "coauthor.bib"), "-o", str(tmp_path / "r.html")]) == 2
    assert "pip install 'refsync[report]'" in capsys.readouterr().err


def test_a_labelled_library_shows_the_model(tmp_path: Path) -> None:
    pytest.importorskip("refsync.report.page", reason="needs the extra `report`")
    texts = {
        "cs.CV": "Segmentation of images with a convolutional network for object detection and video",
        "math.NT": "Prime numbers, elliptic curves, modular forms and zeros of zeta functions over number fields",
    }
    rows = [
        (area, f"{text} {i} {'moss slate rain barn'.split()[i % 4]}") for i in range(40) for area, text in texts.items()
    ]
    table = tmp_path / "labelled.csv"
    table.write_text(
        "id,title,primary_category\n" + "".join(f'{i},"{text}",{area}\n' for i, (area, text) in enumerate(rows)),
        encoding="utf-8",
    )
    for command, heading in (("report", "Report on a library"), ("evaluate", "Report on an area model")):
        page = tmp_path / f"{command}.html"
        assert main([command, str(table), "-o", str(page)]) == 0
        text = Page(page.read_bytes()).text
        assert heading in text
        assert "Coverage against accuracy" in text
        assert page.read_bytes().count(b"<svg") >= 2
