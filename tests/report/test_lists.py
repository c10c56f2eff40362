"""Lists of merges: their contents, and their limits."""

from refsync.dedup.results import Cluster, Deduplication
from refsync.planning.plan import make_plan
from refsync.report import lists
from tests.report.helpers import Page, figures, page_of, paper


def test_a_merge_shows_the_values_it_chose_from() -> None:
    records = [
        paper("a", 1, year="2020", journal="Moss", note="x", keywords="moss"),
        paper("b", 1, year="2021", journal="Moss", doi="10.5555/m", keywords="slate"),
    ]
    plan = make_plan(records, Deduplication((Cluster((0, 1), 0.9, ()),)))
    (merge,) = figures(plan).merges.items
    assert {*merge.equal} == {"type", "title", "journal"}
    rows = {row.field: row for row in merge.rows}
    assert [*rows["doi"].values].index("10.5555/m") == [*rows["doi"].taken].index(True)
    chosen = next(value for value, taken in zip(rows["year"].values, rows["year"].taken, strict=True) if taken)
    assert rows["year"].result == chosen == plan.entries[0].record.get("year")
    assert rows["keywords"].joined
    assert all(rows["keywords"].taken)


def test_long_lists_are_cut_and_say_so() -> None:
    count = lists.MAX_ITEMS + 7
    records = [paper(source, i, f"Paper number {i}") for i in range(count) for source in "ab"]
    clusters = tuple(Cluster((2 * i, 2 * i + 1), 0.9, ()) for i in range(count))
    plan = make_plan(records, Deduplication(clusters))
    shown = figures(plan).merges
    assert (len(shown.items), shown.total) == (lists.MAX_ITEMS, count)
    page = Page(page_of(plan))
    assert f"The first {lists.MAX_ITEMS} of {count} merges are shown." in page.text


def test_long_texts_do_not_make_a_huge_page() -> None:
    text = {f"field{number}": "moss " * 100 for number in range(40)}
    records = [
        paper(source, i, f"Paper number {i}", **text, extra=source) for i in range(30) for source in "abcdefghij"
    ]
    for record in records:
        assert isinstance(record.fields, dict)
        record.fields.update({name: record.source + value for name, value in text.items()})
    clusters = tuple(Cluster(tuple(range(10 * i, 10 * i + 10)), 0.9, ()) for i in range(30))
    plan = make_plan(records, Deduplication(clusters))
    shown = figures(plan).merges
    assert 1 <= len(shown.items) < shown.total == 30
    assert shown.items[0].more == 10 - lists.MAX_RECORDS
    assert len(page_of(plan)) < 1_000_000
