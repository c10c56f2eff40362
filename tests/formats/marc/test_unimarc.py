"""UNIMARC: its fields have the names that MARC 21's have."""

import pymarc

from refsync.formats.marc import marc_files

BOOK = """\
=LDR  00000nam  2200000   450
=001  42
=010  \\\\$a978-0-306-40615-7$bbr.
=100  \\\\$a20200101d2020    m  y0frey50      ba
=101  0\\$afre
=102  \\\\$aFR
=200  1\\$aLes mousses$eétude d'une patience$fAnne Roux, Émile Puits$gtrad. par Ida Chêne
=205  \\\\$a2e éd.
=210  \\\\$aLyon$cMousse et Fils$d2020
=215  \\\\$a345 p.$d24 cm
=225  2\\$aBryologie$v7
=300  \\\\$aAvec une carte.
=330  \\\\$aLa mousse attend.
=606  \\\\$aMousses$yNorvège
=700  \\1$aRoux$bAnne$4070
=701  \\1$aPuits$bÉmile$4070
=702  \\1$aChêne$bIda$4730
=702  \\1$aFrêne$bLuc$4340
=801  \\0$aFR
"""


def test_a_book() -> None:
    (record,) = marc_files.read_text(BOOK.encode(), "a.mrk").records
    assert record.type == "book"
    fields = dict(record.fields)
    assert fields["title"] == "Les mousses: étude d'une patience"
    assert fields["author"] == "Roux, Anne and Puits, Émile"
    assert (fields["translator"], fields["editor"]) == ("Chêne, Ida", "Frêne, Luc")
    assert (fields["address"], fields["publisher"], fields["year"]) == ("Lyon", "Mousse et Fils", "2020")
    assert (fields["edition"], fields["series"], fields["number"]) == ("2e éd.", "Bryologie", "7")
    assert (fields["isbn"], fields["language"], fields["pagetotal"]) == ("978-0-306-40615-7", "fre", "345")
    assert (fields["note"], fields["abstract"]) == ("Avec une carte.", "La mousse attend.")
    assert "Mousses" in fields["keywords"]
    assert "trad. par Ida Chêne" in fields["marc-unimarc-200"]


def exchange_file(codec: str) -> bytes:
    record = pymarc.Record(leader="00000nam  2200000   450 ", force_utf8=True)
    record.add_field(
        pymarc.Field("200", ["1", " "], [pymarc.Subfield("a", "Étude de mousses"), pymarc.Subfield("f", "A. Roux")])
    )
    data: bytes = record.as_marc()
    if codec == "utf-8":
        return data
    return data.replace("É".encode(), b"\xc2E")  # ISO 5426: the accent, then the letter, as many bytes


def test_the_exchange_format_in_utf_8_is_read() -> None:
    snapshot = marc_files.read(exchange_file("utf-8"), "a.mrc")
    assert [record.get("title") for record in snapshot.records] == ["Étude de mousses"]
    assert snapshot.problems == ()


def test_another_encoding_is_refused_record_by_record() -> None:
    snapshot = marc_files.read(exchange_file("iso5426") + exchange_file("utf-8"), "a.mrc")
    assert len(snapshot.records) == 1
    (problem,) = snapshot.problems
    assert problem.fatal
    assert "UTF-8" in problem.message
