"""The page: text of a record never becomes markup."""

from pathlib import Path

import pytest

from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.planning.plan import make_plan
from refsync.records import Record
from refsync.report.counts import flow
from tests.report.helpers import EVIL, Page, page_of, paper, plan_of


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


def test_an_empty_library_has_a_page() -> None:
    assert "0 records were read" in Page(page_of(make_plan([], Deduplication()))).text


def test_the_common_folder_is_shown_once() -> None:
    for folder in ("exports/2025", "/srv/exports", ""):
        records = [paper(str(Path(folder, name)), 1, f"Paper {name}") for name in ("scopus.ris", "pubmed.csv")]
        text = Page(page_of(make_plan(records, Deduplication()))).text
        assert text.count(f"{folder}/") == bool(folder)
    assert "zotero:user/1: 1" in Page(page_of(make_plan([paper("zotero:user/1", 1)], Deduplication()))).text


@pytest.mark.parametrize("count", [1, 3, 100])
def test_pages_of_few_and_many_sources(count: int) -> None:
    page = Page(page_of(make_plan([paper(f"{i}.bib", 1, f"Paper {i}") for i in range(count)], Deduplication())))
    assert ("All papers are of one source" in page.text) == (count == 1)
    assert ("88 other sources" in page.text) == (count == 100)
    assert "No paper has a year." in page.text
    assert "Nothing was merged." in page.text


def test_a_library_is_counted_separately() -> None:
    records = [paper("lib", 1, doi="10.5555/1", year="2020"), paper("lib", 2, "Rain on tin roofs of barns")]
    records += [paper("new", 1, doi="10.5555/1", year="2020"), paper("new", 2, "Snow over the sea at night")]
    plan = plan_of(records, known=2)
    counts = flow(plan)
    assert (counts.library, counts.read, counts.present, counts.papers) == (2, 2, 1, 1)
    assert "Present in the library already" in Page(page_of(plan)).text
