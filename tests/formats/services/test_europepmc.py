"""Europe PMC's JSON: nothing that its members say is lost."""

from typing import Any

from refsync.formats.registry import detect
from refsync.formats.services import europepmc
from tests.formats.samples.json import json_file

CORE: dict[str, Any] = {
    "id": "901", "source": "MED", "pmid": "901", "pmcid": "PMC77", "doi": "10.5555/kelp.1",
    "title": "Kelp in <i>Noise</i> and CO<sub>2</sub>.", "authorString": "Doe J, Roe AB.",
    "authorList": {"author": [
        {"fullName": "Doe J", "firstName": "Jane", "lastName": "Doe", "initials": "J",
         "authorId": {"type": "ORCID", "value": "0000-0001"},
         "authorAffiliationDetailsList": {"authorAffiliation": [{"affiliation": "Moss Lab"}]}},
        {"collectiveName": "Kelp Group"}]},
    "journalInfo": {"issue": "2", "volume": "7", "printPublicationDate": "2020-03-01", "yearOfPublication": 2020,
                    "journal": {"title": "Journal of Kelp", "isoabbreviation": "J Kelp", "issn": "1234-5679",
                                "nlmid": "55"}},
    "pubYear": "2020", "pageInfo": "1-9", "abstractText": "<h4>Aim</h4>Kelp bends.", "language": "eng",
    "pubTypeList": {"pubType": ["Journal Article"]}, "keywordList": {"keyword": ["kelp", "noise, sea"]},
    "grantsList": {"grant": [{"grantId": "G1", "agency": "Sea Fund"}]}, "isOpenAccess": "Y", "citedByCount": 3,
    "novelMember": "kept",
}  # fmt: skip


def read_one(item: dict[str, Any]) -> Any:
    data = json_file({"version": "6", "resultList": {"result": [item]}})
    form = detect(data, "a.json")
    assert form.name == "europepmc"
    (record,) = form.read(data, "a.json").records
    return record


def test_a_core_answer() -> None:
    record = read_one(CORE)
    assert record.type == "article"
    expected = {
        "title": "Kelp in <i>Noise</i> and CO<sub>2</sub>", "author": "Doe, Jane and {Kelp Group}",
        "journal": "Journal of Kelp", "shortjournal": "J Kelp", "year": "2020", "month": "March", "day": "1",
        "volume": "7", "number": "2", "pages": "1--9", "issn": "1234-5679", "doi": "10.5555/kelp.1", "pmid": "901",
        "pmcid": "PMC77", "language": "eng", "keywords": "kelp; noise, sea", "europepmc-novelmember": "kept",
        "europepmc-affiliations": "Moss Lab", "europepmc-author-ids": "0000-0001", "europepmc-journal-nlmid": "55",
    }  # fmt: skip
    assert {name: record.get(name) for name in expected} == expected
    assert "Sea Fund" in record.get("europepmc-grantslist")
    assert not any("openaccess" in name for name in record.fields)


def test_a_lite_answer_and_a_preprint() -> None:
    lite = {"id": "PPR9", "source": "PPR", "title": "Kelp", "authorString": "Doe J, van Roe AB, Kelp Group.",
            "pubYear": "2021", "pubType": "preprint", "firstPublicationDate": "2021-04-02"}  # fmt: skip
    record = read_one(lite | {"inEPMC": "N"})
    assert record.type == "misc"
    assert record.get("author") == "Doe, J and van Roe, AB and {Kelp Group}"
    assert (record.get("entrysubtype"), record.get("month"), record.get("europepmc-id")) == (
        "preprint",
        "April",
        "PPR:PPR9",
    )


def test_a_wrongly_typed_member_costs_only_that_member() -> None:
    data = json_file({"resultList": {"result": [CORE | {"journalInfo": [7]}, CORE]}})
    snapshot = europepmc.FORMAT.read(data, "a.json")
    assert [record.get("title") for record in snapshot.records] == ["Kelp in <i>Noise</i> and CO<sub>2</sub>"] * 2
    (problem,) = snapshot.problems
    assert "`journalInfo`" in problem.message
    assert snapshot.records[0].get("europepmc-journalinfo") == "[7]"
    assert snapshot.records[0].get("doi") == "10.5555/kelp.1"
