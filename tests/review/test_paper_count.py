"""The number of papers follows the answers."""

from pathlib import Path

from refsync.dedup.results import Deduplication, Link, Pair
from tests.review.samples import cluster, sample_session, uncertain_link


def test_each_answer_changes_the_number_and_undo_restores_it(tmp_path: Path) -> None:
    found = Deduplication(clusters=(cluster(2, 3),), review=(uncertain_link(0, 1), uncertain_link(1, 2)))
    review = sample_session(tmp_path, found, count=6)
    question, merge = review.questions
    assert review.paper_count == 5
    review.regroup(question, (0, 0, 0, 0))
    assert review.papers_if_same(question) == 3
    review.regroup(question, (0, 0, 1, 1))
    assert review.papers_if_same(question) == 4
    assert review.answer(question, "same").message == "one paper; 4 papers (1 fewer)"
    review.regroup(question, (0, 0, 0, 0))
    assert review.answer(question, "same").message == "one paper; 3 papers (1 fewer)"
    assert review.answer(question, "not-duplicate").message == "not duplicates; 5 papers (2 more)"
    assert review.answer(merge, "not-duplicate").message == "not duplicates; 6 papers (1 more)"
    assert review.papers_if_same(question) == 6  # it is answered
    for expected in (5, 3, 4, 4, 5, 5):
        review.undo()
        assert review.paper_count == expected


def test_versions_stay_papers_of_their_own(tmp_path: Path) -> None:
    version = Link((0, 1), 0.9, "preprint-of", (Pair(0, 1, 0.9, ()),))
    review = sample_session(tmp_path, Deduplication(versions=(version,)), count=2)
    (question,) = review.questions
    assert review.answer(question, "version-of").message == "versions of one work; 2 papers"
    assert review.answer(question, "same").message == "one paper; 1 paper (1 fewer)"


def test_records_of_two_questions_are_counted_once(tmp_path: Path) -> None:
    found = Deduplication(review=tuple(uncertain_link(i, i + 1) for i in range(9)))
    review = sample_session(tmp_path, found, count=10)
    questions = review.select("uncertain")
    assert len(questions) > 1  # more than one question can show
    for question in questions:
        review.regroup(question, [0] * len(question.members))
        review.answer(question, "same")
    assert review.paper_count == 1


def test_doubts_that_answers_leave_are_asked_before_the_end(tmp_path: Path) -> None:
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1),)), count=4)
    following = [Deduplication(review=(uncertain_link(2, 3),)), Deduplication()]
    review.deduplicate_again = lambda: following.pop(0)
    (question,) = review.select("uncertain")
    outcome = review.answer(question, "not-duplicate")
    assert outcome.message == "not duplicates; 1 more question after these answers; 4 papers"
    further = review.next_open(question.id, "uncertain")
    assert further
    assert further.members == (2, 3)
    assert review.answer(further, "not-duplicate").message == "not duplicates; 4 papers"
    assert review.progress("uncertain").open == 0
