"""Entries that a comment above them keeps from being merged."""

from dataclasses import replace

from refsync.check.ignore_comments import entries_not_merged
from refsync.dedup.results import Deduplication
from refsync.formats.common.decode import decode_file
from refsync.records import Problem
from refsync.sources import Reading, read_again


def without_ignored(reading: Reading, found: Deduplication) -> tuple[Deduplication, tuple[Problem, ...]]:
    """The clusters without the entries that a comment excludes (`refsync: ignore[RS101]`), and a note for each."""
    if not found.clusters:
        return found, ()
    records = reading.records
    excluded: set[tuple[str, int]] = set()
    for snapshot in reading.snapshots:
        if snapshot.format == "bibtex" and b"refsync" in (data := read_again(reading, snapshot.source)).lower():
            text = decode_file(data, snapshot.source).exact
            excluded.update((snapshot.source, index) for index in entries_not_merged(text))
    if not excluded:
        return found, ()
    clusters, notes = [], []
    for cluster in found.clusters:
        members = tuple(i for i in cluster.members if (records[i].source, records[i].index) not in excluded)
        for i in cluster.members:
            if i not in members:
                other = records[next(j for j in (*members, *cluster.members) if j != i)]
                message = (
                    f"{records[i].id!r} is not merged into {other.id!r}: a comment above it says `refsync: ignore`"
                )
                notes.append(Problem(records[i].source, message, records[i].line, kind="note"))
        if len(members) > 1:
            evidence = tuple(pair for pair in cluster.evidence if {pair.a, pair.b} <= {*members})
            clusters.append(replace(cluster, members=members, evidence=evidence))
    return replace(found, clusters=tuple(clusters)), tuple(notes)
