"""Links between versions in the written library."""

from collections.abc import Sequence

import pytest

from refsync import PlanContext, make_plan
from refsync.dedup.results import Deduplication, Link
from refsync.planning.settings import ExportSettings, PlanSettings
from refsync.planning.version_links import link_versions
from refsync.records import Record

PRINTED = Record("a.bib", 1, "roe2021", "article", {"title": "Kelp", "journaltitle": "Algae", "date": "2021"}, "latex")
PREPRINT = Record("a.bib", 5, "roe2020", "online", {"title": "Kelp", "eprint": "2003.01234", "date": "2020"}, "latex")
TALK_FIELDS = {"title": "Kelp", "booktitle": "Proc. {Algae}", "date": "2019"}
TALK = Record("a.bib", 9, "roe2019", "inproceedings", TALK_FIELDS, "latex")
OF_PREPRINT = Link((1, 0), 1.0, "preprint-of", ())
OF_TALK = Link((2, 0), 1.0, "conference-version-of", ())
RELATIONS = ("related", "relatedtype", "relatedstring", "note")


def linked(records: Sequence[Record], versions: Sequence[Link], how: str) -> list[dict[str, str]]:
    result = link_versions(records, [(i,) for i in range(len(records))], versions, how)
    return [{name: record.get(name) for name in RELATIONS if record.get(name)} for record in result]


def test_the_later_form_names_the_earlier_ones() -> None:
    assert linked([PRINTED, PREPRINT], [OF_PREPRINT], "related") == [
        {"related": "roe2020", "relatedtype": "preprint", "relatedstring": "Preprint"},
        {},
    ]
    assert linked([PRINTED, PREPRINT, TALK], [OF_PREPRINT, OF_TALK], "related")[0] == {
        "related": "roe2020,roe2019",
        "relatedtype": "otherversion",
        "relatedstring": "Other version",
    }
    assert linked([PRINTED, PREPRINT, TALK], [OF_PREPRINT, OF_TALK], "note")[0] == {
        "note": "Preprint: arXiv:2003.01234. Conference version: Proc. Algae, 2019"
    }
    assert linked([PRINTED, PREPRINT], [OF_PREPRINT], "none") == [{}, {}]


def test_relations_of_the_users_stay() -> None:
    fields = {**PRINTED.fields, "related": "original", "relatedtype": "reprintof"}
    own = Record("a.bib", 1, "roe2021", "article", fields, "latex")
    assert linked([own, PREPRINT], [OF_PREPRINT], "related")[0] == {"related": "original", "relatedtype": "reprintof"}


@pytest.mark.parametrize("how", ["related", "note"])
def test_twice_is_the_same_as_once(how: str) -> None:
    papers = [(0,), (1,)]
    once = link_versions([PRINTED, PREPRINT], papers, [OF_PREPRINT], how)
    assert link_versions(once, papers, [OF_PREPRINT], how) == once


def test_merged_versions_and_those_of_another_library_are_not_linked() -> None:
    assert link_versions([PRINTED], [(0, 1)], [OF_PREPRINT], "related") == [PRINTED]
    assert link_versions([PRINTED], [(0,)], [OF_PREPRINT], "related") == [PRINTED]


@pytest.mark.parametrize(
    ("settings", "context", "expected"),
    [
        (ExportSettings(), PlanContext(), "roe2020"),
        (ExportSettings(dialect="bibtex"), PlanContext(), ""),
        (ExportSettings(versions="none"), PlanContext(), ""),
        (ExportSettings(), PlanContext(link_versions=False), ""),
    ],
)
def test_a_plan_links_in_biblatex(settings: ExportSettings, context: PlanContext, expected: str) -> None:
    config = PlanSettings(export=settings)
    plan = make_plan([PRINTED, PREPRINT], Deduplication(versions=(OF_PREPRINT,)), config=config, context=context)
    assert plan.entries[0].record.get("related") == expected
