"""Responses of OpenAlex."""

from refsync.formats.services import openalex
from tests.formats.reading import only_json_record
from tests.formats.samples.services import OPENALEX


def test_openalex() -> None:
    record = only_json_record(openalex.FORMAT, OPENALEX)
    assert (record.type, record.get("journal"), record.get("year"), record.get("pages")) == (
        "article", "Journal of Kelp", "2020", "1--9",
    )  # fmt: skip
    assert record.get("abstract") == "Kelp bends Kelp again."
    assert (record.get("doi"), record.get("eprint"), record.get("pmid")) == ("10.5555/kelp.1", "2001.00001", "123456")
