"""The duplicates that a plan removes: counted by database, and as the list in the appendix of a review. Pure."""

from dataclasses import replace
from typing import Final

from refsync.planning.databases import DatabaseCounts, count_by_database, databases_of, with_databases
from refsync.planning.plan import Plan
from refsync.records import Record

PAPER_FIELD: Final = "duplicate-of"
"""The field with the key of the paper that a removed record is a duplicate of."""


def database_counts(plan: Plan) -> list[DatabaseCounts]:
    """The records of each database, and what became of them."""
    return count_by_database(plan.records, plan.deduplication.clusters, plan.known)


def removed_duplicates(plan: Plan) -> list[Record]:
    """The records beyond the first one of each paper, in the order read, each as its source has it.

    Each names its database, and in `duplicate-of` the key of its paper.
    """
    databases = databases_of(plan.records[plan.known :])
    paper_of = {member: entry for entry in plan.entries for member in sorted(entry.members)[1:]}
    removed = []
    for index, entry in sorted(paper_of.items()):
        record = with_databases(plan.records[index], [databases[index - plan.known]])
        removed.append(replace(record, fields={**record.fields, PAPER_FIELD: entry.record.id}))
    return removed
