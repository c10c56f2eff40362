"""The counts of a report add up."""

from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.dedup.results import Cluster, Deduplication, Link
from refsync.planning.plan import PlanContext, make_plan
from refsync.report.counts import MAX_SOURCES, flow, overlap
from tests.report.helpers import figures, paper
from tests.sweeps import examples


@given(st.data())
@settings(max_examples=examples(50))
def test_the_counts_add_up(data: st.DataObject) -> None:
    records = [paper(data.draw(st.sampled_from("abc")), i) for i in range(1, data.draw(st.integers(0, 12)) + 1)]
    known = data.draw(st.integers(0, len(records)))
    groups: dict[int, list[int]] = {}
    for i in range(known, len(records)):  # a group has at most one record of the library, its first one
        groups.setdefault(data.draw(st.integers(0, len(records) - 1)), []).append(i)
    clusters = [((head, *own) if head < known else tuple(own)) for head, own in groups.items()]
    clusters = sorted(members for members in clusters if len(members) > 1)
    found = Deduplication(tuple(Cluster(members, 0.9, ()) for members in clusters))
    plan = make_plan(records, found, context=PlanContext(known=known))
    counts = flow(plan)
    assert counts.read == len(records) - known == counts.papers + counts.merged + counts.present
    assert counts.merged == counts.within + counts.between
    for item in counts.sources:
        assert item.read == item.kept + item.merged + item.present
    assert sum(item.read for item in counts.sources) == counts.read
    assert sum(item.kept for item in counts.sources) == counts.papers
    sizes = figures(plan).sizes
    assert sum(size.records * size.papers for size in sizes) + counts.present == counts.read
    shown = overlap(plan)
    held = len({plan.present[i] for i in plan.present})
    assert sum(papers for _, papers in shown.rows) + shown.hidden_papers == counts.papers + held


def test_versions_are_one_work() -> None:
    records = [paper("a", i, f"Paper {i}") for i in range(1, 5)]
    links = tuple(Link(pair, 0.9, "preprint-of", ()) for pair in ((0, 1), (1, 2), (0, 2)))
    counts = flow(make_plan(records, Deduplication(versions=links)))
    assert (counts.papers, counts.works, counts.versions) == (4, 2, 3)


def test_further_sources_share_a_column() -> None:
    records = [paper(f"{i:02}", 1, f"Paper {i} of its own") for i in range(MAX_SOURCES + 3)]
    shown = overlap(make_plan(records, Deduplication()))
    assert len(shown.sources) == MAX_SOURCES
    assert shown.rest == 3
    assert max(papers for _, papers in shown.rows) == 3


def test_the_overlap_has_the_total_of_each_source() -> None:
    records = [paper("a", 1), paper("b", 1), paper("b", 2, "Rain on tin roofs of barns")]
    shown = overlap(make_plan(records, Deduplication((Cluster((0, 1), 0.9, ()),))))
    assert dict(zip(shown.sources, shown.totals, strict=True)) == {"a": 1, "b": 2}


def test_a_file_of_several_databases_is_compared_by_database() -> None:
    records = [paper("endnote.ris", 1, database="Embase"), paper("endnote.ris", 2, database="PubMed")]
    records += [paper("endnote.ris", 3, "Rain on tin roofs of barns", database="PubMed")]
    plan = make_plan(records, Deduplication((Cluster((0, 1), 0.9, ()),)))
    shown = overlap(plan)
    assert dict(zip(shown.sources, shown.totals, strict=True)) == {"Embase": 1, "PubMed": 2}
    assert (flow(plan).within, flow(plan).between) == (0, 1)
    same = [paper("scopus-1.csv", 1, "One"), paper("scopus-2.csv", 1, "Two"), paper("wos.txt", 1, "Three")]
    assert overlap(make_plan(same, Deduplication())).sources == ("Scopus", "Web of Science")
