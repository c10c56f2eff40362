"""A plan in a notebook: what is merged, what is asked, the papers."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from refsync.dedup.relations import relation_phrase
from refsync.dedup.results import Cluster, Deduplication, Link
from refsync.records import Problem, Record
from refsync.text.html_table import MOST, html_block, html_details, html_table
from refsync.text.latex import latex_to_text

T = TypeVar("T")
Paper = tuple[Record, int, str]
"""An entry, the number of records that it merges, and its first area."""


def plan_html(
    records: Sequence[Record], papers: Sequence[Paper], found: Deduplication, problems: Sequence[Problem]
) -> str:
    """The plan as HTML.

    Args:
        records: what was read.
        papers: the entries.
        found: the groups, versions and pairs to review.
        problems: those of the plan.
    """

    def group(item: Cluster | Link) -> tuple[object, ...]:
        return _names(records, item.members), _title(records[item.members[0]]), item.probability

    def link(item: Link) -> tuple[object, ...]:
        one, other = (_names(records, [i]) for i in item.members)
        return one, relation_phrase(item.relation), other

    parts = [
        *_part(f"merged: {len(found.clusters):,}", ("records", "title", "probability"), found.clusters, group),
        *_part(f"versions, linked: {len(found.versions):,}", ("record", "is", "of"), found.versions, link),
        *_part(f"to review: {len(found.review):,}", ("records", "title", "probability"), found.review, group),
        *_part(f"problems: {len(problems):,}", ("problem",), problems, lambda item: (item,)),
    ]
    entries = _table(("key", "title", "year", "records", "area"), papers, _entry)
    return html_block("Plan", f"papers: {len(papers):,}, records: {len(records):,}", entries, *parts)


def _entry(paper: Paper) -> tuple[object, ...]:
    record, count, area = paper
    return record.id, _title(record), record.get("year", "date"), count, area


def _names(records: Sequence[Record], members: Sequence[int]) -> str:
    return ", ".join(f"{records[i].source}:{records[i].id}" for i in members)


def _title(record: Record) -> str:
    value = record.get("title")
    return latex_to_text(value) if record.markup == "latex" else value


def _part(heading: str, columns: Sequence[str], items: Sequence[T], row: Callable[[T], Sequence[object]]) -> list[str]:
    return [html_details(heading, _table(columns, items, row))] if items else []


def _table(columns: Sequence[str], items: Sequence[T], row: Callable[[T], Sequence[object]]) -> str:
    return html_table(columns, [*map(row, items[:MOST])], len(items))
