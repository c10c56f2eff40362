"""DataCite's JSON."""

import json
from typing import Any

from refsync.formats.registry import detect
from refsync.formats.services import datacite
from tests.formats.reading import only_json_record, read_json

WORK: dict[str, Any] = {
    "doi": "10.1000/moss",
    "creators": [
        {"name": "Roe, Ann", "familyName": "Roe", "givenName": "Ann", "nameType": "Personal"},
        {"name": "Centre for Kelp", "nameType": "Organizational"},
    ],
    "titles": [
        {"title": "Moss <i>counts</i>"}, {"title": "A study", "titleType": "Subtitle"},
        {"title": "Moos", "titleType": "TranslatedTitle"}, {"title": "Other", "titleType": "AlternativeTitle"},
    ],
    "publisher": {"name": "Moss House"},
    "publicationYear": 2020,
    "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Counts", "citeproc": "dataset"},
    "subjects": [{"subject": "moss"}, {"subject": "kelp, brown"}],
    "contributors": [{"name": "Elm, Zoe", "contributorType": "Editor"}, {"name": "Poe, Ed",
    "contributorType": "DataCurator"}],
    "dates": [{"date": "2020-03-05", "dateType": "Issued"}, {"date": "2018/2019", "dateType": "Collected"}],
    "language": "en",
    "version": "1.2",
    "url": "https://moss.example/1",
    "rightsList": [{"rights": "CC0"}],
    "descriptions": [{"description": "Moss <b>waits</b>.", "descriptionType": "Abstract"},
                     {"description": "By hand.", "descriptionType": "Methods"}],
    "relatedIdentifiers": [{"relatedIdentifier": "10.1000/old", "relationType": "IsSupplementTo"}],
    "geoLocations": [{"geoLocationPlace": "Oslo"}],
    "viewCount": 7,
}  # fmt: skip


def test_a_data_set() -> None:
    answer = {"data": {"id": "10.1000/moss", "type": "dois", "attributes": WORK, "relationships": {}}}
    assert detect(json.dumps(answer).encode(), "a.json").name == "datacite"
    record = only_json_record(datacite.FORMAT, answer)
    assert record.type == "dataset"
    assert record.fields == {
        "title": "Moss <i>counts</i>: A study", "translatedtitle": "Moos", "datacite-titles": "Other",
        "author": "Roe, Ann and {Centre for Kelp}", "editor": "Elm, Zoe", "datacite-datacurator": "Poe, Ed",
        "publisher": "Moss House", "year": "2020", "month": "March", "day": "5", "datacite-date-collected": "2018/2019",
        "keywords": "moss; kelp, brown", "abstract": "Moss waits.", "datacite-description-methods": "By hand.",
        "doi": "10.1000/moss", "url": "https://moss.example/1", "version": "1.2", "language": "en",
        "datacite-rights": "CC0", "datacite-related-issupplementto": "10.1000/old", "datacite-geolocations": "Oslo",
        "datacite-resourcetype": "Counts",
    }  # fmt: skip


def test_an_article_with_its_journal_and_a_preprint() -> None:
    article = WORK | {
        "types": {"resourceTypeGeneral": "JournalArticle"}, "publisher": "P",
        "container": {"type": "Journal", "title": "J", "volume": "7", "issue": "3", "firstPage": "1", "lastPage": "9",
                      "identifier": "1234-5679", "identifierType": "ISSN"},
    }  # fmt: skip
    preprint = WORK | {"doi": "10.48550/arXiv.2001.00001", "types": {"resourceTypeGeneral": "Preprint"}}
    one, other = read_json(datacite.FORMAT, [article, preprint]).records
    assert (one.type, one.get("journal"), one.get("volume"), one.get("number"), one.get("pages"), one.get("issn")) == (
        "article", "J", "7", "3", "1--9", "1234-5679",
    )  # fmt: skip
    assert (other.type, other.get("eprint"), other.get("datacite-resourcetypegeneral")) == (
        "misc",
        "2001.00001",
        "Preprint",
    )


def test_members_of_other_types_do_no_harm() -> None:
    odd = {"titles": ["Moss"], "creators": ["Roe, Ann"], "publicationYear": "2020", "subjects": ["a"], "types": None,
           "contributors": ["x"], "publisher": None, "dates": ["2020"], "container": [],
           "id": "https://doi.org/10.1000/m"}  # fmt: skip
    record = only_json_record(datacite.FORMAT, odd)
    assert (record.get("title"), record.get("author"), record.get("doi")) == ("Moss", "Roe, Ann", "10.1000/m")
