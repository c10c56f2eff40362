"""From records to nodes: records of equal content are one node, named by a hash of its content.

A node's name is a value of its content alone, and names have the order of the local engine's numbers. So nothing
depends on how Spark divides the records, on their order, or on which task is run again.
"""

from collections.abc import Iterator, Set
from functools import partial

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.window import Window

from refsync.dedup.feature_columns import MOST_TITLES, SharedValues, are_unalike, recurs, title_occurrences
from refsync.dedup.identical_records import no_number_repeats, node_name, normalised
from refsync.dedup.profile import Profile
from refsync.records import Record
from refsync.spark.encode import bytes_profile, bytes_record, bytes_text, profile_bytes, record_bytes, text_bytes

RECORDS = "position bigint, source binary, number binary, record binary"
"""Records; `position` has the order in which they were read, `number` the issue of an article."""

RECORDS_SCHEMA = pa.schema(
    [("position", pa.int64()), ("source", pa.binary()), ("number", pa.binary()), ("record", pa.binary())]
)
_PROFILES = "name binary, position bigint, source binary, index bigint, known boolean, profile binary"
_SHARED = "kind int, value binary, title binary"
_OCCURRENCES = 2  # kinds from which on a value says when, where or by whom a title occurs


def record_row(position: int, record: Record) -> dict[str, object]:
    """A row of `RECORDS`."""
    number = record.fields.get("number") if record.type == "article" else None
    return {
        "position": position,
        "source": text_bytes(record.source),
        "number": None if number is None else text_bytes(number),
        "record": record_bytes(record),
    }


def nodes_of(records: DataFrame, known: int, alone: Set[int]) -> DataFrame:
    """The nodes of records: `name`, `profile`, `members` in the local engine's order, and `old` for the library's.

    Args:
        records: with the columns of `RECORDS`.
        known: the records at lower positions are a library.
        alone: the positions of records that share a node with none.
    """
    counts = records.groupBy("source").agg(F.count("number").alias("all"), F.countDistinct("number").alias("distinct"))
    frequent = counts.where(F.col("all") > 0).collect()
    unnumbered = frozenset(
        bytes_text(bytes(row["source"])) for row in frequent if no_number_repeats(row["all"], row["distinct"])
    )
    profiles = records.select("position", "record").mapInArrow(
        partial(_profiles, known=known, alone=frozenset(alone), unnumbered=unnumbered), _PROFILES
    )
    return profiles.groupBy("name").agg(
        F.first("profile").alias("profile"),
        F.sort_array(F.collect_list(F.struct("source", "index", "position"))).alias("members"),
        F.max("known").alias("old"),
    )


def _profiles(
    batches: Iterator[pa.RecordBatch], known: int, alone: Set[int], unnumbered: Set[str]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        rows = []
        for position, data in zip(batch["position"].to_pylist(), batch["record"].to_pylist(), strict=True):
            record = bytes_record(data)
            normal = normalised(record, unnumbered)
            rows.append(
                {
                    "name": node_name(normal.digest, record, alone=position < known or position in alone),
                    "position": position,
                    "source": text_bytes(record.source),
                    "index": record.index,
                    "known": position < known,
                    "profile": profile_bytes(normal),
                }
            )
        yield pa.RecordBatch.from_pylist(rows, _PROFILES_SCHEMA)


_PROFILES_SCHEMA = pa.schema(
    [
        ("name", pa.binary()),
        ("position", pa.int64()),
        ("source", pa.binary()),
        ("index", pa.int64()),
        ("known", pa.bool_()),
        ("profile", pa.binary()),
    ]
)


def shared_values(nodes: DataFrame) -> SharedValues:
    """What depends on the whole library, as aggregations; of a common value at most a few titles are moved."""
    found = nodes.select("profile").mapInArrow(_valued, _SHARED).distinct()
    first = Window.partitionBy("kind", "value").orderBy("title")
    few = (
        found.where(F.col("kind") < _OCCURRENCES)
        .withColumn("rank", F.row_number().over(first))
        .where(F.col("rank") <= MOST_TITLES)
        .groupBy("kind", "value")
        .agg(F.sort_array(F.collect_list("title")).alias("titles"))
        .where(F.size("titles") > 2)
        .mapInArrow(_unalike, "kind int, value binary")
    )
    counts = [F.count_if(F.col("kind") == _OCCURRENCES + i).alias(f"n{i}") for i in range(3)]
    titles = (
        found.where(F.col("kind") >= _OCCURRENCES)
        .groupBy("title")
        .agg(*counts)
        .where(F.greatest("n0", "n1", "n2") > 2)
        .mapInArrow(_recurring, "kind int, value binary")
    )
    values: dict[int, set[str]] = {0: set(), 1: set(), _OCCURRENCES: set()}
    for kind, value in few.union(titles).collect():
        values[kind].add(bytes_text(bytes(value)))
    return SharedValues(frozenset(values[0]), frozenset(values[1]), frozenset(values[_OCCURRENCES]))


def _valued(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    schema = pa.schema([("kind", pa.int32()), ("value", pa.binary()), ("title", pa.binary())])
    for batch in batches:
        rows = [
            {"kind": kind, "value": text_bytes(value), "title": text_bytes(normal.title_key)}
            for normal in decoded(batch["profile"])
            for kind, value in enumerate((normal.doi, normal.abstract, *title_occurrences(normal)))
            if value and normal.title_key
        ]
        yield pa.RecordBatch.from_pylist(rows, schema)


def _recurring(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    schema = pa.schema([("kind", pa.int32()), ("value", pa.binary())])
    for batch in batches:
        rows = zip(*(batch[name].to_pylist() for name in ("title", "n0", "n1", "n2")), strict=True)
        found = [title for title, *counts in rows if recurs(bytes_text(title), *counts)]
        yield pa.RecordBatch.from_arrays(
            [pa.array([_OCCURRENCES] * len(found), pa.int32()), pa.array(found, pa.binary())], schema=schema
        )


def _unalike(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        titles = batch["titles"].to_pylist()
        keep = pa.array([are_unalike([bytes_text(title) for title in own]) for own in titles], pa.bool_())
        yield batch.select(["kind", "value"]).filter(keep)


def decoded(column: pa.Array) -> Iterator[Profile]:
    """The profiles of a column of bytes."""
    return (bytes_profile(data) for data in column.to_pylist())
