"""Pairs of invented records and what should become of them."""

from dataclasses import replace

import pytest

from refsync.config import PROFILES, load_config
from refsync.dedup.cluster import deduplicate
from refsync.dedup.explain import explain_pair
from refsync.dedup.settings import DedupSettings
from refsync.dedup.veto_docs import markdown
from refsync.dedup.vetoes import VETOES
from refsync.errors import ConfigError
from refsync.records import Record
from tests.paths import ROOT

BALANCED = DedupSettings()
TEXT = (
    "Mosses on old walls take up rain through their leaves. We measured how fast thirty colonies dried after showers "
    "of equal length and found that the age of the wall mattered more than its stone, its height or its aspect."
)
PAPER = Record(
    "a.bib",
    1,
    "doe2031",
    "article",
    {
        "title": "Rain uptake of mosses on old walls: a field study",
        "author": "Doe, Jane A. and Roe, Mia and Poe, Ann",
        "year": "2031",
        "journal": "Journal of Moss Research",
        "volume": "12",
        "number": "3",
        "pages": "221--228",
        "doi": "10.5555/jmr.2031.12",
    },
)


def changed(
    index: int = 2, *, type_: str = "article", markup: str = "text", without: str = "", **fields: str
) -> Record:
    kept = {name: value for name, value in PAPER.fields.items() if name not in without.split()}
    return Record("b.bib", index, f"k{index}", type_, kept | fields, "latex" if markup == "latex" else "text")


SAME = {
    "an abbreviated export": changed(
        title="RAIN UPTAKE OF MOSSES ON OLD WALLS - A FIELD STUDY.",
        author="Doe JA, Roe M, Poe A",
        journal="J. Moss Res.",
        pages="221-8",
        doi="https://doi.org/10.5555/JMR.2031.12",
    ),
    "no doi, no issue": changed(without="doi number"),
    "pages damaged but the doi agrees": changed(pages="12"),
    "authors cut": changed(author="Doe, J. A. and others", without="doi"),
    "a letter lost": changed(title="Rain uptake of moses on old walls: a field study", without="doi"),
    "pages damaged, the doi and the type of a report": changed(pages="12", type_="techreport"),
    "the subtitle lost, place agrees": changed(title="Rain uptake of mosses on old walls", without="doi"),
    "title, authors and year alone": changed(without="journal volume number pages doi"),
    "title and authors cut by the source": changed(
        title="Rain uptake of mosses on old wal…", author="JA Doe, M Roe, ...", without="doi volume pages number"
    ),
    "names swapped": changed(author="Jane, Doe and Mia, Roe and Ann, Poe", without="doi"),
    "latex": changed(
        title=r"{R}ain uptake of \emph{mosses} on old walls -- a field study",
        author=r"Doe, J. and Roe, M. and Poe, A.",
        markup="latex",
    ),
    "an erratum note on the paper": changed(
        title="Rain uptake of mosses on old walls: a field study.[Erratum appears in J Moss Res. 2032;13(1):4]"
    ),
    "retracted, still the paper": changed(title="RETRACTED: Rain uptake of mosses on old walls: a field study"),
}

DIFFERENT = {
    "another part": (
        changed(1, title="Mosses of the northern walls. Part I"),
        changed(2, title="Mosses of the northern walls. Part II", pages="229--240", doi="10.5555/jmr.2031.13"),
    ),
    "numbered reports": (
        changed(1, title="Annual report on wall mosses 2030", without="doi pages"),
        changed(2, title="Annual report on wall mosses 2031", without="doi pages"),
    ),
    "a report and the one that revises it": (
        changed(1, type_="techreport", number="WI/2031/05", without="journal volume pages doi"),
        changed(2, type_="techreport", number="WI/2031/15", without="journal volume pages doi"),
    ),
    "an erratum": (
        PAPER,
        changed(title="Erratum to: Rain uptake of mosses on old walls: a field study", pages="301", without="doi"),
    ),
    "a reply": (
        PAPER,
        changed(
            title="Rain uptake of mosses on old walls: a field study - Reply",
            pages="230",
            author="Loe, T.",
            without="doi",
        ),
    ),
    "a retraction notice": (
        PAPER,
        changed(
            title="Retraction notice to: Rain uptake of mosses on old walls: a field study", pages="401", without="doi"
        ),
    ),
    "editorials of two issues": (
        changed(1, title="Editorial", pages="1--2", number="1", without="doi"),
        changed(2, title="Editorial", pages="1--2", number="2", without="doi"),
    ),
    "editorials with nothing else": (
        Record("a.bib", 1, "e1", "article", {"title": "Editorial", "year": "2031"}),
        Record("b.bib", 1, "e2", "article", {"title": "Editorial", "year": "2031"}),
    ),
    "adults and adolescents": (
        changed(1, title="Moss allergy in adult gardeners: an open trial", without="doi pages"),
        changed(2, title="Moss allergy in adolescent gardeners: an open trial", without="doi pages"),
    ),
    "one talk at two meetings": (
        changed(1, abstract=TEXT, without="doi"),
        changed(2, abstract=TEXT, volume="13", pages="77", year="2032", journal="Walls and Stones", without="doi"),
    ),
    "one abstract under two titles": (
        changed(1, abstract=TEXT, without="doi pages volume number"),
        changed(2, title="Drying of thirty colonies after showers", abstract=TEXT, without="doi pages volume number"),
    ),
    "a thesis": (PAPER, changed(type_="phdthesis", without="journal volume number pages doi")),
    "a set of volumes and one book": (
        Record(
            "a.bib",
            1,
            "s1",
            "book",
            {
                "title": "Mosses of the walls",
                "author": "Doe, J.",
                "volume": "1--4",
                "publisher": "Harbour Press",
                "year": "2029--2031",
            },
        ),
        Record(
            "b.bib",
            1,
            "s2",
            "book",
            {"title": "Mosses of the walls", "author": "Doe, J.", "year": "2029", "publisher": "Harbour Press"},
        ),
    ),
    "another edition": (
        Record(
            "a.bib",
            1,
            "b1",
            "book",
            {"title": "A handbook of wall mosses", "author": "Doe, J.", "edition": "2nd", "year": "2030"},
        ),
        Record(
            "b.bib",
            1,
            "b2",
            "book",
            {"title": "A handbook of wall mosses", "author": "Doe, J.", "edition": "Third", "year": "2030"},
        ),
    ),
    "the notes of a workshop and its proceedings": tuple(
        Record(
            "a.bib", i, f"v{i}", "proceedings", {"title": "Days of Wall Mosses", "editor": "Doe, J.", "pages": pages}
        )
        for i, pages in enumerate(("102", "346"))
    ),
    "many years apart": (
        changed(1, without="doi pages volume number"),
        changed(2, year="2040", without="doi pages volume number"),
    ),
    "other people": (
        changed(1, title="Moss and rain", without="doi pages volume number"),
        changed(2, title="Moss and rain", author="Coe, B. and Zoe, K.", without="doi pages volume number"),
    ),
    "a title that another contains": (
        Record("a.txt", 1, "#1", "misc", {"title": "Moss collapse", "abstract": TEXT}),
        Record("a.txt", 2, "#2", "misc", {"title": "Moss collapse in city walls under salt", "abstract": TEXT[::-1]}),
    ),
    "a column in two issues": (
        changed(1, title="Notes from the wall gardens", without="doi pages"),
        changed(2, title="Notes from the wall gardens", number="4", without="doi pages"),
    ),
    "two chapters": (
        changed(1, type_="inbook", chapter="3", without="journal volume number pages doi"),
        changed(2, type_="inbook", chapter="7", without="journal volume number pages doi"),
    ),
    "a book and its introduction": (
        changed(
            1,
            type_="book",
            title="Rain uptake of mosses on old walls",
            publisher="Stone",
            without="journal volume number pages doi",
        ),
        changed(
            2,
            type_="incollection",
            title="Rain uptake of mosses on old walls: an introduction",
            booktitle="Rain uptake of mosses on old walls",
            without="journal volume number pages doi",
        ),
    ),
    "two papers of one meeting": (
        changed(1, type_="inproceedings", booktitle="Moss days", pages="3--9", without="journal volume number doi"),
        changed(2, type_="inproceedings", booktitle="Moss days", pages="41--49", without="journal volume number doi"),
    ),
    "proceedings of two years": (
        changed(1, type_="proceedings", title="Moss days", year="2031", without="volume number pages doi"),
        changed(2, type_="proceedings", title="Moss days", year="2034", without="volume number pages doi"),
    ),
    "two pages on the web": (
        changed(1, type_="online", url="https://moss.example/1", without="journal volume number pages doi"),
        changed(2, type_="online", url="https://moss.example/2", without="journal volume number pages doi"),
    ),
    "news of two days": (
        changed(1, date="2031-03-04", without="year volume number pages doi"),
        changed(2, date="2031-09-21", without="year volume number pages doi"),
    ),
    "two preprints": (
        changed(1, type_="misc", eprint="3101.00001", archiveprefix="arXiv", without="journal volume number pages doi"),
        changed(2, type_="misc", eprint="3104.00002", archiveprefix="arXiv", without="journal volume number pages doi"),
    ),
    "two patents": (
        changed(1, type_="patent", number="US 1234567", without="journal volume pages doi"),
        changed(2, type_="patent", number="US 7654321", without="journal volume pages doi"),
    ),
    "no title": (changed(1, title="", without="doi"), changed(2, without="doi")),
    "two short titles and nothing else": (
        Record("a.txt", 1, "#1", "misc", {"title": "Moss collapse"}),
        Record("b.txt", 1, "#1", "misc", {"title": "Moss collapse"}),
    ),
}


def test_every_veto_about_a_pair_has_an_example_here() -> None:
    applied = {veto for a, b in DIFFERENT.values() for veto in explain_pair(a, b, BALANCED).pair.vetoes}
    assert applied == {veto.name for veto in VETOES.values() if veto.applies}


def test_the_page_about_vetoes_is_up_to_date() -> None:
    assert (ROOT / "docs" / "vetoes.md").read_text(encoding="utf-8") == markdown(), "run scripts/vetoes_page.py"


@pytest.mark.parametrize("name", SAME)
def test_one_paper(name: str) -> None:
    result = deduplicate([PAPER, SAME[name]], BALANCED)
    assert [cluster.members for cluster in result.clusters] == [(0, 1)], explain_pair(PAPER, SAME[name], BALANCED).why


@pytest.mark.parametrize("name", DIFFERENT)
def test_not_one_paper(name: str) -> None:
    a, b = DIFFERENT[name]
    assert deduplicate([a, b], BALANCED).clusters == (), explain_pair(a, b, BALANCED).why


@pytest.mark.parametrize("profile", ["careful", "balanced"])
def test_a_title_that_goes_on_is_asked_about_where_no_volume_or_page_is_known(profile: str) -> None:
    without = "volume number pages doi abstract"
    a, b = (
        changed(i, title=f"Growth of kelp forests{more}", without=without)
        for i, more in ((1, ""), (2, " after storms"))
    )
    result = deduplicate([a, b], load_config(profile=profile).dedup)
    assert (result.clusters, len(result.review)) == ((), 1)


@pytest.mark.parametrize("profile", PROFILES)
def test_no_profile_merges_across_a_veto(profile: str) -> None:
    for a, b in DIFFERENT.values():
        assert deduplicate([a, b], load_config(profile=profile).dedup).clusters == ()


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("О дожде и мхах на старых стенах города", "О дожде и мхах на старых стенах города."),
        ("古い壁の苔と雨に関する研究報告書", "古い壁の苔と雨に関する研究報告書"),
        ("دراسة الطحالب على الجدران القديمة في المدينة", "دراسة الطحالب على الجدران القديمة في المدينة"),
    ],
)
def test_every_script(title: str, other: str) -> None:
    result = deduplicate([changed(1, title=title, without="doi"), changed(2, title=other, without="doi")], BALANCED)
    assert len(result.clusters) == 1


def test_different_titles_in_one_script_stay_apart() -> None:
    a = Record("a", 1, "1", "article", {"title": "苔蘚の研究", "year": "2031"})
    b = Record("a", 2, "2", "article", {"title": "雨水の調査", "year": "2031"})
    assert deduplicate([a, b], BALANCED).clusters == ()


PREPRINT = changed(
    journal="arXiv preprint arXiv:3101.00001", type_="misc", year="2030", without="volume number pages doi"
)
TALK = changed(
    booktitle="Meeting on Old Walls", type_="inproceedings", year="2030", without="journal volume number pages doi"
)

REPORT = changed(institution="Wall Institute", type_="techreport", number="WI-31-7", without="journal volume pages doi")


@pytest.mark.parametrize(
    ("other", "relation"),
    [(PREPRINT, "preprint-of"), (TALK, "conference-version-of"), (REPORT, "variant-of")],
)
def test_versions_are_linked_with_the_earlier_form_first(other: Record, relation: str) -> None:
    result = deduplicate([PAPER, other], BALANCED)
    assert result.clusters == ()
    assert [(link.members, link.relation) for link in result.versions] == [((1, 0), relation)]


def test_a_profile_may_merge_versions() -> None:
    result = deduplicate([PAPER, PREPRINT], replace(BALANCED, versions="merge"))
    assert [cluster.members for cluster in result.clusters] == [(0, 1)]


def test_a_title_with_and_without_subtitle_is_a_question() -> None:
    short = Record("a.txt", 1, "#1", "misc", {"title": "Rain uptake of wall mosses", "abstract": TEXT})
    long = Record(
        "b.txt",
        1,
        "#1",
        "misc",
        {"title": "Rain uptake of wall mosses: all there is", "abstract": TEXT[:150] + TEXT[60:]},
    )
    result = deduplicate([long, short], BALANCED)
    assert [link.members for link in result.review] == [(0, 1)]


def test_one_doi_over_many_titles_is_no_identity() -> None:
    titles = ("Rain on slate", "Snow in the valleys", "Ferns of deep gorges", "A note on lichens", "Wind over chalk")
    records = [
        Record("s.bib", i, str(i), "article", {"title": title, "doi": "10.5555/supplement", "year": "2031"})
        for i, title in enumerate(titles, 1)
    ]
    assert deduplicate(records, BALANCED).clusters == ()


def test_an_explanation_names_fields_and_vetoes() -> None:
    a, b = DIFFERENT["another part"]
    found = explain_pair(a, b, BALANCED)
    assert found.verdict == "different"
    assert "numbers" in found.pair.vetoes
    assert VETOES["numbers"].meaning in found.why
    assert found.sides["pages"] == ("221-228", "229-240")
    assert {field.field for field in found.pair.fields} >= {"title", "author", "pages"}


def test_an_explanation_agrees_with_deduplication() -> None:
    for other in SAME.values():
        assert explain_pair(PAPER, other, BALANCED).verdict == "same"


@pytest.mark.parametrize("values", [{"same": 1.2}, {"review": 0.0}, {"same": 0.3, "review": 0.5}, {"versions": "keep"}])
def test_settings_that_make_no_sense_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        DedupSettings(**values)  # type: ignore[arg-type]
