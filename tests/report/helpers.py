"""Plans of invented records, and a parser of the page that is made of them."""

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

import refsync
from refsync.config import DEFAULTS
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.planning.run_models import find_duplicates
from refsync.records import Record
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
    """A parsed page; fails on a tag that is not closed in order."""

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
