"""INSPIRE's JSON."""

import json

from refsync.formats.registry import detect
from refsync.formats.services import inspire
from tests.formats.reading import only_json_record

ARTICLE = {
    "id": "77",
    "metadata": {
        "control_number": 77,
        "texkeys": ["Roe:2020abc", "Roe:2019xyz"],
        "document_type": ["article"],
        "titles": [{"title": "Heavy moss", "source": "arXiv"}, {"title": "Heavy Moss"}],
        "authors": [{"full_name": "Roe, Ann"}, {"full_name": "Elm, Zoe", "inspire_roles": ["editor"]}],
        "corporate_author": ["The Moss Group"],
        "collaborations": [{"value": "KELP"}],
        "publication_info": [
            {"journal_title": "J.Moss", "journal_volume": "7", "journal_issue": "3", "year": 2020, "artid": "e4",
             "page_start": "11", "page_end": "19", "cnum": "C1"},
            {"journal_title": "Moss Transl.", "year": 2021, "material": "translation"},
        ],
        "arxiv_eprints": [{"value": "2001.00001", "categories": ["hep-ex", "hep-ph"]}],
        "dois": [{"value": "10.1000/moss"}, {"value": "10.1000/erratum"}],
        "preprint_date": "2020-01-02",
        "abstracts": [{"value": "Moss waits."}],
        "keywords": [{"value": "moss: heavy"}],
        "number_of_pages": 9,
        "report_numbers": [{"value": "M-1"}],
        "inspire_categories": [{"term": "Experiment-HEP"}],
        "citation_count": 12,
        "references": [{"x": 1}],
        "funding_info": [{"agency": "Nobody"}],
    },
}  # fmt: skip


def test_an_article() -> None:
    answer = {"hits": {"hits": [ARTICLE], "total": 1}}
    assert detect(json.dumps(answer).encode(), "a.json").name == "inspire"
    record = only_json_record(inspire.FORMAT, answer)
    assert (record.type, record.id) == ("article", "Roe:2020abc")
    assert record.fields == {
        "title": "Heavy moss", "inspire-titles": "Heavy Moss", "author": "Roe, Ann and {The Moss Group}",
        "editor": "Elm, Zoe", "collaboration": "KELP", "journal": "J.Moss", "volume": "7", "number": "3",
        "year": "2020",
        "eid": "e4", "pages": "11--19", "inspire-cnum": "C1",
        "inspire-publication-2": "Moss Transl., 2021, translation",
        "eprint": "2001.00001", "archiveprefix": "arXiv", "primaryclass": "hep-ex", "inspire-categories": "hep-ph",
        "doi": "10.1000/moss", "inspire-dois": "10.1000/erratum", "month": "January", "day": "2",
        "abstract": "Moss waits.", "keywords": "moss: heavy", "pagetotal": "9", "reportnumber": "M-1",
        "inspire-subject": "Experiment-HEP", "inspire-id": "77", "inspire-funding-info": "Nobody", "ids": "Roe:2019xyz",
    }  # fmt: skip


def test_a_thesis_and_a_preprint() -> None:
    thesis = {"titles": [{"title": "T"}], "document_type": ["thesis"], "texkeys": ["a"], "control_number": 1,
              "thesis_info": {"degree_type": "master",
              "institutions": [{"name": "U. Kelp"}], "date": "2018-05"}}  # fmt: skip
    record = only_json_record(inspire.FORMAT, thesis)
    assert (record.type, record.get("school"), record.get("year"), record.get("month")) == (
        "mastersthesis", "U. Kelp", "2018", "May",
    )  # fmt: skip
    preprint = {"titles": [{"title": "T"}], "document_type": ["article"], "arxiv_eprints": [{"value": "2001.00001"}]}
    assert only_json_record(inspire.FORMAT, preprint).type == "misc"
