"""RIS of databases and reference managers, each in its own form."""

import pytest

from tests.formats.reading import only_record
from tests.formats.samples.ris import (
    COCHRANE_RIS,
    EMBASE,
    ENDNOTE,
    IEEE,
    JABREF,
    MENDELEY,
    OVID_RIS,
    PROQUEST,
    SCOPUS,
    WOS_RIS,
)

RIS = {
    "mendeley": (
        MENDELEY, "Doe, Jane and Roe, Max", {"pages": "101--115", "month": "March", "shortjournal": "J. Moss"},
    ),
    "scopus": (
        SCOPUS, "Doe, J. and Roe, M.",
        {"eid": "e17", "pmid": "12345678", "issn": "12345679", "database": "Scopus"},
    ),
    "embase": (
        EMBASE, "Doe, J. and Roe, M.",
        {"pages": "101--115", "issn": "1234-5679, 0378-5955", "ris-u2": "L600000001"},
    ),
    "ovid": (OVID_RIS, "Doe, Jane and Roe, Max", {"keywords": "*Moss, *Walls", "accession": "2020-12345-001"}),
    "proquest": (PROQUEST, "Doe, Jane and Roe, Max", {"pages": "101--115", "month": "March", "day": "7"}),
    "cochrane": (
        COCHRANE_RIS, "Doe, J and Roe, M", {"pages": "101--115", "pmid": "12345678", "accession": "CN-00000001"},
    ),
    "endnote": (
        ENDNOTE,
        "Doe, J. A. and Roe, M.",
        {
            "pages": "101--15", "pmid": "12345678", "pmcid": "PMC7654321", "keywords": "moss; walls, old; *stone",
            "annote": "First note\nSecond note", "url": "https://moss.example/7", "abstract": "Moss waits.\nLong.",
            "issn": "1234-5679 (Electronic), 0378-5955 (Linking)", "month": "March", "day": "7",
        },
    ),
    "wos": (WOS_RIS, "Doe, J and Roe, M", {"pages": "101--115", "eid": "e17", "accession": "WOS:000000000000001"}),
    "jabref": (JABREF, "Doe, Jane and Roe, Max", {"pages": "101--115", "keywords": "moss, walls"}),
}  # fmt: skip


@pytest.mark.parametrize("name", RIS)
def test_ris_of_vendors(name: str) -> None:
    text, author, fields = RIS[name]
    for data in (text, text.replace("\n", "\r\n"), text.lstrip("\ufeff")):
        record = only_record(data, f"{name}.ris")
        assert (record.type, record.get("title"), record.get("author")) == ("article", "The Patience of Moss", author)
        assert {"year": "2020", "volume": "7", "number": "2", "doi": "10.1000/moss"}.items() <= {
            **record.fields, "doi": record.get("doi").rpartition("org/")[2] or record.get("doi")
        }.items()  # fmt: skip
        assert record.get("journal").lower() in ("journal of moss", "j moss")
        assert fields.items() <= record.fields.items()


def test_ris_of_ieee_xplore() -> None:
    record = only_record(IEEE, "ieee.ris")
    assert (record.type, record.get("author")) == ("inproceedings", "J. Doe and M. A. Roe")
    assert (record.get("booktitle"), record.get("year"), record.get("pages")) == ("2020 MossConf", "2020", "101--115")
    assert record.get("ris-y1") == "15-17 March 2020"
