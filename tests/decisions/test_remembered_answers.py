"""Which remembered answers apply to records: by fingerprint, and never where they contradict each other."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from refsync.decisions import (
    Decision,
    FieldChoice,
    RememberedAnswers,
    applicable_answers,
    choices_for_clusters,
)
from refsync.dedup.results import Cluster
from refsync.records import Record


def test_an_answer_applies_to_every_record_with_its_fingerprint() -> None:
    remembered, problems = applicable_answers(
        [
            Decision("same", "x", "y"),
            Decision("not-duplicate", "z", "x"),
            Decision("version-of", "y", "z"),
            Decision("same", "x", "gone"),
        ],
        ["x", "y", "x", "z"],
        "d.jsonl",
    )
    assert remembered == RememberedAnswers(must_link=((0, 1), (1, 2)), cannot_link=((0, 3), (2, 3)), versions=((1, 3),))
    assert problems == []


def test_contradicting_answers_are_ignored() -> None:
    remembered, problems = applicable_answers(
        [Decision("same", "x", "y", 1), Decision("not-duplicate", "y", "x", 2), Decision("same", "x", "y", 3)],
        ["x", "y"],
        "d.jsonl",
    )
    assert remembered == RememberedAnswers()
    (problem,) = problems
    assert (problem.source, problem.line) == ("d.jsonl", 2)


def test_a_version_may_name_the_direction_of_its_relation() -> None:
    decisions = [
        Decision("version-of", "y", "x", 1),
        Decision("version-of", "y", "x", 2, "preprint-of"),
        Decision("version-of", "x", "z", 3, "preprint-of"),
        Decision("version-of", "z", "x", 4, "preprint-of"),
    ]
    remembered, problems = applicable_answers(decisions, ["x", "y", "z"], "d.jsonl")
    assert remembered == RememberedAnswers(versions=((0, 1), (0, 2)), relations=((1, 0, "preprint-of"),))
    assert [problem.line for problem in problems] == [4]


def test_must_links_that_join_a_cannot_link_pair_are_ignored_and_reported_with_their_lines() -> None:
    decisions = [
        Decision("same", "a", "b", 1),
        Decision("same", "b", "c", 2),
        Decision("same", "c", "d", 3),
        Decision("not-duplicate", "a", "c", 4),
    ]
    remembered, problems = applicable_answers(decisions, ["a", "b", "c", "d"], "d.jsonl")
    assert remembered == RememberedAnswers(must_link=((2, 3),), cannot_link=((0, 2),))
    assert [str(problem) for problem in problems] == [
        "d.jsonl:4: says 'not-duplicate' about records that lines 1, 2 would merge through others; "
        "lines 1, 2 are ignored"
    ]


# Properties: the order of the lines does not matter, so files of several people can be concatenated

FINGERPRINTS = "abcde"
CHOICES = st.sampled_from(
    [FieldChoice("a"), FieldChoice("b"), FieldChoice(text="x"), FieldChoice(text="y"), FieldChoice(union=True)]
)
DECISIONS = st.lists(
    st.builds(
        Decision,
        st.sampled_from(["same", "same", "not-duplicate", "version-of"]),
        st.sampled_from(FINGERPRINTS),
        st.sampled_from(FINGERPRINTS),
        st.integers(1, 99),
        st.sampled_from(["", "preprint-of", "variant-of"]),
        st.lists(st.tuples(st.sampled_from(["title", "journal"]), CHOICES), max_size=2, unique_by=lambda f: f[0]).map(
            tuple
        ),
    ),
    max_size=12,
)
LIBRARY = [
    Record("a.bib", i, f"k{i}", "article", {"title": f"Moss {letter}", "journal": letter}, "latex")
    for i, letter in enumerate("abcdeab", 1)
]
CLUSTERS = [Cluster((0, 1, 5), 1.0, ()), Cluster((2, 3, 6), 1.0, ())]


def applied(decisions: list[Decision]) -> object:
    remembered, _ = applicable_answers(decisions, "abcdeab", "d.jsonl")
    chosen, _ = choices_for_clusters(CLUSTERS, LIBRARY, remembered)
    return remembered.must_link, remembered.cannot_link, remembered.versions, remembered.relations, chosen


@given(DECISIONS, st.randoms())
def test_the_order_of_the_lines_does_not_matter(decisions: list[Decision], random: Random) -> None:
    shuffled = decisions[:]
    random.shuffle(shuffled)
    assert applied(shuffled) == applied(decisions)


@given(DECISIONS)
def test_a_repeated_line_counts_once(decisions: list[Decision]) -> None:
    assert applied([*decisions, *decisions]) == applied(decisions)


@given(DECISIONS)
def test_applied_answers_do_not_contradict_each_other(decisions: list[Decision]) -> None:
    remembered, problems = applicable_answers(decisions, "abcdeab", "d.jsonl")
    cannot_link = {*remembered.cannot_link, *remembered.versions}
    groups: dict[int, set[int]] = {i: {i} for i in range(7)}
    for a, b in remembered.must_link:
        joined = groups[a] | groups[b]
        for i in joined:
            groups[i] = joined
    assert all(b not in groups[a] for a, b in cannot_link)
    kinds = {(frozenset((d.a, d.b)), d.kind) for d in decisions}
    if len(kinds) == len({pair for pair, _ in kinds}) and not problems:
        answered = {tuple(sorted((i, j))) for d in decisions for i in range(7) for j in range(7) if i != j
                 and "abcdeab"[i] == d.a and "abcdeab"[j] == d.b}  # fmt: skip
        assert {*remembered.must_link} | cannot_link == answered
