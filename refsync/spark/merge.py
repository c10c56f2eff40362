"""Merging on Spark: the records of each paper side by side, merged by the local engine's code."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.dedup.merge import Merged, merge_cluster
from refsync.dedup.settings import MergeSettings
from refsync.spark.encode import bytes_record, record_bytes, text_bytes

MERGED = (
    "paper bigint, old boolean, record binary, members array<struct<position: bigint, source: binary, index: bigint, "
    "id: binary, title: binary, kept: boolean, differing: binary>>"
)
"""Papers: the lowest position of their records, whether the library has them, the merged record, and its members."""

_MEMBER = pa.struct(
    [
        ("position", pa.int64()),
        ("source", pa.binary()),
        ("index", pa.int64()),
        ("id", pa.binary()),
        ("title", pa.binary()),
        ("kept", pa.bool_()),
        ("differing", pa.binary()),
    ]
)
_SCHEMA = pa.schema(
    [("paper", pa.int64()), ("old", pa.bool_()), ("record", pa.binary()), ("members", pa.list_(_MEMBER))]
)


def merged_papers(records: DataFrame, clusters: DataFrame, settings: MergeSettings, known: int = 0) -> DataFrame:
    """One row for each paper, as `MERGED`.

    Args:
        records: with the columns of `nodes.RECORDS`.
        clusters: a column `members` of positions; disjoint.
        settings: the policies of merging.
        known: the records at lower positions are a library: they are merged with none.
    """
    paper_of = clusters.select(F.array_min("members").alias("paper"), F.explode("members").alias("position"))
    rows = records.select("position", "record", *(["whole"] if "whole" in records.columns else []))
    rows = rows.join(paper_of, "position", "left").withColumn("paper", F.coalesce("paper", "position"))
    return (
        rows.repartition("paper")
        .sortWithinPartitions("paper", "position")
        .mapInArrow(partial(_merge, settings=settings, known=known), MERGED)
    )


def _merge(batches: Iterator[pa.RecordBatch], settings: MergeSettings, known: int) -> Iterator[pa.RecordBatch]:
    """Merges runs of one paper; one that continues in the next batch is kept until it ends."""
    group: list[dict[str, Any]] = []
    for batch in batches:
        rows = []
        for row in batch.to_pylist():
            if group and group[0]["paper"] != row["paper"]:
                rows.append(_paper(group, settings, known))
                group = []
            group.append(row)
        yield pa.RecordBatch.from_pylist(rows, _SCHEMA)
    if group:
        yield pa.RecordBatch.from_pylist([_paper(group, settings, known)], _SCHEMA)


def _paper(group: Sequence[dict[str, Any]], settings: MergeSettings, known: int) -> dict[str, Any]:
    records = [bytes_record(row["record"]) for row in group]
    whole = [bytes_record(row["whole"]) if row.get("whole") else one for row, one in zip(group, records, strict=True)]
    old = group[0]["position"] < known
    merged = Merged(records[0], {}, ()) if old else merge_cluster(records, settings, inherited=whole)
    survivor = (merged.record.source, merged.record.index)
    members = []
    for row, record in zip(group, records, strict=True):
        here = (record.source, record.index)
        differing = {name: value for name, value, *place in merged.not_chosen if tuple(place) == here}
        members.append(
            {
                "position": row["position"],
                "source": text_bytes(record.source),
                "index": record.index,
                "id": text_bytes(record.id),
                "title": text_bytes(record.get("title")),
                "kept": here == survivor,
                "differing": text_bytes(json.dumps(differing, ensure_ascii=False)) if differing else None,
            }
        )
    return {"paper": group[0]["paper"], "old": old, "record": record_bytes(merged.record), "members": members}
