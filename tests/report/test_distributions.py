"""Distributions over years and probabilities."""

from dataclasses import replace

from refsync.classify.model import Area, Tagging
from refsync.dedup.results import BINS, Cluster, Deduplication, Link, Pair
from refsync.planning.plan import make_plan
from refsync.report.distributions import years
from tests.report.helpers import figures, paper, plan_of


def test_many_years_are_grouped() -> None:
    records = [paper("a", i, f"Paper {i}", year=str(year)) for i, year in enumerate((1921, 1923, 1999, 2024), 1)]
    records.append(paper("a", 9, "No year"))
    found = figures(make_plan(records, Deduplication())).years
    assert found.step == 5
    assert found.periods[0] == "1920–1924"
    assert found.counts[0] == (2,)
    assert found.undated == 1


def test_series_are_areas_of_dated_papers_only() -> None:
    tagged = {area: Tagging((Area(area, 0.9, True),), area, False, ()) for area in ("cs.CV", "cs.CL")}
    plan = make_plan([paper("a", 1, "One", year="2020"), paper("a", 2, "Two")], Deduplication())
    entries = [replace(entry, tagging=tagged[area]) for entry, area in zip(plan.entries, tagged, strict=True)]
    found = years(entries)
    assert (found.series, found.counts, found.undated) == (("cs.CV", "no area"), ((1, 0),), 1)


def test_pairs_are_counted_by_outcome() -> None:
    records = [paper("a", i, f"Paper {i}") for i in range(1, 7)]
    pair = Pair(0, 1, 1.0, ())
    found = Deduplication(
        (Cluster((0, 1), 1.0, (pair,)),),
        (Link((2, 3), 0.93, "preprint-of", ()),),
        (Link((4, 5), 0.36, "", ()),),
        (9, *[0] * (BINS - 1)),
    )
    counts = figures(make_plan(records, found)).probabilities
    assert (counts.merged[19], counts.versions[18], counts.asked[7], counts.different[0]) == (1, 1, 1, 9)
    assert sum(counts.merged + counts.versions + counts.asked + counts.different) == 12


def test_different_pairs_are_counted_by_probability() -> None:
    titles = ("Moss on the slates of old barns", "Moss on the slates of new barns", "Rain on tin roofs of old barns")
    records = [paper("a", i, title, year="2020", author="Otter, A.") for i, title in enumerate(titles, 1)]
    parts = [paper("b", i, f"Kelp of the northern harbours, part {i}", author="Quay, B.") for i in (1, 2)]
    counts = figures(plan_of([*records, *parts])).probabilities
    assert not any(counts.merged)
    assert sum(counts.different) >= 2
    again = figures(plan_of([*records, *parts, *(replace(one, source="c") for one in records)])).probabilities
    assert sum(again.merged) == 3
    assert (
        again.different == counts.different
    )  # equal records are compared as one, and merged pairs are not counted as different
