"""Feeds and saved web pages: what they say for machines, and what is said of damaged ones."""

import html
import json

import pytest

from refsync.errors import SourceError
from refsync.formats.pages import webpage
from refsync.formats.services import feed
from refsync.records import Record, Snapshot

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>ArXiv Query</title>
<entry>
 <id>http://arxiv.org/abs/2401.00001v2</id><updated>2024-02-01T00:00:00Z</updated>
 <published>2024-01-05T10:00:00Z</published><title>Kelp
  in Noise</title><summary>  Kelp bends
when p &lt; 0.05.</summary>
 <author><name>Jane Doe</name></author><author><name>Ann Roe</name></author>
 <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.5555/kelp.1</arxiv:doi>
 <arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">J. Kelp 7 (2024) 1</arxiv:journal_ref>
 <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">9 pages</arxiv:comment>
 <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="q-bio.PE"/>
 <category term="q-bio.PE"/><category term="cs.LG"/>
 <link href="http://arxiv.org/abs/2401.00001v2" rel="alternate"/><link href="http://arxiv.org/pdf/2401.00001v2"/>
</entry>
"""
RSS = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<item><title>Kelp in Noise</title><link>https://arxiv.org/abs/2401.00001</link>
<description>arXiv:2401.00001v3 Announce Type: replace
Abstract: Kelp bends.</description><guid isPermaLink="false">oai:arXiv.org:2401.00001v3</guid>
<category>cs.CL</category><pubDate>Fri, 05 Dec 2025 00:00:00 -0500</pubDate>
<dc:creator>Jane Doe, Ann Roe</dc:creator></item></channel></rss>"""
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">
<item rdf:about="http://arxiv.org/abs/2101.00001"><title>Kelp in Noise. (arXiv:2101.00001v1 [cs.CL])</title>
<link>http://arxiv.org/abs/2101.00001</link><description>&lt;p&gt;Kelp bends.&lt;/p&gt;</description>
<dc:creator>&lt;a href="x"&gt;Jane Doe&lt;/a&gt;, &lt;a href="y"&gt;Ann Roe&lt;/a&gt;</dc:creator></item>
<item rdf:about="https://kelp.example/7"><title>Quiet Kelp</title><dc:creator>Jane Doe</dc:creator>
<dc:creator>Ann Roe</dc:creator><dc:date>2020-03-09</dc:date>
<prism:publicationName>Journal of Kelp</prism:publicationName>
<prism:doi>10.5555/kelp.7</prism:doi><prism:volume>7</prism:volume></item></rdf:RDF>"""
PAPER = {
    "id": "2401.00001",
    "title": "Kelp in Noise",
    "summary": 'Kelp\nbends "a lot".',
    "authors": [{"name": "Jane Doe"}, {"name": "Ann Roe"}],
    "publishedAt": "2024-01-05T00:00:00.000Z",
}
SAME = {"title": "Kelp in Noise", "author": "Jane Doe and Ann Roe", "eprint": "2401.00001", "year": "2024"}
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


def only(snapshot: Snapshot) -> Record:
    assert snapshot.problems == ()
    (record,) = snapshot.records
    return record


def said(record: Record) -> dict[str, str]:
    return {name: record.get(name) for name in SAME}


def in_page(body: str) -> bytes:
    return f"<!doctype html>\n<html><head><title>Papers</title></head><body>{body}</body></html>".encode()


def test_atom_of_arxiv() -> None:
    record = only(feed.read(f"{ATOM}</feed>".encode(), "a.xml"))
    assert said(record) == SAME
    assert (record.type, record.line) == ("article", 4)
    assert record.get("abstract") == "Kelp bends when p < 0.05."
    assert (record.get("primaryclass"), record.get("keywords"), record.get("doi")) == (
        "q-bio.PE", "q-bio.PE, cs.LG", "10.5555/kelp.1",
    )  # fmt: skip


def test_rss_of_arxiv_and_of_journals() -> None:
    assert said(only(feed.read(RSS.encode(), "a.rss"))) == SAME
    assert only(feed.read(RSS.encode(), "a.rss")).get("abstract") == "Kelp bends."
    old, journal = feed.read(RDF.encode(), "a.rss").records
    assert said(old) == {**SAME, "eprint": "2101.00001", "year": "2021"}
    assert (old.get("abstract"), old.get("primaryclass")) == ("Kelp bends.", "cs.CL")
    assert (journal.get("author"), journal.get("doi"), journal.get("journal"), journal.get("month")) == (
        "Jane Doe and Ann Roe", "10.5555/kelp.7", "Journal of Kelp", "March",
    )  # fmt: skip


def test_what_arxiv_announces_in_atom() -> None:
    entry = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
     xmlns:dc="http://purl.org/dc/elements/1.1/"><entry><id>oai:arXiv.org:2401.00001v3</id><title>Kelp in Noise</title>
    <summary>arXiv:2401.00001v3 Announce Type: replace Abstract: Kelp bends.</summary>
    <published>2025-12-05T00:00:00-05:00</published><arxiv:announce_type>replace</arxiv:announce_type>
    <arxiv:DOI>10.5555/kelp.1</arxiv:DOI><arxiv:journal_reference>J. Kelp 7</arxiv:journal_reference>
    <dc:creator>Jane Doe (University of the North, Kelpland), Ann Roe</dc:creator></entry></feed>"""
    record = only(feed.read(entry.encode(), "a.xml"))
    assert said(record) == SAME
    assert (record.get("doi"), record.get("journal"), record.get("abstract")) == (
        "10.5555/kelp.1", "J. Kelp 7", "Kelp bends.",
    )  # fmt: skip


def test_a_feed_that_is_cut_off() -> None:
    snapshot = feed.read(f"{ATOM}<entry><title>Half".encode(), "a.xml")
    assert [record.get("title") for record in snapshot.records] == ["Kelp in Noise"]
    (problem,) = snapshot.problems
    assert problem.fatal
    assert problem.line > 10


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "without entries"),
        (b"<html><body><p>Rate exceeded.</body></html>", "not well-formed XML"),
        (
            b"<feed><entry><id>http://arxiv.org/api/errors#x</id><summary>incorrect id format</summary></entry></feed>",
            "incorrect id format",
        ),
        (b'<!DOCTYPE feed [\n<!ENTITY a "x">]><feed/>', "declares entities"),
        (b"", "empty|not well-formed"),
    ],
)
def test_no_feed(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        feed.read(data, "a.xml")


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
    record = only(webpage.read(in_page(f"<h1>Papers</h1>{body}"), "p.html"))
    assert said(record) in (SAME, {**SAME, "author": "Doe, Jane and Ann Roe"})


@pytest.mark.parametrize("page", [LIST, SEARCH])
def test_lists_of_arxiv(page: str) -> None:
    record = only(webpage.read(page.encode(), "p.html"))
    assert said(record) == SAME
    assert (record.get("abstract"), record.get("primaryclass", "url")) in {
        ("Kelp bends.", "cs.CL"), ("Kelp bends.", "https://arxiv.org/abs/2401.00001"),
    }  # fmt: skip


def test_the_page_of_one_paper() -> None:
    record = only(webpage.read(ARTICLE.encode(), "p.html"))
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
