"""Choices for fields: applied to clusters, and reported where they contradict each other."""

from dataclasses import replace

from refsync.decisions import (
    Decision,
    FieldChoice,
    applicable_answers,
    choice_of_member,
    choices_for_clusters,
)
from refsync.dedup.merge import Merged, merge_cluster
from refsync.dedup.results import Cluster
from refsync.records import Record
from refsync.text.latex import has_balanced_braces

RECORDS = [
    Record("a.bib", 1, "a1", "article", {"title": "Kelp \\& Moss", "journal": "Kelp"}, "latex"),
    Record("b.csv", 1, "#1", "misc", {"title": "Kelp & Moss", "journal": "Kelp & Co", "keywords": "x, y"}),
    Record("c.csv", 1, "#1", "misc", {"title": "KELP & MOSS", "keywords": "y, z"}),
]


def merged(*decisions: Decision) -> tuple[Merged, list[str]]:
    remembered, problems = applicable_answers(decisions, ["fa", "fb", "fc"], "d.jsonl")
    assert problems == []
    clusters = [Cluster((0, 1, 2), 1.0, ())]
    chosen, disputed = choices_for_clusters(clusters, RECORDS, remembered)
    return merge_cluster(RECORDS, None, chosen.get(0, {})), [str(problem) for problem in disputed]


def same(line: int, a: str = "fa", b: str = "fb", **fields: FieldChoice) -> Decision:
    return Decision("same", a, b, line, fields=tuple(fields.items()))


def test_choices_override_the_merge_policies() -> None:
    result, problems = merged(
        same(
            1,
            journal=FieldChoice("fb"),
            title=FieldChoice("fc"),
            keywords=FieldChoice(union=True),
            note=FieldChoice(text="50 % of it"),
            entrytype=FieldChoice(text="book"),
        )
    )
    assert problems == []
    assert result.record.type == "book"
    assert dict(result.record.fields) == {
        "title": "{KELP} \\& {MOSS}",
        "journal": "Kelp \\& Co",
        "keywords": "x, y, z",
        "note": "50 \\% of it",
    }
    assert ("journal", "Kelp", "a.bib", 1) in result.not_chosen
    assert set(result.chosen) == {"journal", "title", "keywords", "note", "entrytype"}
    assert result.origin["journal"] == ("b.csv", 1)
    assert "note" not in result.origin


def test_an_empty_text_leaves_a_field_out_and_unbalanced_braces_are_repaired() -> None:
    result, _ = merged(same(1, journal=FieldChoice(text=""), title=FieldChoice(text="Kelp} {", markup="latex")))
    assert "journal" not in result.record.fields
    assert has_balanced_braces(result.record.fields["title"])


def test_two_different_choices_for_one_field_of_a_cluster_are_ignored() -> None:
    plain, _ = merged()
    result, problems = merged(
        same(1, journal=FieldChoice("fa")), same(2, "fb", "fc", journal=FieldChoice(text="Other"))
    )
    assert result == plain
    assert problems == ["d.jsonl:2: chooses another 'journal' than line 1 for the same paper; both are ignored"]


def test_two_choices_with_the_same_result_are_one() -> None:
    result, problems = merged(
        same(1, journal=FieldChoice("fb")),
        same(2, "fb", "fc", journal=FieldChoice(text="Kelp \\& Co", markup="latex")),
    )
    assert problems == []
    assert result.record.fields["journal"] == "Kelp \\& Co"


def test_choices_for_missing_records_and_other_clusters_are_skipped() -> None:
    plain, _ = merged()
    assert merged(same(1, journal=FieldChoice("gone")))[0] == plain
    assert merged(same(1, journal=FieldChoice("fc")))[0] == plain  # the record no longer has a journal
    remembered, _ = applicable_answers([same(1, journal=FieldChoice("fb"))], ["fa", "fb", "fc"], "d.jsonl")
    assert choices_for_clusters([Cluster((0, 2), 1.0, ())], RECORDS, remembered) == ({}, [])


def test_a_choice_among_records_with_the_same_fingerprint_is_a_text_or_a_problem() -> None:
    fingerprints = ["f", "f", "g"]
    members = [replace(RECORDS[0], fields={"year": "2020"}), replace(RECORDS[1], fields={"year": "2021"}), RECORDS[2]]
    assert choice_of_member(members, 1, "year", fingerprints) == FieldChoice(text="2021")
    assert choice_of_member(members, 2, "title", fingerprints) == FieldChoice("g")
    assert choice_of_member(members, 2, "year", fingerprints) == FieldChoice(text="")
    remembered, _ = applicable_answers([same(1, "f", "g", year=FieldChoice("f"))], fingerprints, "d.jsonl")
    chosen, (problem,) = choices_for_clusters([Cluster((0, 1, 2), 1.0, ())], members, remembered)
    assert chosen == {}
    assert "same fingerprint that differ" in problem.message
