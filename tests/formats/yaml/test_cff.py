"""CITATION.cff."""

import json
from importlib import resources

import pytest
import yaml

from refsync.errors import SourceError
from refsync.formats.registry import detect
from refsync.formats.yaml import cff
from refsync.records import Record

FILE = """\
# a comment
cff-version: 1.2.0
message: Please cite it.
title: mosstools
version: 0.10
date-released: 2021-07-09
authors:
  - family-names: Reed
    given-names: Max
    name-particle: van der
    orcid: https://orcid.org/0000-0000-0000-0000
  - name: The Moss Group
keywords: [moss, "kelp, brown"]
license: MIT
identifiers:
  - {type: doi, value: 10.1000/moss.tools}
  - {type: other, value: "arXiv:2001.00001"}
preferred-citation:
  type: article
  title: Tools for Moss
  authors: [{family-names: Roe, given-names: Ann}]
  journal: Journal of Moss
  volume: 7
  issue: 3
  start: 11
  end: 19
  year: 2020
  month: 3
references:
  - type: conference-paper
    title: Kelp
    authors: [{alias: kelpie}]
    collection-title: Proceedings of Kelp
    conference: {name: Kelp Days, location: Oslo, date-start: 2019-05-01}
    year: 2019
    notes: A note.
"""


def test_the_work_its_citation_and_its_references() -> None:
    assert detect(FILE.encode(), "CITATION.cff").name == "cff"
    snapshot = cff.read(FILE.encode(), "CITATION.cff")
    assert snapshot.problems == ()
    tools, article, paper = snapshot.records
    assert (tools.type, tools.fields) == ("software", {
        "title": "mosstools", "version": "0.10", "author": "van der Reed, Max and {The Moss Group}",
        "cff-orcid": "Reed: https://orcid.org/0000-0000-0000-0000", "keywords": "moss; kelp, brown", "license": "MIT",
        "doi": "10.1000/moss.tools", "eprint": "2001.00001", "archiveprefix": "arXiv", "year": "2021", "month": "July",
        "day": "9", "cff-message": "Please cite it.",
    })  # fmt: skip
    assert (article.type, article.line, article.fields) == ("article", 19, {
        "title": "Tools for Moss", "author": "Roe, Ann", "journal": "Journal of Moss", "volume": "7", "number": "3",
        "pages": "11--19", "year": "2020", "month": "March",
    })  # fmt: skip
    assert (paper.type, paper.get("booktitle"), paper.get("eventtitle"), paper.get("venue"), paper.get("note")) == (
        "inproceedings", "Proceedings of Kelp", "Kelp Days", "Oslo", "A note.",
    )  # fmt: skip
    assert paper.get("author") == "kelpie"


def test_a_reference_without_fields_is_said() -> None:
    snapshot = cff.read(b"cff-version: 1.2.0\ntitle: Moss\nreferences:\n- see there\n", "a")
    assert len(snapshot.records) == 1
    assert [problem.fatal for problem in snapshot.problems] == [True]


def test_nothing_in_it() -> None:
    with pytest.raises(SourceError, match=r"CITATION\.cff"):
        cff.read(b"cff-version: 1.2.0\n", "a")


def test_what_is_written_is_valid() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="the package cffconvert is not installed")
    pytest.importorskip("cffconvert", reason="the package cffconvert is not installed")
    schema = json.loads(resources.files("cffconvert").joinpath("schemas/1.2.0/schema.json").read_text(encoding="utf-8"))
    common = {
        "title": "Moss", "author": "Roe, Ann and {Centre for Kelp}", "year": "2020", "month": "March", "day": "5",
        "language": "English", "pages": "1, 5--9", "volume": "XII b", "url": "not an address", "pagetotal": "xv",
        "number": "3", "doi": "10.1000/a<b", "issn": "1", "isbn": "x", "pmcid": "PMC1", "urldate": "2020",
        "booktitle": "B", "address": "Oslo", "publisher": "P", "school": "S", "institution": "I", "pubstate": "soon",
        "license": "none",
        "keywords": "a, b", "note": "N", "shelf": "B 12", "date": "2020~",
    }  # fmt: skip
    kinds = "article book incollection inproceedings phdthesis techreport online misc software dataset patent movie x"
    given = [Record("a", n, f"k{n}", kind, common) for n, kind in enumerate(kinds.split(), 1)]
    given.append(Record("a", 99, "#99", "misc", {"year": "in press", "url": "https://moss.example/a b"}))
    written = yaml.safe_load(cff.write(given))
    for reference in written["references"]:  # YAML reads dates
        for name in ("date-published", "date-accessed"):
            if name in reference:
                reference[name] = str(reference[name])
    jsonschema.validate(written, schema)
    assert jsonschema.Draft7Validator(schema).is_valid(yaml.safe_load(cff.write([])))
