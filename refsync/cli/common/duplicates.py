"""Finding the duplicates in what was read, with the earlier answers, and printing the groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from refsync.cli.common.account import database_lines
from refsync.cli.common.answers import remembered_answers
from refsync.cli.common.output import echo
from refsync.cli.common.progress import Progress
from refsync.cli.common.request import Request
from refsync.cli.common.text import counted, place_of, title_of
from refsync.decisions import RememberedAnswers
from refsync.dedup.results import Deduplication
from refsync.dedup.screening_labels import contradictory_labels
from refsync.dedup.shared_identifiers import unrelated_titles
from refsync.in_place.ignored import without_ignored
from refsync.planning.databases import count_by_database
from refsync.records import Problem, Record
from refsync.sources import Reading
from refsync.text.printable import printable


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The duplicates among the records that were read.

    Attributes:
        found: groups, versions and pairs to review.
        answers: the earlier answers that `found` applies.
        problems: contradictions among the answers, answers that could not be read, and identifiers that records with
            unrelated titles share.
        notes: the entries that a comment keeps from being merged.
    """

    found: Deduplication
    answers: RememberedAnswers
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


def deduplicate(reading: Reading, request: Request, report: Progress) -> Duplicates:
    """The duplicates among the records that were read, as the pair model and the earlier answers have them."""
    answers, problems = remembered_answers(reading.records, request.inputs, request.output, request.common)
    common = request.common
    found = common.engine.find_duplicates(reading.records, common.config.dedup, answers, report, reading.known)
    merged, notes = without_ignored(reading, found)
    labels = contradictory_labels(reading.records, merged.clusters)
    return Duplicates(merged, answers, (*problems, *unrelated_titles(reading.records, found), *labels), notes)


def print_groups(
    records: Sequence[Record],
    found: Deduplication,
    problems: Sequence[Problem],
    known: int,
    *,
    databases: bool = False,
) -> None:
    """Print the groups, versions and pairs to review, one line for each record, and a summary at the end.

    Args:
        records: what was read.
        found: the duplicates among these.
        problems: counted in the summary.
        known: how many of the first records are those of the library that the others are compared with.
        databases: whether to print the counts of each database.
    """
    for cluster in found.clusters:
        verdict = "already there" if cluster.members[0] < known else "same paper"
        _print_group(verdict, cluster.probability, [records[i] for i in cluster.members])
    for link in found.versions:
        _print_group(f"versions: {link.relation}", link.probability, [records[i] for i in link.members])
    for link in found.review:
        _print_group("to review", link.probability, [records[i] for i in link.members])
    if databases and len(records) > known:
        echo("records by database")
        for line in database_lines(count_by_database(records, found.clusters, known)):
            echo(f"  {printable(line)}")
        echo()
    removed = sum(len(cluster.members) - 1 for cluster in found.clusters)
    new = len(records) - known
    echo(
        f"{counted(new, 'record')}: {new - removed:,} {'new' if known else 'unique'}, {removed:,} to merge "
        f"in {counted(len(found.clusters), 'group')}, {counted(len(found.versions), 'version')}, "
        f"{len(found.review):,} to review, {counted(sum(item.kind != 'columns' for item in problems), 'problem')}"
    )


def _print_group(verdict: str, probability: float, members: list[Record]) -> None:
    echo(f"{verdict}  p={probability:.3f}", bold=True)
    for record in members:
        echo(f"  {place_of(record)}  {title_of(record)}")
    echo()
