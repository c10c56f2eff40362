"""What the doubt is, as one sentence."""

import pytest

from refsync.dedup.results import FieldEvidence, Link, Pair
from refsync.dedup.vetoes import VETOES
from refsync.records import Record
from refsync.review.doubt import VETO_CLAUSES, VETO_FIELDS, doubt_sentence
from refsync.review.questions import Kind, Question
from tests.review.samples import sample_record

AGREE = (FieldEvidence("title", 1.0, 3.0), FieldEvidence("author", 1.0, 2.0))


def sentence(
    *fields: FieldEvidence,
    vetoes: tuple[str, ...] = (),
    probability: float = 0.98,
    kind: Kind = "uncertain",
    relation: str = "",
    records: tuple[Record, ...] = (sample_record(0), sample_record(1)),
) -> str:
    link = Link((0, 1), probability, relation, (Pair(0, 1, probability, fields or AGREE, vetoes),))
    question = Question("q", kind, (0, 1), ((0,), (1,)), (link,), probability)
    return doubt_sentence(question, [link], records, 0.9)


def editorial(number: int) -> Record:
    return sample_record(number, title="Editorial")


def test_what_differs_and_what_the_vetoes_say() -> None:
    doi, pages = FieldEvidence("doi", 0.0, -2.7), FieldEvidence("pages", 0.0, -3.7)
    clause = sentence(*AGREE, doi, pages, vetoes=("generic title",), records=(editorial(0), editorial(1)))
    assert clause == "Looks 98 % alike, but the DOIs and pages differ and other pieces are also called “Editorial”."


@pytest.mark.parametrize(
    ("item", "clause"),
    [
        (FieldEvidence("year", 0.75, -2.7), "the years differ"),
        (FieldEvidence("volume", 0.0, -1.4), "the volumes differ"),
        (FieldEvidence("author", 0.2, -4.6), "the authors differ"),
        (FieldEvidence("venue", 0.0, -3.9), "the journals differ"),
        (FieldEvidence("title", 0.9, 2.0), "the titles differ"),
    ],
)
def test_a_field_that_differs_is_named(item: FieldEvidence, clause: str) -> None:
    assert sentence(item) == f"Looks 98 % alike, but {clause}."


@pytest.mark.parametrize(
    "item",
    [
        FieldEvidence("venue", 0.95, 0.9),  # an abbreviation
        FieldEvidence("author", 0.97, 0.4),  # initials
        FieldEvidence("pages", 1.0, 0.1),
        FieldEvidence("title", 0.98, 2.0),
    ],
)
def test_one_value_written_in_two_ways_does_not_differ(item: FieldEvidence) -> None:
    assert "differ" not in sentence(*AGREE[1:], item)


def test_every_veto_has_plain_words() -> None:
    assert {*VETO_FIELDS} | {*VETO_CLAUSES} == {*VETOES}
    assert not {*VETO_FIELDS} & {*VETO_CLAUSES}
    for veto in VETOES:
        clause = sentence(vetoes=(veto,))
        assert clause.startswith("Looks 98 % alike, but ")
        assert "apart" not in clause
        assert "veto" not in clause


def test_a_veto_of_another_version_is_named() -> None:
    assert "(moonlight)" in sentence(vetoes=("moonlight",))


def test_no_model_is_certain() -> None:
    assert sentence(probability=0.9999, vetoes=("pages",)) == "Looks more than 99 % alike, but the pages differ."
    assert sentence(probability=0.001, vetoes=("pages",)) == "Looks less than 1 % alike, but the pages differ."


def test_little_to_compare_is_a_doubt_too() -> None:
    text = sentence(probability=0.7)
    assert (
        text == "Looks 70 % alike, but there is little to compare: pages, DOI and abstract are missing in one or both."
    )
    full = {"pages": "1--9", "doi": "10.5555/1", "abstract": "Moss grows."}
    records = (sample_record(0, **full), sample_record(1, **full))
    text = sentence(probability=0.7, records=records)
    assert text == "Looks 70 % alike; from 90 % on they would have been merged without a question."


def test_merges_and_versions() -> None:
    assert sentence(kind="merge") == "Merged because they look 98 % alike."
    pages = FieldEvidence("pages", 0.0, -3.7)
    assert sentence(pages, kind="merge") == "Merged because they look 98 % alike, although the pages differ."
    assert sentence(kind="version", relation="preprint-of") == "Linked: 1 is the preprint of 2, not merged."
    assert sentence(kind="version", relation="edition-of") == "Linked: 1 is another edition of 2, not merged."


def test_of_several_pairs_the_range_and_all_that_differs() -> None:
    links = [
        Link((0, 1), 0.7, "", (Pair(0, 1, 0.7, (), ("years",)),)),
        Link((1, 2), 0.4, "", (Pair(1, 2, 0.4, (), ("doi", "years")),)),
    ]
    question = Question("q", "uncertain", (0, 1, 2), ((0,), (1,), (2,)), tuple(links), 0.7)
    records = [sample_record(i) for i in range(3)]
    assert doubt_sentence(question, links, records, 0.9) == "They look 40 to 70 % alike, but the years and DOIs differ."
