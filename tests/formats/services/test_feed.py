"""Feeds of arXiv and of journals."""

import pytest

from refsync.errors import SourceError
from refsync.formats.services import feed
from tests.formats.reading import compared_fields, single_record
from tests.formats.samples.services import ATOM, KELP_FIELDS

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


def test_atom_of_arxiv() -> None:
    record = single_record(feed.read(f"{ATOM}</feed>".encode(), "a.xml"))
    assert compared_fields(record) == KELP_FIELDS
    assert (record.type, record.line) == ("article", 4)
    assert record.get("abstract") == "Kelp bends when p < 0.05."
    assert (record.get("primaryclass"), record.get("keywords"), record.get("doi")) == (
        "q-bio.PE", "q-bio.PE, cs.LG", "10.5555/kelp.1",
    )  # fmt: skip


def test_rss_of_arxiv_and_of_journals() -> None:
    assert compared_fields(single_record(feed.read(RSS.encode(), "a.rss"))) == KELP_FIELDS
    assert single_record(feed.read(RSS.encode(), "a.rss")).get("abstract") == "Kelp bends."
    old, journal = feed.read(RDF.encode(), "a.rss").records
    assert compared_fields(old) == {**KELP_FIELDS, "eprint": "2101.00001", "year": "2021"}
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
    record = single_record(feed.read(entry.encode(), "a.xml"))
    assert compared_fields(record) == KELP_FIELDS
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
