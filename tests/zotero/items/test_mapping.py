"""Records to Zotero's items and back, without loss."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.formats.bibtex.format import FORMAT as BIBTEX
from refsync.formats.bibtex.write import dump
from refsync.formats.common.dialect import Dialect, to_dialect
from refsync.records import Record
from refsync.sources import read_sources
from refsync.text.latex import VERBATIM_FIELDS, latex_to_text
from refsync.text.whitespace import collapse_whitespace
from refsync.zotero.items.creators import to_creators
from refsync.zotero.items.dates import from_date
from refsync.zotero.items.extra import format_extra, parse_extra
from refsync.zotero.items.fields import ENTRY_TYPES
from refsync.zotero.items.mapping import MappingSettings, citation_key, to_item, to_record
from refsync.zotero.items.schema import NOT_PAPERS, bundled_schema, parse_schema
from refsync.zotero.push.fill import missing_properties
from tests.paths import SHARED
from tests.sweeps import examples

SHARED = SHARED / "zotero"
SCHEMA = bundled_schema()


def entry(type_: str = "article", key: str = "roe2020", **fields: str) -> Record:
    return Record("a.bib", 1, key, type_, fields, "latex", 1)


def there_and_back(record: Record) -> Record:
    return to_record(to_item(record), "a.bib", 1)


def compared(record: Record) -> dict[str, object]:
    """A record's values in BibLaTeX, normalized: accents, names and lists may be written differently."""
    fields: dict[str, object] = {}
    for name, value in to_dialect(record, "biblatex").fields.items():
        if not value.strip():
            continue
        if name == "keywords":
            fields[name] = {word.strip() for word in value.replace(";", ",").split(",")} - {""}
        elif name in VERBATIM_FIELDS:
            fields[name] = collapse_whitespace(value)
        else:
            fields[name] = latex_to_text(value)
    return fields


def test_the_schema_knows_all_types() -> None:
    assert len(SCHEMA.types) == 40
    assert sum("citationKey" in kind.fields for kind in SCHEMA.types.values()) == 37
    assert SCHEMA.types["bookSection"].field("publicationTitle") == "bookTitle"
    assert SCHEMA.types["patent"].creators[0] == "inventor"
    served = {"version": 44, "itemTypes": [{"itemType": "song", "fields": [{"field": "title"}], "creatorTypes": []}]}
    assert parse_schema(served).types["song"].fields == ("title",)


def test_an_article() -> None:
    record = entry(
        author=r"Roe, Ann and {Deep Group} and von M{\"u}ller, Jr., Jo",
        title=r"Learning {BERT} at \emph{scale}",
        journal="J. Tests",
        year="2020",
        month="June",
        number="4",
        pages="1--10",
        doi="10.1000/x",
        eprint="2001.00001",
        archiveprefix="arXiv",
        primaryclass="cs.LG",
        pmid="12",
        keywords="graphs; trees",
        mycustom="kept",
        ids="old1, old2",
    )
    item = to_item(record, areas=("cs.LG",))
    assert item == {
        "itemType": "journalArticle",
        "creators": [
            {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"},
            {"creatorType": "author", "name": "Deep Group"},
            {"creatorType": "author", "firstName": "Jo, Jr.", "lastName": "von Müller"},
        ],
        "title": "Learning BERT at <i>scale</i>",
        "publicationTitle": "J. Tests",
        "date": "2020-06",
        "issue": "4",
        "pages": "1–10",
        "DOI": "10.1000/x",
        "PMID": "12",
        "citationKey": "roe2020",
        "tags": [{"tag": "graphs"}, {"tag": "trees"}, {"tag": "area:cs.LG", "type": 1}],
        "extra": "arXiv: 2001.00001 [cs.LG]\ntex.mycustom: kept\n"
        "tex.ids= old1, old2\ntex.title= Learning {BERT} at \\emph{scale}",
    }
    back = to_record(item, dialect="bibtex")
    assert back.get("title") == record.get("title")
    assert back.get("author") == "Roe, Ann and {Deep Group} and von Müller, Jr., Jo"
    assert (back.get("archiveprefix"), back.get("primaryclass")) == ("arXiv", "cs.LG")
    assert back.get("keywords") == "graphs, trees, cs.LG"


def test_a_preprint() -> None:
    record = entry("misc", title="On graphs", eprint="2101.00001", eprinttype="arxiv", eprintclass="cs.LG")
    item = to_item(record)
    assert (item["itemType"], item["archiveID"], item["repository"]) == ("preprint", "arXiv:2101.00001", "arXiv")
    assert compared(there_and_back(record)) == compared(record)


@pytest.mark.parametrize("type_", [*sorted(ENTRY_TYPES), "newthing", "phdthesis", "techreport", "xdata"])
def test_every_entry_type_comes_back(type_: str) -> None:
    record = entry(type_, title="On graphs", author="Roe, Ann", editor="Poe, Ed", institution="Inst", publisher="Pub")
    back = there_and_back(record)
    assert to_dialect(back, "biblatex").type == to_dialect(record, "biblatex").type
    assert compared(back) == compared(record)


@pytest.mark.parametrize("kind", sorted(set(SCHEMA.types) - NOT_PAPERS))
def test_every_item_type_survives_bibtex(kind: str) -> None:
    schema = SCHEMA.types[kind]
    item = {"itemType": kind} | {name: f"x {name}" for name in schema.fields if name not in ("extra", "accessDate")}
    item |= {"archiveID": "arXiv:2101.00001", "repository": "arXiv"} if kind == "preprint" else {}
    item["creators"] = [{"creatorType": role, "firstName": "A", "lastName": role} for role in schema.creators]
    item["citationKey"] = "key1"
    back = to_item(to_record(item))
    assert back["itemType"] == kind
    assert "entrysubtype" not in back.get("extra", "")
    assert {name: back.get(name) for name in item if name != "creators"} == {
        name: value for name, value in item.items() if name != "creators"
    }
    assert sorted(map(str, back["creators"])) == sorted(map(str, item["creators"]))


def test_a_type_that_the_schema_does_not_know() -> None:
    back = to_record({"itemType": "song", "title": "La", "tempo": "fast", "creators": []})
    assert back.type == "misc"
    assert {"title": "La", "tempo": "fast", "entrysubtype": "song"}.items() <= back.fields.items()


def test_the_key_in_extra_wins() -> None:
    item = {"itemType": "book", "title": "T", "citationKey": "native", "extra": "Citation Key: extra1\nfree words"}
    assert citation_key(item) == "extra1"
    assert to_record(item).id == "extra1"
    assert to_record(item).get("note") == "free words"


def test_what_was_edited_in_zotero_wins_over_the_line_in_extra() -> None:
    item = to_item(entry(title="The {Deep} net"))
    assert "tex.title= The {Deep} net" in item["extra"]
    item["title"] = "The deeper net"
    assert to_record(item).get("title") == "The deeper net"


def test_a_subtitle_is_shown_with_the_title() -> None:
    record = entry("book", title="Graphs", subtitle="A primer", author="Roe, A")
    assert to_item(record)["title"] == "Graphs: A primer"
    assert compared(there_and_back(record)) == compared(record)


def test_what_zotero_cannot_say_comes_back_with_what_was_added_there() -> None:
    record = entry(
        author="Roe, Ann and others", keywords=r"{\LaTeX} files; typesetting -- by computer", year="May 2010"
    )
    item = to_item(record)
    item["tags"].append({"tag": "new"})
    back = to_record(item)
    assert back.get("author") == "Roe, Ann and others"
    assert back.get("keywords") == r"{\LaTeX} files; typesetting -- by computer, new"
    assert (back.get("year"), back.get("date")) == ("May 2010", "")


def test_records_in_text() -> None:
    record = Record("p.txt", 3, "#3", "misc", {"title": "R&D at 10% cost", "author": "Ann Roe and ATLAS Group"}, "text")
    item = to_item(record)
    assert item["title"] == "R&D at 10% cost"
    assert item["creators"][0] == {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
    assert item["creators"][1] == {"creatorType": "author", "name": "ATLAS Group"}
    assert "citationKey" not in item
    assert to_record(item).get("title") == r"{R\&D} at 10\% cost"


def test_a_tag_with_a_comma_stays_one() -> None:
    item = {"itemType": "book", "title": "T", "tags": [{"tag": "a, b"}, {"tag": "area:cs.LG", "type": 1}]}
    assert to_record(item).get("keywords") == "{a, b}, cs.LG"
    assert to_item(to_record(item), areas=("cs.LG",))["tags"] == item["tags"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2017", {"date": "2017"}),
        ("2017-06-12", {"date": "2017-06-12"}),
        ("12 June 2017", {"date": "2017-06-12"}),
        ("June 2017", {"date": "2017-06"}),
        ("06/2017", {"date": "2017-06"}),
        ("2017/2018", {"date": "2017/2018"}),
        ("in press", {"year": "in press"}),
        ("Spring 2017 and after", {"year": "2017", "zotero-date": "Spring 2017 and after"}),
        ("Summer 2011", {"date": "2011-22"}),
        ("2011, winter", {"date": "2011-24"}),
        ("05/06/2019", {"year": "2019", "zotero-date": "05/06/2019"}),
        ("25/12/2019", {"date": "2019-12-25"}),
        ("12/25/2019", {"date": "2019-12-25"}),
        ("5.6.2019", {"date": "2019-06-05"}),
        ("2019/6/5", {"date": "2019-06-05"}),
        ("2019-06-05 10:11:12", {"date": "2019-06-05"}),
        ("Mar-Apr 2019", {"date": "2019-03/2019-04"}),
        ("Winter 2010/2011", {"date": "2010/2011", "zotero-date": "Winter 2010/2011"}),
        ("Monday, 4 March 2019", {"date": "2019-03-04"}),
        ("1 de mayo de 2019", {"date": "2019-05-01"}),
        ("31/31/2019", {"year": "2019", "zotero-date": "31/31/2019"}),
        ("2019a", {"year": "2019a"}),
    ],
)
def test_dates(text: str, date: dict[str, str]) -> None:
    assert from_date(text) == date


@pytest.mark.parametrize(
    ("name", "creator"),
    [
        ("Ann van der Roe", {"firstName": "Ann", "lastName": "van der Roe"}),
        ("{NASA}", {"name": "NASA"}),
        ("Plato", {"name": "Plato"}),
        (r"G{\"o}del, Kurt", {"firstName": "Kurt", "lastName": "Gödel"}),
        ("{Barnes and Noble}", {"name": "Barnes and Noble"}),
        ("{\\'E}mile Zola", {"firstName": "Émile", "lastName": "Zola"}),
    ],
)
def test_names(name: str, creator: dict[str, str]) -> None:
    assert to_creators(name, "author", "latex") == [{"creatorType": "author", **creator}]


def test_extra_keeps_what_it_does_not_know() -> None:
    text = "words\nOriginal Date: 1990\nPMID: 3\nPMID: 4\ntex.a: b\ntex.ids= x, y"
    extra = parse_extra(text)
    assert (extra.text, extra.others) == ("words", ("Original Date: 1990", "PMID: 4"))
    assert (extra.labels, extra.tex, extra.latex) == ({"PMID": "3"}, {"a": "b"}, {"ids": "x, y"})
    assert parse_extra(format_extra(extra)) == extra


PIECES = st.sampled_from(
    ["Graph", "{BERT}", r"{\"o}", r"$O(n^2)$", r"\emph{x}", "--", r"\&", "a", "PMID: 3", "tex.x: y", ":", "100", "~",
     "é", "DOI", "and others", r"\LaTeX", "{Two Words}", "A.", "www.x.org/a_b", "Citation Key: z", "=", "王", "<i>"]
)  # fmt: skip
VALUES = st.lists(PIECES, min_size=1, max_size=5).map(" ".join)
FAMILIES = st.sampled_from(["Roe", "de la Cruz", r"M{\"u}ller", "{Big, Group}", "O'Neil", "{\\L}oś", "Plato"])
NAMES = st.lists(
    st.tuples(FAMILIES, st.sampled_from(["Ann", "J. A.", r"Jos{\'e}", ""])).map(
        lambda pair: ", ".join(part for part in pair if part) if "{Big" not in pair[0] else pair[0]
    ),
    min_size=1,
    max_size=4,
).map(" and ".join)
FIELDS = st.dictionaries(
    st.sampled_from(
        "title subtitle journal journaltitle booktitle year month day date volume number issue pages pagetotal "
        "publisher institution school organization address location series edition doi isbn issn url urldate "
        "eprint eprinttype eprintclass archiveprefix primaryclass pmid pmcid note annote annotation abstract type "
        "language chapter howpublished crossref ids mycustom date-added entrysubtype version eventtitle venue file "
        "groups rights x:y keywords title1 origdate holder shorttitle".split()
    ),
    VALUES,
    max_size=10,
)


@settings(max_examples=examples(150))
@given(
    st.sampled_from([*ENTRY_TYPES, "unheardof", "phdthesis", "mastersthesis"]),
    FIELDS,
    st.dictionaries(st.sampled_from(["author", "editor", "translator", "bookauthor"]), NAMES),
    st.sampled_from(["", "2020", "2020a", "in press"]),
    st.sampled_from(["", "June", "6", "Jun.--Jul."]),
)
def test_nothing_is_lost(type_: str, fields: dict[str, str], names: dict[str, str], year: str, month: str) -> None:
    record = entry(type_, **{**fields, **names, "year": year, "month": month, "eprinttype": "arXiv"})
    item = json.loads(json.dumps(to_item(record)))
    back = to_record(item)
    expected, got = compared(record), compared(back)
    for name, value in names.items():
        if name in expected:
            people = to_creators(value, name, "latex")
            assert to_creators(to_dialect(back, "biblatex").fields[name], name, "latex") == people
            del expected[name], got[name]
    assert got == expected
    assert to_dialect(back, "biblatex").type == to_dialect(record, "biblatex").type
    assert back.id == record.id
    assert to_item(back) == item


PAPERS = sorted(set(SCHEMA.types) - NOT_PAPERS)
WORDS = "Kelp BERT R&D 100% a_b é 王 x: 2 – <i>sic</i> $5 #1 ~ {a}".split()
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
DATES = st.sampled_from(["2020", "2020-05", "2020-05-17", "May 2020", "in press", "2019/2020"])
PEOPLE = st.sampled_from(
    [{"firstName": "Ann", "lastName": "Roe"}, {"firstName": "Jo, Jr.", "lastName": "von Müller"}, {"name": "Kelp & Co"}]
)
TAGS = st.lists(st.sampled_from(["kelp", "a, b", "C&A", "é"]), unique=True, max_size=3)


def items_of(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Items of a type with any of its fields."""
    known = SCHEMA.types[kind]
    plain = {name: DATES if name == known.field("date") else TEXTS for name in known.fields if name not in _OWN}
    own = {"citationKey": st.just("key1"), "creators": st.lists(creators(known.creators), max_size=3)}
    own |= {"tags": TAGS.map(lambda names: [{"tag": name} for name in names])}
    return st.fixed_dictionaries({"itemType": st.just(kind)} | own, optional=plain)


_OWN = frozenset({"extra", "citationKey", "accessDate", "archiveID", "repository"})


def creators(roles: Sequence[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.tuples(st.sampled_from(roles), PEOPLE).map(lambda pair: {"creatorType": pair[0], **pair[1]})


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@settings(max_examples=examples(60))
@given(st.sampled_from(PAPERS).flatmap(items_of))
def test_an_item_of_any_type_goes_to_a_bib_file_and_comes_back(dialect: Dialect, item: dict[str, Any]) -> None:
    """A pull into a file and a push of it change nothing, and a second pull gives the same values."""
    written = dump([to_record(item, dialect=dialect)]).encode()
    (record,) = BIBTEX.read(written, "out.bib").records
    wanted = to_item(record)
    if dialect == "bibtex" and item["itemType"] == "webpage":
        assert wanted["itemType"] in ("webpage", "document")  # BibTeX has no other type for it than `misc`
        wanted = to_item(record, item_type_="webpage")  # as a push does for an existing item
    assert wanted["itemType"] == item["itemType"]
    stored = {"key": "ABCD2345", "version": 1, "tags": [], "creators": [], **item}
    assert missing_properties(stored, wanted, MappingSettings())[0] == {}
    assert compared(to_record(wanted, dialect=dialect)) == compared(record)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/zotero")
def test_what_zoteros_own_import_loses_is_kept() -> None:
    records = read_sources([str(SHARED / "imp.bib")]).records
    theirs = [
        item for item in json.loads((SHARED / "imp.json").read_text(encoding="utf-8")) if item["itemType"] != "note"
    ]
    assert len(theirs) < len(records)  # it drops unknown types
    assert not any("citationKey" in item for item in theirs)
    for record in records:
        back = there_and_back(record)
        kept = compared(back)
        for name, value in compared(record).items():
            if name not in ("author", "editor"):
                assert kept[name] == value
        assert back.id == record.id
        assert back.type == to_dialect(record, "biblatex").type
        for name in ("author", "editor"):
            people = to_creators(record.get(name), "author", "latex")
            assert to_creators(back.get(name), "author", "latex") == people
    known = [record for record in records if record.id not in ("ds", "pp")]
    assert [to_item(record)["itemType"] for record in known] == [item["itemType"] for item in theirs]
