"""Saved web pages: embedded JSON, lists of arXiv, pages of single papers, displayed text."""

import html
import json

import pytest

from refsync.errors import SourceError
from refsync.formats.pages import webpage
from tests.formats.reading import compared_fields, single_record
from tests.formats.samples.services import KELP_FIELDS

PAPER = {
    "id": "2401.00001",
    "title": "Kelp in Noise",
    "summary": 'Kelp\nbends "a lot".',
    "authors": [{"name": "Jane Doe"}, {"name": "Ann Roe"}],
    "publishedAt": "2024-01-05T00:00:00.000Z",
}
LIST = """<!DOCTYPE html>
<html><body><dl id='articles'>
<dt><a name='item1'>[1]</a> <a href ="/abs/2401.00001" title="Abstract">arXiv:2401.00001</a>
[<a href="/pdf/1">pdf</a>]</dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span> Kelp in Noise</div>
<div class='list-authors'><a href="x">Jane Doe</a>, <a href="y">Ann Roe</a></div>
<div class='list-comments mathjax'><span class='descriptor'>Comments:</span> 9 pages</div>
<div class='list-subjects'><span class='descriptor'>Subjects:</span>
<span class="primary-subject">Computation and Language (cs.CL)</span>; Other (cs.LG)</div>
<p class='mathjax'>Kelp bends.</p></div></dd></dl></body></html>"""
SEARCH = """<html><body><ol><li class="arxiv-result"><p class="list-title">
<a href="https://arxiv.org/abs/2401.00001">arXiv:1</a>
</p><div class="tags"><span class="tag is-small">cs.CL</span></div><p class="title is-5">Kelp in Noise</p>
<p class="authors"><span class="search-hit">Authors:</span> <a href="x">Jane Doe</a>, <a href="y">Ann Roe</a></p>
<p class="abstract"><span class="abstract-full">Kelp bends. <a>△ Less</a></span></p></li></ol></body></html>"""
ARTICLE = """<html><head><meta name="citation_title" content="Kelp in Noise">
<meta name="citation_author" content="Doe, Jane">
<meta name="citation_author" content="Roe, Ann"><meta name="citation_journal_title" content="Journal of Kelp">
<meta name="citation_publication_date" content="2024/01/05"><meta name="citation_firstpage" content="1">
<meta name="citation_lastpage" content="9"><meta name="citation_doi" content="10.5555/kelp.1"></head></html>"""


def in_page(body: str) -> bytes:
    return f"<!doctype html>\n<html><head><title>Papers</title></head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    "body",
    [
        f'<div data-props="{html.escape(json.dumps({"papers": [{"title": "Kelp in Noise", "paper": PAPER}]}))}"></div>',
        f'<script type="application/json">{json.dumps({"a": {"b": [PAPER, PAPER]}})}</script>',
        f"<script>window.__STATE__ = {json.dumps([PAPER])}; function f() {{ return [1] }}</script>",
        '<script type="application/ld+json">{"@type": "ScholarlyArticle", "name": "Kelp in Noise", "datePublished": '
        '"2024-01-05", "author": [{"givenName": "Jane", "familyName": "Doe"}, "Ann Roe"], '
        '"url": "https://arxiv.org/abs/2401.00001"}</script>',
    ],
)
def test_papers_in_the_json_of_a_page(body: str) -> None:
    record = single_record(webpage.read(in_page(f"<h1>Papers</h1>{body}"), "p.html"))
    assert compared_fields(record) in (KELP_FIELDS, {**KELP_FIELDS, "author": "Doe, Jane and Ann Roe"})


@pytest.mark.parametrize("page", [LIST, SEARCH])
def test_lists_of_arxiv(page: str) -> None:
    record = single_record(webpage.read(page.encode(), "p.html"))
    assert compared_fields(record) == KELP_FIELDS
    assert (record.get("abstract"), record.get("primaryclass", "url")) in {
        ("Kelp bends.", "cs.CL"), ("Kelp bends.", "https://arxiv.org/abs/2401.00001"),
    }  # fmt: skip


def test_the_page_of_one_paper() -> None:
    record = single_record(webpage.read(ARTICLE.encode(), "p.html"))
    assert (record.type, record.get("author"), record.get("pages"), record.get("month")) == (
        "article", "Doe, Jane and Roe, Ann", "1--9", "January",
    )  # fmt: skip


def test_a_page_without_data_is_read_as_it_shows() -> None:
    prose = "Kelp bends with the tide and grows in silence, and we measure how fast it does so in many tanks. " * 5
    page = in_page(f"<article><h3><a>Kelp in Noise</a></h3><p>{prose}</p></article>" * 2)
    assert [record.get("title") for record in webpage.read(page, "p.html").records] == ["Kelp in Noise"] * 2


def test_a_page_that_is_cut_off_is_not_whole() -> None:
    snapshot = webpage.read(LIST.replace("</body></html>", "").encode(), "p.html")
    assert len(snapshot.records) == 1
    assert [problem.fatal for problem in snapshot.problems] == [True]


def test_the_json_of_a_page_that_is_cut_off() -> None:
    papers = [{**PAPER, "title": f"Kelp {n}", "id": f"2401.{n:05}"} for n in range(10)]
    for quote in "'\"":
        page = in_page(f"<div data-props={quote}{html.escape(json.dumps({'papers': papers}))}{quote}></div>")
        snapshot = webpage.read(page[: len(page) * 6 // 10], "p.html")
        assert [record.get("title") for record in snapshot.records] == [f"Kelp {n}" for n in range(5)]
        assert [problem.fatal for problem in snapshot.problems] == [True]


@pytest.mark.parametrize("data", [b"<html><head><title>503 Unavailable</title></head></html>", b"<html>", b"<!-- -->"])
def test_an_error_page(data: bytes) -> None:
    with pytest.raises(SourceError, match="web page"):
        webpage.read(data, "p.html")


def test_a_deep_page_does_no_harm() -> None:
    with pytest.raises(SourceError, match="web page"):
        webpage.read(b"<html>" + b"<div>" * 50_000, "p.html")
