"""Questions: which records one question is about, and in which order questions are asked."""

from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.review.questions import MAX_MEMBERS, find_questions
from tests.review.samples import cluster, uncertain_link


def test_connected_pairs_are_one_question_and_come_first() -> None:
    found = Deduplication(
        review=(
            uncertain_link(0, 1, 0.79),
            uncertain_link(2, 3, 0.5),
            uncertain_link(3, 4, 0.4),
            uncertain_link(5, 6, 0.6),
        )
    )
    asked = find_questions(found, DedupSettings())
    assert [item.members for item in asked] == [(2, 3, 4), (0, 1), (5, 6)]


def test_a_merged_group_is_one_unit_of_a_question() -> None:
    found = Deduplication(clusters=(cluster(0, 1),), review=(uncertain_link(1, 2),))
    uncertain, merge = find_questions(found, DedupSettings())
    assert (uncertain.kind, uncertain.members, uncertain.units) == ("uncertain", (0, 1, 2), ((0, 1), (2,)))
    assert (merge.kind, merge.members) == ("merge", (0, 1))


def test_a_question_shows_a_limited_number_of_records() -> None:
    large = tuple(range(40))
    found = Deduplication(
        clusters=(cluster(*large),), review=(uncertain_link(7, 40), *(uncertain_link(i, i + 1) for i in range(50, 90)))
    )
    asked = find_questions(found, DedupSettings())
    assert max(len(item.members) for item in asked) <= MAX_MEMBERS
    assert sum(len(item.links) for item in asked if item.kind == "uncertain") == 41
    (question,) = [item for item in asked if 40 in item.members]
    assert 7 in question.members
    assert sum(question.hidden) + len(question.members) == 41


def test_ids_do_not_depend_on_the_order_of_links() -> None:
    links = (uncertain_link(2, 3, 0.5), uncertain_link(3, 4, 0.4), uncertain_link(5, 6, 0.6))
    ids = [item.id for item in find_questions(Deduplication(review=links), DedupSettings())]
    assert [item.id for item in find_questions(Deduplication(review=links[::-1]), DedupSettings())] == ids
