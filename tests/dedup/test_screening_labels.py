"""Decisions of people in records, as screening tools write them."""

import pytest

from refsync.dedup.screening_labels import Decision, decision_of
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
