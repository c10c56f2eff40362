"""Ovid's exports, with tags and with full names of fields."""

from refsync.formats.registry import detect
from tests.formats.samples.tagged import OVID_NAMES, OVID_TAGS


def test_ovid_with_tags() -> None:
    form = detect(OVID_TAGS.encode(), "cites.ovd")
    one, two = form.read(OVID_TAGS.encode(), "cites.ovd").records
    assert (form.name, one.type, one.line, two.line) == ("ovid", "article", 1, 23)
    assert one.fields == {
        "author": "Doe, J. and Roe, M.S.",
        "title": "The Patience of Moss.",
        "journal": "Moss Proceedings",
        "volume": "12",
        "number": "Supplement 3",
        "year": "2018",
        "language": "English",
        "doi": "http://dx.doi.org/10.1000/moss",
        "database": "Embase",
        "issn": "1753-6561",
        "abstract": "Background: Moss waits.\nMethod(s): We waited too.",
        "keywords": "*moss, wall",
        "affiliation": "(Doe, Roe) North University, Tidewater; (Roe) South University",
        "accession": "600000001",
        "ovid-st": "CONFERENCE ABSTRACT",
        "ovid-so": "Moss Proceedings. Conference: 2nd Moss Conference. Spain. 12 (Supplement 3) (no pagination), 2018. "
        "Date: 2018.",
        "ovid-pt": "Conference Abstract",
        "ovid-cr": "Copyright 2018 Moss",
    }
    assert (two.get("author"), two.get("journal"), two.get("volume"), two.get("number"), two.get("pages")) == (
        "Doe, Jane B. and Roe, M.", "Moss Ecology & Management", "201", "2-3", "327--334",
    )  # fmt: skip
    assert two.get("year") == "2004"


def test_ovid_with_names_of_fields() -> None:
    form = detect(OVID_NAMES.encode(), "cites.txt")
    snapshot = form.read(OVID_NAMES.encode(), "cites.txt")
    assert (form.name, snapshot.problems) == ("ovid", ())
    one, two = snapshot.records
    assert one.fields == {
        "author": "Doe, Jane A. and Roe, Max",
        "title": "The patience of moss: a study of walls.",
        "journal": "Journal of Moss",
        "volume": "7",
        "number": "2",
        "pages": "101--15",
        "year": "2020",
        "doi": "10.1000/moss",
        "abstract": "BACKGROUND: Moss waits. METHODS: We waited too.",
        "keywords": "*Bryophyta, Walls",
        "accession": "17090001",
        "ovid-record-owner": "From MEDLINE",
        "ovid-so": "Journal of Moss. 7(2):101-15, 2020 Mar.",
        "ovid-pt": "Journal Article.",
    }
    assert (two.get("author"), two.get("journal"), two.get("pages")) == ("Poe, A", "Kelp", "1--9")
