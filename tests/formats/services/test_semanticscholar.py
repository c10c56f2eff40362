"""Responses of Semantic Scholar."""

from refsync.formats.services import semanticscholar
from tests.formats.reading import only_json_record
from tests.formats.samples.services import SEMANTIC


def test_semantic_scholar() -> None:
    record = only_json_record(semanticscholar.FORMAT, [SEMANTIC])
    assert (record.type, record.get("booktitle", "journal")) in {("misc", "ArXiv"), ("inproceedings", "NeurIPS")}
    assert (record.get("author"), record.get("eprint"), record.get("month")) == ("Jane Doe", "2001.00001", "March")
