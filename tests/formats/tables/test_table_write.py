"""Tables as they are written."""

from refsync.formats.bibtex import format as bibtex
from refsync.formats.registry import detect, format_named
from refsync.formats.tables import delimited
from tests.formats.samples.json import LATEX


def test_tables_are_written_as_text() -> None:
    records = bibtex.read(LATEX.encode(), "a.bib").records
    assert delimited.write(records).decode() == (
        "id,entrytype,author,title,year,doi,ris-x1,citation key\r\n"
        'm,article,"Müller, J",DNA & Moss,2020,10.1000/a_b,a,m\r\n'
    )
    assert format_named("tsv").write is not None
    assert delimited.read(delimited.write(records), "b.csv").records[0].get("title") == "DNA & Moss"
    assert detect(delimited.write_tabs(records), "b.tsv").read(delimited.write_tabs(records), "b").records[0].id == "m"
