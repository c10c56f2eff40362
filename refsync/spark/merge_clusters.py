"""Merging on Spark: the records of each paper side by side, merged by the local engine's code."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.dedup.merge import Choice, Merged, merge_cluster
from refsync.dedup.settings import MergeSettings
from refsync.planning.plan import places_of
from refsync.records import Record
from refsync.spark.encode import bytes_record, in_tasks, record_bytes, text_bytes

MERGED = (
    "paper bigint, old boolean, record binary, members array<struct<position: bigint, source: binary, index: bigint, "
    "id: binary, line: bigint, title: binary, places: array<binary>, kept: boolean, differing: binary>>"
)
"""Papers: the lowest position of their records, whether the library has them, the merged record, and its members."""

_MEMBER = pa.struct(
    [
        ("position", pa.int64()),
        ("source", pa.binary()),
        ("index", pa.int64()),
        ("id", pa.binary()),
        ("line", pa.int64()),
        ("title", pa.binary()),
        ("places", pa.list_(pa.binary())),
        ("kept", pa.bool_()),
        ("differing", pa.binary()),
    ]
)
_SCHEMA = pa.schema(
    [("paper", pa.int64()), ("old", pa.bool_()), ("record", pa.binary()), ("members", pa.list_(_MEMBER))]
)


NO_CHOICES: Mapping[int, Mapping[str, Choice]] = MappingProxyType({})


def merged_papers(
    records: DataFrame,
    clusters: DataFrame,
    settings: MergeSettings,
    known: int = 0,
    choices: Mapping[int, Mapping[str, Choice]] = NO_CHOICES,
) -> DataFrame:
    """One row for each paper, as `MERGED`. A record has the values that it inherits, and refers to no parent any more.

    Args:
        records: with the columns of `nodes.RECORDS`.
        clusters: a column `members` of positions; disjoint.
        settings: the policies of merging.
        known: the records at lower positions are a library: they are merged with none.
        choices: people's choices for fields, by the lowest position of the paper.
    """
    paper_of = clusters.select(F.array_min("members").alias("paper"), F.explode("members").alias("position"))
    rows = records.select("position", F.coalesce("whole", "record").alias("record")).join(paper_of, "position", "left")
    return (
        rows.withColumn("paper", F.coalesce("paper", "position"))
        .repartition("paper")
        .sortWithinPartitions("paper", "position")
        .transform(in_tasks, _merge, MERGED, settings=settings, known=known, choices=choices)
    )


def _merge(
    batches: Iterator[pa.RecordBatch],
    settings: MergeSettings,
    known: int,
    choices: Mapping[int, Mapping[str, Choice]],
) -> Iterator[pa.RecordBatch]:
    """Merges runs of one paper; one that continues in the next batch is kept until it ends."""

    def merged(group: Sequence[tuple[int, int, bytes]]) -> dict[str, Any]:
        return _paper(group, settings, known, choices.get(group[0][0], {}))

    group: list[tuple[int, int, bytes]] = []
    for batch in batches:
        rows = []
        for row in zip(*(batch[name].to_pylist() for name in ("paper", "position", "record")), strict=True):
            if group and group[0][0] != row[0]:
                rows.append(merged(group))
                group = []
            group.append(row)
        yield pa.RecordBatch.from_pylist(rows, _SCHEMA)
    if group:
        yield pa.RecordBatch.from_pylist([merged(group)], _SCHEMA)


def _paper(
    group: Sequence[tuple[int, int, bytes]], settings: MergeSettings, known: int, choices: Mapping[str, Choice]
) -> dict[str, Any]:
    """A row of `MERGED` from the paper, position and bytes of each of its records."""
    records = [_without_parents(bytes_record(data)) for _, _, data in group]
    old = group[0][1] < known
    merged = Merged(records[0], {}, ()) if old else merge_cluster(records, settings, choices)
    survivor = (merged.record.source, merged.record.index)
    members = []
    for (_, position, _), record in zip(group, records, strict=True):
        here = (record.source, record.index)
        differing = {name: value for name, value, *place in merged.not_chosen if tuple(place) == here}
        members.append(
            {
                "position": position,
                "source": text_bytes(record.source),
                "index": record.index,
                "id": text_bytes(record.id),
                "line": record.line,
                "title": text_bytes(record.get("title")),
                "places": [text_bytes(place) for place in places_of(record)],
                "kept": here == survivor,
                "differing": text_bytes(json.dumps(differing, ensure_ascii=False)) if differing else None,
            }
        )
    return {"paper": group[0][0], "old": old, "record": record_bytes(merged.record), "members": members}


def _without_parents(record: Record) -> Record:
    """A record that has what it inherits: its parents may end in another part of the result."""
    fields = {name: value for name, value in record.fields.items() if name not in ("crossref", "xdata")}
    return record if len(fields) == len(record.fields) else replace(record, fields=fields)
