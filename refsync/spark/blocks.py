"""Blocking on Spark: the keys and caps of `refsync.dedup.blocking`, over partitions sorted by key.

A block is a run of equal keys in a sorted partition. Runs are read piece by piece: a key that a million records have
takes no more memory than one that two have.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.dedup.blocking import WINDOW, Keys, pairs_within, split_sorted
from refsync.dedup.blocking_keys import KINDS
from refsync.spark.encode import IN_MEMORY, KIND, joined_batches

_BLOCKS = "a binary, b binary, code bigint, old boolean"
_KEYS_SCHEMA = pa.schema([("code", pa.int64()), ("name", pa.binary()), ("old", pa.bool_())])
_BLOCKS_SCHEMA = pa.schema([("a", pa.binary()), ("b", pa.binary()), ("code", pa.int64()), ("old", pa.bool_())])
_LIMITS = np.array([limit for _, limit in KINDS], np.int64)


def blocks(nodes: DataFrame) -> DataFrame:
    """The pairs in blocks up to the limit of their kind, and (`b` is null) the occurrences of keys above it."""
    keys = nodes.select(F.explode("keys").alias("code"), "name", "old").repartition("code")
    # one column of numbers is sorted several times faster than two
    return keys.sortWithinPartitions("code").mapInArrow(partial(block_pairs, refined=False), _BLOCKS)


def refined_pairs(oversize: DataFrame, nodes: DataFrame) -> DataFrame:
    """The pairs of nodes whose first key is too common, by their second keys, and in windows where these are too."""
    common = oversize.select("code", F.col("a").alias("name"), "old").hint(IN_MEMORY)
    both = F.expr(f"(xxhash64(code, second) & ~{KIND}L) | (code & {KIND}L)")
    keys = (
        nodes.select("name", "seconds")
        .join(common, "name")
        .select("code", "name", "old", F.explode("seconds").alias("second"))
        .select(both.alias("code"), "name", "old")
        .repartition("code")
        .sortWithinPartitions("code", "name")  # windows are over neighbours by name
    )
    return keys.mapInArrow(partial(block_pairs, refined=True), _BLOCKS).select("a", "b")


def block_pairs(batches: Iterator[pa.RecordBatch], *, refined: bool) -> Iterator[pa.RecordBatch]:
    """Pairs of a sorted partition; a run that continues in the next batch is kept until it ends or is too big."""
    kept = pa.Table.from_batches([], _KEYS_SCHEMA)
    too_big: int | None = None  # the key of the run that continues, if it is above its limit already
    for more in joined_batches(batches):
        table = pa.concat_tables([kept, more.cast(_KEYS_SCHEMA)]).combine_chunks()
        if not table.num_rows:
            continue
        starts = _starts(table)
        if too_big is not None and table["code"][0].as_py() == too_big:
            end = int(starts[1]) if len(starts) > 1 else table.num_rows
            yield _beyond_limit(table.slice(0, end), refined=refined)
            if end == table.num_rows:
                kept = _overlap(table, refined=refined)
                continue
            table = table.slice(end)
            starts = starts[1:] - end
        too_big = None
        last = int(starts[-1])
        whole, kept = table.slice(0, last), table.slice(last)
        if whole.num_rows:
            yield from _within_limits(whole, refined=refined)
        key = kept["code"][0].as_py()
        if kept.num_rows > _LIMITS[key & KIND]:
            yield _beyond_limit(kept, refined=refined)
            too_big, kept = key, _overlap(kept, refined=refined)
    if kept.num_rows and too_big is None:
        yield from _within_limits(kept, refined=refined)


def _starts(table: pa.Table) -> np.ndarray:
    code = table["code"].to_numpy()
    return np.concatenate(([0], np.flatnonzero(code[1:] != code[:-1]) + 1))


def _overlap(table: pa.Table, *, refined: bool) -> pa.Table:
    """The rows of a run that is too big that rows still to come are paired with."""
    return table.slice(max(0, table.num_rows - WINDOW + 1)) if refined else table.slice(0, 0)


def _within_limits(table: pa.Table, *, refined: bool) -> Iterator[pa.RecordBatch]:
    """Pairs of whole runs; runs above the limit as they are, or in windows if the key is refined."""
    keys, old = _keys(table)
    small, big = split_sorted(keys, _LIMITS[keys.codes & KIND], old)
    yield _pair_rows(table, pairs_within(small, int(_LIMITS.max()), old))
    if len(big.owners):
        yield _beyond_limit(table.take(pa.array(big.owners)), refined=refined)


def _keys(table: pa.Table) -> tuple[Keys, np.ndarray]:
    old = table["old"].to_numpy(zero_copy_only=False).astype(np.bool_)
    return Keys(np.arange(table.num_rows), table["code"].to_numpy()), old


def _beyond_limit(table: pa.Table, *, refined: bool) -> pa.RecordBatch:
    if refined:
        keys, old = _keys(table)
        return _pair_rows(table, pairs_within(keys, WINDOW, old))
    columns = [table["name"], pa.nulls(table.num_rows, pa.binary()), table["code"], table["old"]]
    return _one_batch(pa.Table.from_arrays(columns, schema=_BLOCKS_SCHEMA))


def _pair_rows(table: pa.Table, packed: np.ndarray) -> pa.RecordBatch:
    """Pairs of rows as pairs of names, in order; a node is no candidate for itself, though it may have a key twice."""
    n = max(table.num_rows, 1)
    a, b = (table["name"].take(pa.array(rows)) for rows in (packed // n, packed % n))
    forward = pa.compute.less(a, b)
    first, second = pa.compute.if_else(forward, a, b), pa.compute.if_else(forward, b, a)
    rest = [pa.nulls(len(packed), field.type) for field in list(_BLOCKS_SCHEMA)[2:]]
    pairs = pa.Table.from_arrays([first, second, *rest], schema=_BLOCKS_SCHEMA)
    return _one_batch(pairs.filter(pa.compute.not_equal(pairs["a"], pairs["b"])))


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    arrays = [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)
