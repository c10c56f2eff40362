import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.dedup.merge import merge_cluster
from refsync.dedup.settings import MergeSettings, Policy
from refsync.records import Record
from refsync.text.latex import field_to_latex
from tests.sweeps import examples

PREPRINT = Record(
    "a.bib",
    1,
    "doe30",
    "misc",
    {
        "title": "Rain on moss",
        "author": "Doe, Jane and Roe, Mia",
        "year": "2030",
        "journal": "arXiv",
        "eprint": "3001.00001",
        "abstract": "A short text.",
        "keywords": "moss, rain",
    },
    line=3,
)
PUBLISHED = Record(
    "b.bib",
    4,
    "doe31",
    "article",
    {
        "title": "RAIN ON MOSS",
        "author": "Doe, J. and others",
        "year": "2031",
        "journal": "Journal of Moss",
        "volume": "3",
        "pages": "7",
        "doi": "https://doi.org/10.5555/m",
        "keywords": "Rain; walls",
    },
    line=40,
)
COPY = Record(
    "c.bib",
    2,
    "x",
    "article",
    {"title": "Rain on moss", "pages": "7-9", "doi": "10.5555/m", "abstract": "A much longer text."},
)


def test_each_field_by_its_policy() -> None:
    merged = merge_cluster([PREPRINT, PUBLISHED, COPY])
    record = merged.record
    assert (record.source, record.index, record.id, record.line, record.type) == ("b.bib", 4, "doe31", 40, "article")
    assert record.fields["title"] == "Rain on moss"
    assert record.fields["author"] == "Doe, Jane and Roe, Mia"
    assert record.fields["abstract"] == "A much longer text."
    assert record.fields["pages"] == "7-9"
    assert record.fields["doi"] == "10.5555/m"
    assert record.fields["year"] == "2031"
    assert record.fields["eprint"] == "3001.00001"
    assert record.fields["keywords"] == "Rain; walls; moss"
    assert merged.origin["author"] == ("a.bib", 1)
    assert ("year", "2030", "a.bib", 1) in merged.not_chosen
    assert ("type", "misc", "a.bib", 1) in merged.not_chosen


def test_mixed_markup_becomes_latex() -> None:
    text = Record("a.csv", 1, "a", "article", {"title": "Moss & rain", "url": "http://x.org/a_b"})
    latex = Record("b.bib", 1, "b", "article", {"title": r"Moss \& rain", "author": "Doe, J.", "year": "2031"}, "latex")
    merged = merge_cluster([text, latex]).record
    assert merged.markup == "latex"
    assert merged.fields["title"] == r"Moss \& rain"
    assert merged.fields["url"] == "http://x.org/a_b"


def test_the_published_form_remembers_its_preprint() -> None:
    preprint = Record("p", 1, "p", "misc", {"title": "T", "journal": "arXiv preprint arXiv:3001.00001", "year": "2030"})
    merged = merge_cluster([preprint, PUBLISHED])
    assert merged.record.fields["journal"] == "Journal of Moss"
    assert (merged.record.fields["eprint"], merged.record.fields["eprinttype"]) == ("3001.00001", "arxiv")
    assert merged.origin["eprint"] == ("p", 1)


def test_an_article_keeps_no_booktitle_beside_its_journal() -> None:
    talk = Record("a", 1, "a", "inproceedings", {"title": "T", "booktitle": "Meeting"})
    paper = Record("b", 1, "b", "article", {"title": "T", "journal": "Journal", "year": "2031"})
    merged = merge_cluster([talk, paper])
    assert "booktitle" not in merged.record.fields
    assert ("booktitle", "Meeting", "a", 1) in merged.not_chosen


@pytest.mark.parametrize(
    ("policy", "title", "asked"),
    [
        ("first", "Moss", ()),
        ("longest", "Moss and how it grows", ()),
        ("newest", "Mosses", ()),
        ("most-complete", "Moss", ()),
        ("ask", "Moss", ("title",)),
    ],
)
def test_a_policy_can_be_chosen_for_a_field(policy: Policy, title: str, asked: tuple[str, ...]) -> None:
    members = [
        Record("a", 1, "a", "article", {"title": "Moss", "year": "2029", "journal": "J", "volume": "1"}),
        Record("b", 1, "b", "article", {"title": "Mosses", "year": "2031"}),
        Record("c", 1, "c", "article", {"title": "Moss and how it grows"}),
    ]
    merged = merge_cluster(members, MergeSettings(fields={"title": policy}))
    assert (merged.record.fields["title"], merged.asked) == (title, asked)
    assert len([entry for entry in merged.not_chosen if entry[0] == "title"]) == 2


def test_any_field_can_be_united() -> None:
    members = [Record("a", 1, "a", fields={"note": "red, blue"}), Record("b", 1, "b", fields={"note": "blue, green"})]
    merged = merge_cluster(members, MergeSettings(fields={"note": "union"})).record
    assert sorted(merged.fields["note"].split(", ")) == ["blue", "green", "red"]


@pytest.mark.parametrize(
    ("field", "first", "second", "kept"),
    [
        ("author", "Mueller, Joerg", "Müller, Jörg", "Müller, Jörg"),
        ("author", "Muller, Jorg", "Müller, Jörg", "Müller, Jörg"),
        ("author", "Doe, J. and others", "Doe, Jane and Roe, Mia", "Doe, Jane and Roe, Mia"),
        ("author", "DOE, JANE", "Doe, Jane", "Doe, Jane"),
        ("author", "MÃ¼ller, Jörg", "Müller, Jörg", "Müller, Jörg"),
        ("author", "Doe, J.", "Roe, Mia Maria", "Doe, J."),
        ("title", "KELP AND MOSS", "Kelp and moss", "Kelp and moss"),
        ("title", "Kelp and mo...", "Kelp and moss", "Kelp and moss"),
        ("title", "Kelp and moss", "Kelp and moss: a survey", "Kelp and moss: a survey"),
        ("title", "Kelp and moss", "Kelp and moss. In Proc. Kelp", "Kelp and moss"),
        ("booktitle", "Essays in honour of J. A. Poe", "Essays in honour of Poe", "Essays in honour of J. A. Poe"),
        ("booktitle", "Proc. Kelp Symp.", "Proceedings of the Kelp Symposium", "Proceedings of the Kelp Symposium"),
        ("pages", "107", "107--115", "107--115"),
        ("file", ":a, b.pdf:PDF", ":c.pdf:PDF", ":a, b.pdf:PDF;:c.pdf:PDF"),
        ("keywords", "{cold, dark}, kelp", "Kelp; moss", "{cold, dark}, kelp, moss"),
        ("shelf", "B 12", "C 3", "B 12; C 3"),
        ("timestamp", "2020-01-02", "2021-03-04", "2020-01-02"),
    ],
)
def test_the_better_value_is_taken(field: str, first: str, second: str, kept: str) -> None:
    given = {"title": "Kelp", "author": "Doe, J.", "booktitle": "Proc. Kelp", "year": "2020"}
    members = [
        Record("a.bib", i, f"k{i}", "inproceedings", {**given, field: value}, "latex")
        for i, value in enumerate((first, second), 1)
    ]
    assert merge_cluster(members).record.fields[field] == kept


def test_numbered_files_are_all_kept() -> None:
    members = [
        Record("a.bib", 1, "a", fields={"title": "T", "bdsk-file-1": "YQ==", "bdsk-file-2": "Yg=="}),
        Record("a.bib", 2, "b", fields={"title": "T", "bdsk-file-1": "Yw==", "bdsk-file-2": "YQ=="}),
    ]
    merged = merge_cluster(members)
    files = {name: value for name, value in merged.record.fields.items() if name.startswith("bdsk")}
    assert files == {"bdsk-file-1": "YQ==", "bdsk-file-2": "Yg==", "bdsk-file-3": "Yw=="}
    assert merged.not_chosen == ()


CHILD = Record("a.bib", 1, "child", "inproceedings", {"title": "T", "crossref": "book", "pages": "1--9"}, "latex")
RESOLVED = replace(CHILD, fields={**CHILD.fields, "booktitle": "Proceedings of Kelp", "year": "2020", "publisher": "P"})


def test_inherited_values_are_not_overridden() -> None:
    copy = Record(
        "a.bib", 2, "copy", "inproceedings", {"title": "T", "booktitle": "Proc. Kelp", "doi": "10.5555/k"}, "latex"
    )
    merged = merge_cluster([CHILD, copy], inherited=[RESOLVED, copy]).record
    assert dict(merged.fields) == {**CHILD.fields, "doi": "10.5555/k"}


@pytest.mark.parametrize(("journal", "doi"), [("J. Kelp", "10.5555/kelp.7"), ("Annals of Moss", None)])
def test_a_record_of_the_same_journal_gives_its_doi_whatever_its_year(journal: str, doi: str | None) -> None:
    place = {"journal": "Journal of Kelp", "year": "2020", "volume": "7", "pages": "107--115"}
    members = [
        Record("a.bib", 1, "a", "article", {"title": "T", **place}),
        Record("a.bib", 2, "b", "article", {"title": "T", "journal": journal, "year": "2021", "doi": "10.5555/kelp.7"}),
    ]
    merged = merge_cluster(members).record.fields
    assert {name: merged[name] for name in place} == place
    assert merged.get("doi") == doi


@pytest.mark.parametrize(
    ("other", "lost"),
    [
        ({"type": "misc", "howpublished": "Talk at the Kelp Days", "year": "2007"}, {"howpublished", "year"}),
        (
            {"type": "incollection", "booktitle": "Kelp", "publisher": "Wall", "pages": "3--5"},
            {"booktitle", "pages", "publisher"},
        ),
        ({"type": "unpublished", "note": "To appear", "year": "2019"}, {"note", "year"}),
        ({"type": "article", "journal": "Newsletter of Kelp", "year": "2020", "number": "4"}, {"journal", "number"}),
    ],
)
def test_the_publication_is_never_mixed(other: dict[str, str], lost: set[str]) -> None:
    place = {"journal": "Journal of Kelp", "year": "2020", "volume": "7", "pages": "107--115"}
    article = Record("a.bib", 2, "b", "article", {"title": "T", **place})
    fields = {"title": "T", **{name: value for name, value in other.items() if name != "type"}}
    merged = merge_cluster([Record("a.bib", 1, "a", other["type"], fields), article])
    assert (merged.record.type, dict(merged.record.fields)) == ("article", {"title": "T", **place})
    assert {name for name, _, _, index in merged.not_chosen if index == 1} - {"type"} == lost


def test_a_note_that_says_what_another_field_says_is_not_added() -> None:
    members = [
        Record("a.bib", 1, "a", "misc", {"title": "T", "url": "https://example.org/a_b", "note": ""}, "latex"),
        Record("a.bib", 2, "b", "misc", {"title": "T", "note": r"\url{https://example.org/a_b}"}, "latex"),
        Record("a.bib", 3, "c", "misc", {"title": "T", "note": "Ask Jane"}, "latex"),
    ]
    merged = merge_cluster(members)
    assert merged.record.fields["note"] == "Ask Jane"
    assert ("note", r"\url{https://example.org/a_b}", "a.bib", 2) in merged.not_chosen


def test_the_more_complete_form_can_be_kept_instead_of_the_published() -> None:
    full = {"title": "T", "author": "Doe, J.", "year": "2030", "journal": "arXiv", "volume": "1", "pages": "1-9"}
    preprint, published = (
        Record("p", 1, "p", "article", full),
        Record("q", 1, "q", "article", {"title": "T", "journal": "J"}),
    )
    assert merge_cluster([preprint, published]).record.id == "q"
    assert merge_cluster([preprint, published], MergeSettings(keep="complete")).record.id == "p"


def test_a_venue_written_out_is_taken_before_its_abbreviation() -> None:
    members = [
        Record("a", 1, "a", "article", {"title": "T", "journal": "J. Moss Res.", "year": "2030", "volume": "1"}),
        Record("b", 1, "b", "article", {"title": "T", "journal": "Journal of Moss Research"}),
    ]
    assert merge_cluster(members).record.fields["journal"] == "Journal of Moss Research"


def test_many_copies_take_no_quadratic_time() -> None:
    more = {"title": "T", "year": "2030", "author": "Doe, Jane and Roe, Mia", "journal": "Journal of Kelp"}
    members = [Record("a", i, f"k{i}", "article", {**more, "note": f"No. {i}"}) for i in range(1, 3_001)]
    assert merge_cluster(members).record.index == 1


def test_a_record_alone_stays_as_it_is() -> None:
    fields = {"title": "T", "journal": "J", "booktitle": "B", "keywords": "b;a;b", "note": ""}
    alone = Record("a", 1, "a", "article", fields)
    merged = merge_cluster([alone])
    assert merged.record == alone
    assert merged.not_chosen == ()
    assert merged.origin["booktitle"] == ("a", 1)


def test_nothing_to_merge_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing"):
        merge_cluster([])


NAMES = ("title", "author", "year", "journal", "booktitle", "abstract", "pages", "doi", "note", "publisher")
VALUES = (
    "Moss",
    "moss",
    "MOSS & Rain",
    "Doe, J. and Roe, M.",
    "Doe, Jane",
    "7-9",
    "7",
    "10.5555/a",
    r"\emph{x}",
    "2031",
)
RECORDS = st.lists(
    st.tuples(
        st.sampled_from(("article", "misc", "inproceedings")),
        st.sampled_from(("text", "latex")),
        st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=examples(80))
@given(RECORDS, st.randoms(use_true_random=False))
def test_nothing_is_lost_and_order_does_not_matter(
    drawn: list[tuple[str, str, dict[str, str]]], chance: random.Random
) -> None:
    members = [
        Record("f", i, f"k{i}", kind, fields, "latex" if markup == "latex" else "text")
        for i, (kind, markup, fields) in enumerate(drawn, 1)
    ]
    merged = merge_cluster(members)
    assert merged == merge_cluster(chance.sample(members, len(members)))
    dropped = set(merged.not_chosen)
    for member in members:
        assert member.type == merged.record.type or ("type", member.type, "f", member.index) in dropped
        for name, value in member.fields.items():
            kept = merged.record.fields.get(name)
            is_kept = kept and (value in kept or field_to_latex(name, value) in kept)
            assert is_kept or (name, value, "f", member.index) in dropped
