"""Results of dblp's search, and its records in XML."""

from refsync.formats.services import dblp
from tests.formats.reading import only_json_record
from tests.formats.samples.services import DBLP, DBLP_XML


def test_dblp() -> None:
    record = only_json_record(dblp.FORMAT, {"result": {"hits": {"hit": {"info": DBLP}}}})
    assert (record.type, record.id) == ("inproceedings", "DBLP:conf/noise/DoeR20")
    assert record.get("author") == "Jane Doe and Ann Roe"
    assert (record.get("title"), record.get("booktitle"), record.get("series")) == (
        "Kelp in Noise",
        "NoiseConf",
        "LNKS",
    )


def test_records_of_dblp_in_xml() -> None:
    snapshot = dblp.FORMAT.read(f"{DBLP_XML}</dblp>".encode("latin-1"), "d.xml")
    (record,) = snapshot.records
    assert (record.type, record.id, record.line) == ("inproceedings", "DBLP:conf/noise/DoeR20", 4)
    assert record.fields == {
        "author": "Jürgen Doe and Ann Roe",
        "title": "Kelp in Noise & Tide",
        "booktitle": "NoiseConf",
        "year": "2020",
        "doi": "10.5555/kelp.1",
        "url": "https://doi.org/10.5555/kelp.1",
    }
    assert snapshot.problems == ()


def test_persons_of_dblp_are_no_papers() -> None:
    person = '<www key="homepages/1/1"><author>Jane Doe</author><title>Home Page</title></www>'
    page = '<www key="reference/x"><title>Kelp Online</title></www>'
    snapshot = dblp.FORMAT.read(f"{DBLP_XML}{person * 2}{page}</dblp>".encode("latin-1"), "d.xml")
    assert [record.get("title") for record in snapshot.records] == ["Kelp in Noise & Tide", "Kelp Online"]
    assert [(problem.kind, problem.message[:10]) for problem in snapshot.problems] == [("note", "2 entries ")]
