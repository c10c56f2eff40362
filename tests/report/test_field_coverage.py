"""Field coverage, and venues."""

from refsync.dedup.results import Cluster, Deduplication
from refsync.planning.plan import make_plan
from tests.report.helpers import figures, paper


def test_completeness_counts_before_and_after() -> None:
    records = [paper("a", 1, doi="10.5555/x", year="2020"), paper("b", 1, year="2020"), paper("b", 2, "Another")]
    plan = make_plan(records, Deduplication((Cluster((0, 1), 0.9, ()),)))
    found = {item.field: (item.records, item.papers) for item in figures(plan).completeness}
    assert found["DOI"] == (1, 1)
    assert found["year"] == (2, 1)
    assert found["title"] == (3, 2)


def test_spellings_of_a_venue_count_together() -> None:
    names = ("Journal of Moss", "Journal of Moss", "JOURNAL OF MOSS.", "Slate")
    records = [paper("a", i, f"Paper {i}", journal=name) for i, name in enumerate(names, 1)]
    found = figures(make_plan(records, Deduplication())).venues
    assert found.counts[0] == ("Journal of Moss", 3)
