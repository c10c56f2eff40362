"""Which labels name subjects that can be learnt, and the reasons for leaving the others out."""

import pytest

from refsync.classify.labels import (
    author_names,
    categories_of,
    choose_labels,
    labels_of,
    similar_labels,
    split_joined,
    unify_spellings,
    with_parents,
)
from refsync.records import Record


def paper(**fields: str) -> Record:
    return Record("a.bib", 1, "k", fields=fields)


@pytest.mark.parametrize(
    ("keywords", "labels"),
    [
        ("", ()),
        ("moss, stone walls", ("moss", "stone walls")),
        ("moss; walls, dry; moss", ("moss", "walls, dry")),
        ("vision > video, vision/segmentation, a :: b", ("vision/video", "vision/segmentation", "a/b")),
        (" , ;", ()),
    ],
)
def test_separators_of_labels(keywords: str, labels: tuple[str, ...]) -> None:
    assert labels_of(paper(keywords=keywords)) == labels


def test_labels_come_from_several_fields_as_plain_text() -> None:
    record = Record("a.bib", 1, "k", fields={"keywords": r"Schr{\"o}dinger", "groups": "Physik"}, markup="latex")
    assert labels_of(record) == ("Schrödinger", "Physik")


def test_spellings_are_unified_and_parents_added() -> None:
    assert unify_spellings([["Deep Learning"], ["deep-learning"], ["Deep Learning"]]) == [{"Deep Learning"}] * 3
    assert with_parents(["a/b/c"]) == {"a", "a/b", "a/b/c"}


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("to-read", "what to do"),
        ("Must Read", "what to do"),
        ("important", "what to do"),
        ("2024-05", "date"),
        ("March 2021", "date"),
        ("★★★", "rating"),
        ("5 stars", "rating"),
        ("priority 1", "rating"),
        ("12", "rating"),
        ("smith2020.pdf", "file"),
        ("https://example.org/x", "file"),
        ("Imported from old.bib", "came from"),
        ("area:vision", "refsync added"),
        ("cs.CV", "arXiv category"),
        ("topic:cs.CV", "arXiv category"),
        ("Medicine", "field of all sciences"),
        ("Life Sciences", "field of all sciences"),
        ("topic:Agricultural and Biological Sciences", "field of all sciences"),
        ("@anna", "person"),
        ("Per Lindström", "person"),
        ("Okafor", "person"),
        ("rare", "too few"),
        ("everything", "nearly every"),
    ],
)
def test_labels_that_name_no_subject_are_left_out_with_the_reason(label: str, why: str) -> None:
    people = author_names([paper(author="Lindström, Per and Okafor, N. and Field, Ann")])
    papers = [{label, "moss"} for _ in range(3 if label == "rare" else 6)] + [{"walls"}] * 6
    if label == "everything":
        papers = [{*labels, label} for labels in papers]
    (found,) = [
        item
        for item in choose_labels(papers, [frozenset({"text"})] * len(papers), people).left_out
        if item.label == label
    ]
    assert why in found.why


@pytest.mark.parametrize(
    "label",
    [
        "vision",
        "NLP",
        "reading comprehension",
        "graph theory/Field",
        "3D",
        "C++",
        "decomposition",
        "Markov",
        "psychology",
    ],
)
def test_subjects_are_learnt(label: str) -> None:
    papers = [{label}] * 6 + [{"walls"}] * 6
    assert label in choose_labels(papers, [frozenset({"text"})] * 12).learnable


def test_a_family_name_that_the_papers_use_as_a_word_is_a_subject() -> None:
    people = author_names([paper(author="Field, Ann")])
    papers = [{"field"}] * 6 + [{"walls"}] * 6
    assert "field" in choose_labels(papers, [frozenset({"field", "theory"})] * 12, people).learnable
    assert "field" not in choose_labels(papers, [frozenset({"theory"})] * 12, people).learnable


def test_a_confirmed_label_is_learnt_whatever_it_looks_like() -> None:
    papers = [{"cs.CV"}] * 6 + [{"walls"}] * 6
    assert "cs.CV" in choose_labels(papers, [frozenset({"text"})] * 12, confirmed={"cs.CV"}).learnable


def test_papers_without_text_are_no_examples() -> None:
    papers = [{"moss"}] * 6 + [{"walls"}] * 6
    (found,) = choose_labels(papers, [frozenset()] * 3 + [frozenset({"text"})] * 9).left_out
    assert (found.label, found.papers) == ("moss", 6)
    assert "title or abstract" in found.why


@pytest.mark.parametrize(
    ("fields", "areas"),
    [
        ({"primaryclass": "cs.CV"}, ("cs.CV",)),
        ({"primary_category": "cs.SY", "categories": "eess.SY cs.LG cs.XX"}, ("eess.SY", "cs.LG")),
        ({"keywords": "moss, CS.cv"}, ("cs.CV",)),
        ({"label": "stone walls"}, ("stone walls",)),
        ({"keywords": "moss"}, ()),
    ],
)
def test_areas_of_a_labelled_record(fields: dict[str, str], areas: tuple[str, ...]) -> None:
    assert categories_of(paper(**fields), ["cs.CV", "cs.LG", "eess.SY", "stone walls"]) == areas


def test_lists_with_two_separators_are_split_where_the_parts_are_labels() -> None:
    papers = [{"moss, ferns", "Reed, John"}, {"Ferns"}, {"moss"}, {"moss, sedges"}]
    assert split_joined(papers) == [{"moss", "ferns", "Reed, John"}, {"Ferns"}, {"moss"}, {"moss, sedges"}]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["Adversarial Attack", "Adversarial Attacks"], [("Adversarial Attack", "Adversarial Attacks")]),
        (["dog", "DOGS", "dogma"], [("DOGS", "dog")]),
        (
            ["study", "studies", "class", "classes", "glass", "analysis", "bias"],
            [("class", "classes"), ("studies", "study")],
        ),
        (["R & D", "r and d"], [("R & D", "r and d")]),
        (["analysis", "analyst", "gas", "ga", "virus", "viru"], []),
    ],
)
def test_labels_that_look_like_one(labels: list[str], expected: list[tuple[str, ...]]) -> None:
    assert sorted(similar_labels(labels)) == sorted(expected)


def test_similar_labels_are_one_only_on_request() -> None:
    papers = [["dog"], ["dogs"], ["dogs"]]
    assert unify_spellings(papers) == [{"dog"}, {"dogs"}, {"dogs"}]
    assert unify_spellings(papers, plurals=True) == [{"dogs"}] * 3
