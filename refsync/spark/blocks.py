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

from refsync.dedup.blocking import WINDOW, Keys, pairs_within, split_blocks
from refsync.dedup.blocking_keys import KINDS

_BLOCKS = "a binary, b binary, kind int, code bigint, old boolean"
_KEYS_SCHEMA = pa.schema([("kind", pa.int32()), ("code", pa.int64()), ("name", pa.binary()), ("old", pa.bool_())])
_BLOCKS_SCHEMA = pa.schema(
    [("a", pa.binary()), ("b", pa.binary()), ("kind", pa.int32()), ("code", pa.int64()), ("old", pa.bool_())]
)


def blocks(nodes: DataFrame) -> DataFrame:
    """The pairs in blocks up to the limit of their kind, and (`b` is null) the occurrences of keys above it."""
    keys = nodes.select("name", "old", F.explode("keys").alias("key"))
    keys = keys.select(F.col("key.kind").cast("int").alias("kind"), "key.code", "name", "old")
    return _sorted(keys).mapInArrow(partial(block_pairs, refined=False), _BLOCKS)


def refined_pairs(oversize: DataFrame, nodes: DataFrame) -> DataFrame:
    """The pairs of nodes whose first key is too common, by their second keys, and in windows where these are too."""
    common = oversize.select("kind", "code", F.col("a").alias("name"), "old").hint("shuffle_hash")
    keys = (
        nodes.select("name", "seconds")
        .join(common, "name")
        .select("kind", "code", "name", "old", F.explode("seconds").alias("second"))
        .select("kind", F.xxhash64("code", "second").alias("code"), "name", "old")
    )
    return _sorted(keys).mapInArrow(partial(block_pairs, refined=True), _BLOCKS).select("a", "b")


def _sorted(keys: DataFrame) -> DataFrame:
    """Keys in runs, one partition each; the code comes first because it distinguishes almost all."""
    return keys.repartition("code").sortWithinPartitions("code", "kind", "name")


def block_pairs(batches: Iterator[pa.RecordBatch], *, refined: bool) -> Iterator[pa.RecordBatch]:
    """Pairs of a sorted partition; a run that continues in the next batch is kept until it ends or is too big."""
    kept = pa.Table.from_batches([], _KEYS_SCHEMA)
    too_big: tuple[int, int] | None = None  # the key of the run that continues, if it is above its limit already
    for batch in batches:
        table = pa.concat_tables([kept, pa.Table.from_batches([batch.cast(_KEYS_SCHEMA)])]).combine_chunks()
        if not table.num_rows:
            continue
        starts = _starts(table)
        if too_big and _key_at(table, 0) == too_big:
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
        key = _key_at(kept, 0)
        if kept.num_rows > KINDS[key[0]][1]:
            yield _beyond_limit(kept, refined=refined)
            too_big, kept = key, _overlap(kept, refined=refined)
    if kept.num_rows and not too_big:
        yield from _within_limits(kept, refined=refined)


def _starts(table: pa.Table) -> np.ndarray:
    kind, code = table["kind"].to_numpy(), table["code"].to_numpy()
    return np.concatenate(([0], np.flatnonzero((np.diff(kind) != 0) | (code[1:] != code[:-1])) + 1))


def _key_at(table: pa.Table, row: int) -> tuple[int, int]:
    return table["kind"][row].as_py(), table["code"][row].as_py()


def _overlap(table: pa.Table, *, refined: bool) -> pa.Table:
    """The rows of a run that is too big that rows still to come are paired with."""
    return table.slice(max(0, table.num_rows - WINDOW + 1)) if refined else table.slice(0, 0)


def _within_limits(table: pa.Table, *, refined: bool) -> Iterator[pa.RecordBatch]:
    """Pairs of whole runs, by kind; runs above the limit as they are, or in windows if the key is refined."""
    kinds, codes = table["kind"].to_numpy(), table["code"].to_numpy()
    old = table["old"].to_numpy(zero_copy_only=False).astype(np.bool_)
    for kind in np.unique(kinds).tolist():
        rows = np.flatnonzero(kinds == kind)
        limit = KINDS[kind][1]
        small, big = split_blocks(Keys(rows, codes[rows]), limit, old)
        yield _pair_rows(table, pairs_within(small, limit, old))
        if len(big.owners):
            yield _beyond_limit(table.take(pa.array(big.owners)), refined=refined)


def _beyond_limit(table: pa.Table, *, refined: bool) -> pa.RecordBatch:
    if refined:
        old = table["old"].to_numpy(zero_copy_only=False).astype(np.bool_)
        keys = Keys(np.arange(table.num_rows, dtype=np.int64), table["code"].to_numpy())
        return _pair_rows(table, pairs_within(keys, WINDOW, old))
    none = pa.nulls(table.num_rows, pa.binary())
    columns = [table["name"], none, table["kind"], table["code"], table["old"]]
    return _one_batch(pa.Table.from_arrays(columns, schema=_BLOCKS_SCHEMA))


def _pair_rows(table: pa.Table, packed: np.ndarray) -> pa.RecordBatch:
    """Pairs of rows as pairs of names; a node is no candidate for itself, though it may have a key twice."""
    n = max(table.num_rows, 1)
    a, b = (table["name"].take(pa.array(rows)) for rows in (packed // n, packed % n))
    rest = [pa.nulls(len(packed), field.type) for field in list(_BLOCKS_SCHEMA)[2:]]
    pairs = pa.Table.from_arrays([a, b, *rest], schema=_BLOCKS_SCHEMA)
    return _one_batch(pairs.filter(pa.compute.not_equal(pairs["a"], pairs["b"])))


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    arrays = [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)
