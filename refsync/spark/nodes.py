"""From records to nodes: records of equal content are one node, named by a hash of its content.

A node's name is a value of its content alone, and names have the order of the local engine's numbers. So nothing
depends on how Spark divides the records, on their order, or on which task is run again. What is moved and joined is a
hash of the name, its `code`: two numbers are compared, written and sorted faster than two texts.

Everything that is derived from a profile is computed beside it, once: its blocking keys, and hashes of the values that
are counted (`shared_values`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.dedup.blocking_keys import KINDS, refinements
from refsync.dedup.feature_columns import title_occurrences
from refsync.dedup.identical_records import no_number_repeats, node_name, normalised
from refsync.dedup.merge_rules import is_excluded
from refsync.dedup.packed_profiles import pack
from refsync.dedup.profile import Profile
from refsync.dedup.settings import DedupSettings
from refsync.memory import no_collection
from refsync.records import Record
from refsync.spark.encode import (
    OLD,
    Kept,
    batch_of,
    bytes_record,
    bytes_text,
    in_tasks,
    record_bytes,
    text_bytes,
    text_codes,
)

RECORDS = "position bigint, source binary, number binary, record binary, whole binary"
"""Records; `position` has the order in which they were read, `number` the issue of an article, `whole` the record with
the values that it inherits from others, if it inherits any."""

RECORDS_SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        ("source", pa.binary()),
        ("number", pa.binary()),
        ("record", pa.binary()),
        ("whole", pa.binary()),
    ]
)
_CODES = pa.list_(pa.int64())
_PROFILES = (
    "name binary, position bigint, source binary, index bigint, known boolean, excluded boolean, profile binary, "
    "keys array<bigint>, seconds array<bigint>, title bigint, counted array<bigint>"
)
"""A row for each record. `keys` are its blocking keys, `seconds` the second ones, `title` and `counted` what
`shared_values` counts; all as `encode.text_codes`."""

_PROFILES_SCHEMA = pa.schema(
    [
        ("name", pa.binary()),
        ("position", pa.int64()),
        ("source", pa.binary()),
        ("index", pa.int64()),
        ("known", pa.bool_()),
        ("excluded", pa.bool_()),
        ("profile", pa.binary()),
        ("keys", _CODES),
        ("seconds", _CODES),
        ("title", pa.int64()),
        ("counted", _CODES),
    ]
)
OCCURRENCES = 2
"""The kind from which on a counted value says when, where or by whom a title occurs."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Which records share a node with none, and which are compared with none.

    Attributes:
        known: the records at lower positions are a library.
        named: the positions of records that answers are about.
        settings: may want all records apart, or exclude some by their type.
    """

    known: int
    named: frozenset[int]
    settings: DedupSettings


def record_batch(rows: Iterable[tuple[int, Record, Record | None]]) -> pa.RecordBatch:
    """Rows of `RECORDS`: of positions, records, and the records with what they inherit, or None."""
    return batch_of((_record_row(*row) for row in rows), RECORDS_SCHEMA)


def _record_row(
    position: int, record: Record, whole: Record | None
) -> tuple[int, bytes, bytes | None, bytes, bytes | None]:
    number = record.fields.get("number") if record.type == "article" else None
    return (
        position,
        text_bytes(record.source),
        None if number is None else text_bytes(number),
        record_bytes(record),
        record_bytes(whole) if whole and whole is not record else None,
    )


def profiles_of(records: DataFrame, apart: Apart) -> DataFrame:
    """The profiles of records, and what is derived from them: `_PROFILES`."""
    counts = records.groupBy("source").agg(F.count("number").alias("all"), F.countDistinct("number").alias("distinct"))
    frequent = counts.where(F.col("all") > 0).collect()
    unnumbered = frozenset(
        bytes_text(bytes(row["source"])) for row in frequent if no_number_repeats(row["all"], row["distinct"])
    )
    whole = records.select("position", F.coalesce("whole", "record").alias("record"))
    return whole.transform(in_tasks, _profiles, _PROFILES, apart=apart, unnumbered=unnumbered)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes, one row for each; both frames are partitioned by `node`, the code of the name.

    A code is odd for a node of the library. Should two nodes have one code, they are linked with none.

    Attributes:
        whole: `node`, `name`, `members` in the local engine's order, `excluded`, `profile`.
        keys: what is read more often: `node`, `name`, `copies` (whether it has several members), `keys`, `seconds`,
            `title` and `counted`.
    """

    whole: DataFrame
    keys: DataFrame


def node_code() -> Column:
    """The code of a node: a hash of its name, of which the last bit says that it is of the library."""
    return F.xxhash64("name").bitwiseAND(F.lit(~OLD)).bitwiseOR(F.col("known").cast("bigint"))


def nodes_of(profiles: DataFrame, keep: Kept) -> Nodes:
    """The nodes of records.

    The profiles are moved once, to where their nodes belong; a later join finds them there.
    """
    place = F.struct("source", "index", "position")
    derived = ("keys", "seconds", "title", "counted")
    found = keep(
        profiles.withColumn("node", node_code())
        .repartition("node")
        .groupBy("node", "name")
        .agg(
            F.sort_array(F.collect_list(place)).alias("members"),
            F.min_by(F.struct("profile", "excluded", *derived), place).alias("first"),
        )
        .select("node", "name", "members", "first.*")
    )
    copies = (F.size("members") > 1).alias("copies")
    return Nodes(found.drop(*derived), keep(found.select("node", "name", copies, *derived)))


def _profiles(batches: Iterator[pa.RecordBatch], apart: Apart, unnumbered: frozenset[str]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        if batch.num_rows:
            with no_collection():
                found = _profile_rows(batch, apart, unnumbered)
            yield found


def _profile_rows(batch: pa.RecordBatch, apart: Apart, unnumbered: frozenset[str]) -> pa.RecordBatch:
    settings = apart.settings
    keys, seconds, counted = _Lists(), _Lists(), _Lists()
    titles: list[str] = []
    rows = []
    for position, data in zip(batch["position"].to_pylist(), batch["record"].to_pylist(), strict=True):
        record = bytes_record(data)
        normal = normalised(record, unnumbered)
        excluded = bool(settings.never) and is_excluded(record, settings)
        known = position < apart.known
        alone = known or position in apart.named or excluded or bool(settings.merge_only)
        name = node_name(normal.digest, record, alone=alone)
        rows.append((name, position, text_bytes(record.source), record.index, known, excluded, pack(normal)))
        titles.append(normal.title_key)
        keys.add([keys_of(normal) for keys_of, _ in KINDS])
        seconds.add([(second,) for second in refinements(normal)])
        counted.add([(value,) for value in counted_values(normal)])
    values = [[*column] for column in zip(*rows, strict=True)]
    arrays = [pa.array(own, _PROFILES_SCHEMA.field(i).type) for i, own in enumerate(values)]
    title = pa.array(text_codes([0], titles), mask=np.array([not one for one in titles]))
    return pa.RecordBatch.from_arrays(
        [*arrays, keys.array(), seconds.array(), title, counted.array()], schema=_PROFILES_SCHEMA
    )


class _Lists:
    """A column of lists of codes, as it grows."""

    def __init__(self) -> None:
        self.kinds: list[int] = []
        self.texts: list[str] = []
        self.ends = [0]

    def add(self, values: Sequence[Sequence[str]]) -> None:
        """A row more, of the values of each kind that are not empty."""
        for kind, own in enumerate(values):
            for value in own:
                if value:
                    self.kinds.append(kind)
                    self.texts.append(value)
        self.ends.append(len(self.kinds))

    def array(self) -> pa.ListArray:
        """All rows."""
        codes = pa.array(text_codes(self.kinds, self.texts))
        return pa.ListArray.from_arrays(pa.array(self.ends, pa.int32()), codes, type=_CODES)


def counted_values(normal: Profile) -> tuple[str, ...]:
    """What the statistics of the library count over titles; empty values, and those of no title, do not count."""
    return (normal.doi, normal.abstract, *title_occurrences(normal)) if normal.title_key else ()
