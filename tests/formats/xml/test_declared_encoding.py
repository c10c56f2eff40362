"""XML files that declare their encoding."""

from refsync.formats.xml import endnote as endnotexml
from tests.formats.samples.xml import ENDNOTE_RECORD, endnote_file


def test_declared_encodings() -> None:
    text = endnote_file(ENDNOTE_RECORD.replace("waits", "wartet 苔")).replace("UTF-8", "GB18030")
    assert "苔" in endnotexml.read(text.encode("gb18030"), "a.xml").records[0].get("abstract")
