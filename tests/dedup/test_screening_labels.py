"""Decisions of people in records, as screening tools write them."""

import pytest

from refsync.dedup.merge import merge_cluster
from refsync.dedup.results import Cluster
from refsync.dedup.screening_labels import Decision, contradictory_labels, decision_of
from tests.report.helpers import paper


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"asreview_label": "1"}, Decision(screening=True)),
        ({"asreview_label": "0.0"}, Decision(screening=False)),
        ({"asreview_label": "-1"}, Decision()),
        ({"label_abstract_included": "1", "label_included": "0"}, Decision(screening=True, final=False)),
        ({"included": "1"}, Decision(final=True)),
        ({"Included": "1"}, Decision()),
        ({"final-included": "yes"}, Decision(final=True)),
        ({"included": "0", "asreview_ranking": "7"}, Decision(screening=False)),
        ({"annote": "ASReview_relevant"}, Decision(screening=True)),
        ({"annote": "ASReview_irrelevant"}, Decision(screening=False)),
        ({"note": "ASReview\\_not\\_seen"}, Decision()),
        ({"keywords": "moss; included; slate"}, Decision(final=True)),
        ({"keywords": "women included in trials"}, Decision()),
        ({"note": 'RAYYAN-INCLUSION: {"Ann"=>"Included", "Bo"=>"Included"}'}, Decision(screening=True)),
        ({"note": 'RAYYAN-INCLUSION: {"Ann"=>"Included", "Bo"=>"Excluded"}'}, Decision()),
        ({"note": 'RAYYAN-INCLUSION: {"Ann"=>"Maybe"}'}, Decision()),
        (
            {"note": 'RAYYAN-INCLUSION: {"Ann"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: wrong dose,animals'},
            Decision(screening=False, reasons=("wrong dose", "animals")),
        ),
        ({"asreview_label": "0", "included": "1"}, Decision(contradictory=True)),
        ({"label": "1"}, Decision()),  # BibLaTeX's `label` is none
        ({"note": "1"}, Decision()),
    ],
)
def test_a_label_is_read(fields: dict[str, str], expected: Decision) -> None:
    assert decision_of([paper("a", 1, **fields)]) == expected


def test_copies_decide_together() -> None:
    yes, no, none = (paper("a", 1, asreview_label=value) for value in ("1", "0", ""))
    assert decision_of([none, yes, yes]) == Decision(screening=True)
    assert decision_of([yes, no]) == Decision(contradictory=True)


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ([{"asreview_label": "0"}, {"asreview_label": "1"}], {"asreview_label": "1"}),
        ([{"included": "no"}, {"included": "Yes"}], {"included": "Yes"}),
        ([{"label": "0"}, {"label": "1"}], {"label": "1"}),
        ([{"asreview_label": "0"}, {"included": "1"}], {"asreview_label": "1", "included": "1"}),
        ([{"asreview_label": "0"}, {"annote": "ASReview_relevant"}], {"asreview_label": "1"}),
        ([{"asreview_label": "1"}, {"included": "0"}], {"asreview_label": "1", "included": "0"}),
        ([{"asreview_label": "0"}, {"asreview_label": "0.0"}], {"asreview_label": "0"}),
        ([{"asreview_label": "0"}, {}], {"asreview_label": "0"}),
        ([{"included": "maybe"}, {"included": "1"}], {"included": "maybe; 1"}),  # no label of a tool that is known
        ([{"annote": "ASReview_irrelevant\nDatabase: X"}, {"annote": "ASReview_relevant"}],
         {"annote": "ASReview_relevant\nDatabase: X"}),
        ([{"annote": "ASReview_not_seen"}, {"annote": "mine"}, {"annote": "ASReview_irrelevant"}],
         {"annote": "ASReview_irrelevant\nmine"}),
    ],
)  # fmt: skip
def test_a_duplicate_of_an_included_record_is_included(copies: list[dict[str, str]], expected: dict[str, str]) -> None:
    for order in (copies, copies[::-1]):
        merged = merge_cluster([paper("a", i, **fields) for i, fields in enumerate(order, 1)])
        found = {name: merged.record.fields.get(name) for name in expected}
        if expected != {"included": "maybe; 1"}:
            assert found == expected
        chosen = {(name, value) for name, value in merged.record.fields.items()}
        lost = {(name, fields[name]) for fields in order for name in fields if name != "annote"} - chosen
        assert expected == {"included": "maybe; 1"} or lost <= {(name, value) for name, value, *_ in merged.not_chosen}


@pytest.mark.parametrize(
    ("copies", "reported"),
    [
        ([{"asreview_label": "0"}, {"asreview_label": "1"}], True),
        ([{"asreview_label": "0"}, {"included": "1"}], True),
        ([{"label": "0"}, {"label": "1"}], True),
        ([{"annote": "ASReview_relevant"}, {"included": "0", "annote": "ASReview_irrelevant"}], True),
        ([{"note": 'RAYYAN-INCLUSION: {"Ann"=>"Included"}'}, {"note": 'RAYYAN-INCLUSION: {"Ann"=>"Excluded"}'}], True),
        ([{"asreview_label": "1"}, {"included": "0"}], False),
        ([{"asreview_label": "1"}, {}], False),
        ([{}, {}], False),
    ],
)
def test_contradictory_labels_are_reported(copies: list[dict[str, str]], reported: bool) -> None:
    records = [paper("a", i, **fields) for i, fields in enumerate(copies, 1)]
    problems = contradictory_labels(records, [Cluster((0, 1), 1.0, ())])
    assert [problem.kind for problem in problems] == ["note"] * reported
    assert all("kept as included" in problem.message for problem in problems)
