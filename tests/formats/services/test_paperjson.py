"""Papers in any JSON, and arXiv's dump."""

import json

from refsync.formats.registry import detect
from refsync.formats.services import paperjson
from tests.formats.reading import only_json_record
from tests.formats.samples.services import DAILY


def test_any_papers_in_json() -> None:
    record = only_json_record(paperjson.FORMAT, [DAILY])
    assert record.fields == {
        "title": "Kelp in Noise",
        "author": "Jane Doe",
        "year": "2024",
        "month": "January",
        "day": "5",
        "url": "https://arxiv.org/abs/2401.00001",
        "abstract": "Kelp bends.",
        "archiveprefix": "arXiv",
        "eprint": "2401.00001",
    }


def test_the_dump_of_arxiv() -> None:
    item = {
        "id": "0704.0001", "submitter": "Jane Doe", "authors": "J. Doe and M. Roe Jr", "title": "Kelp in\n  Noise",
        "comments": "9 pages", "journal-ref": "J. Kelp 7:1-9,2008", "doi": "10.5555/kelp.1", "license": None,
        "categories": "hep-ph cs.LG", "abstract": "  Kelp bends.\n", "update_date": "2008-11-26",
        "authors_parsed": [["Doe", "J.", ""], ["Roe", "M.", "Jr"]],
    }  # fmt: skip
    lines = "\n".join([json.dumps(item)] * 2).encode()
    record, _ = detect(lines, "arxiv-metadata-oai-snapshot.json").read(lines, "x").records
    assert record.fields == {
        "title": "Kelp in Noise",
        "author": "Doe, J. and Roe, Jr, M.",
        "journal": "J. Kelp 7:1-9,2008",
        "year": "2007",
        "month": "April",
        "doi": "10.5555/kelp.1",
        "url": "https://arxiv.org/abs/0704.0001",
        "abstract": "Kelp bends.",
        "note": "9 pages",
        "archiveprefix": "arXiv",
        "eprint": "0704.0001",
        "primaryclass": "hep-ph",
    }
