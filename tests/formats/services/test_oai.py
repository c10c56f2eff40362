"""Harvests by OAI-PMH."""

import pytest

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.records import Record

HARVEST = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2024-03-01T00:00:00Z</responseDate><ListRecords>
<record><header><identifier>oai:arXiv.org:2401.00001</identifier><datestamp>2024-01-05</datestamp></header><metadata>
{}
</metadata></record>
<record><header status="deleted"><identifier>oai:arXiv.org:2401.00002</identifier></header></record>
</ListRecords></OAI-PMH>
"""
ARXIV = """<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2401.00001</id><created>2024-01-05</created><authors><author>
<keyname>Doe</keyname><forenames>Jane</forenames></author><author><keyname>Roe</keyname><forenames>Max</forenames>
<suffix>Jr</suffix></author></authors><title>Kelp in Noise</title><categories>q-bio.PE cs.LG</categories>
<comments>9 pages</comments><journal-ref>J. Kelp 7</journal-ref><doi>10.5555/kelp.1</doi>
<abstract>  Kelp bends. </abstract></arXiv>"""
RAW = """<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2401.00001</id><title>Kelp in Noise</title>
<authors>Jane Doe (North University), Max Roe and Ann Poe</authors><categories>q-bio.PE</categories>
<abstract>Kelp bends.</abstract></arXivRaw>"""
CORE = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Kelp in Noise</dc:title><dc:creator>Doe, Jane</dc:creator><dc:creator>Roe, Max</dc:creator>
<dc:subject>Kelp</dc:subject><dc:description>Kelp bends.</dc:description><dc:date>2024-01-05</dc:date>
<dc:identifier>http://arxiv.org/abs/2401.00001</dc:identifier><dc:identifier>doi:10.5555/kelp.1</dc:identifier></oai_dc:dc>"""


def only(metadata: str) -> Record:
    data = HARVEST.format(metadata).encode()
    form = detect(data, "harvest.xml")
    snapshot = form.read(data, "harvest.xml")
    assert (form.name, snapshot.problems) == ("oai", ())
    (record,) = snapshot.records
    assert (record.get("title"), record.get("abstract"), record.get("eprint"), record.line) == (
        "Kelp in Noise", "Kelp bends.", "2401.00001", 3,
    )  # fmt: skip
    return record


def test_of_arxiv() -> None:
    record = only(ARXIV)
    assert (record.type, record.get("author"), record.get("journal")) == (
        "article", "Doe, Jane and Roe, Jr, Max", "J. Kelp 7",
    )  # fmt: skip
    assert (record.get("primaryclass"), record.get("keywords"), record.get("doi"), record.get("day")) == (
        "q-bio.PE", "q-bio.PE, cs.LG", "10.5555/kelp.1", "5",
    )  # fmt: skip
    assert only(RAW).get("author") == "Jane Doe and Max Roe and Ann Poe"


def test_in_dublin_core() -> None:
    record = only(CORE)
    assert (record.get("author"), record.get("doi"), record.get("year"), record.get("keywords")) == (
        "Doe, Jane and Roe, Max", "10.5555/kelp.1", "2024", "Kelp",
    )  # fmt: skip


def test_an_error_is_reported() -> None:
    data = b'<OAI-PMH version="2.0"><error code="noRecordsMatch">None match</error></OAI-PMH>'
    with pytest.raises(SourceError, match="None match"):
        detect(data, "x").read(data, "x")
