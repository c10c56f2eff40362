"""Blocking on Spark: the keys and caps of `refsync.dedup.blocking`, over partitions sorted by key.

A block is a run of equal keys in a sorted partition, which is read piece by piece.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.dedup.blocking import MIXING, WINDOW, Keys, pairs_in_blocks, pairs_within, split_blocks, split_sorted
from refsync.dedup.blocking_keys import KINDS
from refsync.spark.encode import IN_MEMORY, KIND, OLD, Kept, in_tasks, joined_batches
from refsync.spark.nodes import Nodes

_BLOCKS = "a bigint, b bigint, code bigint, sure boolean"
_BLOCKS_SCHEMA = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("code", pa.int64()), ("sure", pa.bool_())])
_KEYS_SCHEMA = pa.schema([("code", pa.int64()), ("node", pa.int64())])
_NAMES_SCHEMA = _KEYS_SCHEMA.append(pa.field("name", pa.binary()))
_SECONDS_SCHEMA = _NAMES_SCHEMA.append(pa.field("seconds", pa.list_(pa.int64())))
HELD = 20_000
"""Rows of a common key that a task holds: they may have a hundred pairs each."""

_KIND_BITS = KIND.bit_length()
_LIMITS = np.array([limit for _, limit in KINDS], np.int64)


def blocks(nodes: Nodes, count: int) -> DataFrame:
    """The pairs in blocks up to the limit of their kind, and (`b` is null) the occurrences of keys above it.

    A pair is found once for each key in common; `sure` says whether this key is enough, where so many nodes are not of
    the library.
    """
    keys = nodes.keys.select(F.explode("keys").alias("code"), "node").repartition("code")
    # one column of numbers is sorted several times faster than two
    return keys.sortWithinPartitions("code").transform(in_tasks, block_pairs, _BLOCKS, count=count)


def refined_pairs(oversize: DataFrame, nodes: Nodes, keep: Kept, most: int = HELD) -> DataFrame:
    """The pairs of nodes whose first key is too common, by their second keys, and in windows where these are too.

    A row goes with all its second keys to where its first key belongs: one for each would be five times as many. Only
    where more nodes have a key than one task should hold, these are moved once more, by both keys.

    Args:
        oversize: the occurrences of keys above their limit.
        nodes: all nodes.
        keep: keeps what is used twice.
        most: the rows of a key that one task holds.
    """
    names = nodes.keys.select("node", "name", "seconds")
    keys = _with_names(oversize, names, "seconds").repartition("code").sortWithinPartitions("code")
    found = keep(keys.transform(in_tasks, refined_block_pairs, _BLOCKS, most=most))
    pairs, vast = found.where(F.col("b").isNotNull()), found.where(F.col("b").isNull())
    if not vast.count():
        return pairs
    # windows are over neighbours by name
    neighbours = _with_names(vast, names).repartition("code").sortWithinPartitions("code", "name")
    return pairs.union(neighbours.transform(in_tasks, window_pairs, _BLOCKS))


def _with_names(occurrences: DataFrame, nodes: DataFrame, *others: str) -> DataFrame:
    """Occurrences of keys, which have no `b`, with the names of their nodes."""
    common = occurrences.select("code", F.col("a").alias("node")).hint(IN_MEMORY)
    return nodes.join(common, "node").select("code", "node", "name", *others)


def candidates(pairs: DataFrame, nodes: Nodes) -> DataFrame:
    """The pairs that have enough keys in common, each once, partitioned by `b`; nodes of copies with themselves."""
    node = F.col("node")
    copies = nodes.keys.where("copies").select(node.alias("a"), node.alias("b"), F.lit(True).alias("sure"))
    both = pairs.select("a", "b", "sure").union(copies).repartition("b")
    counted = both.groupBy("a", "b").agg(F.max("sure").alias("sure"), F.count("*").alias("keys"))
    return counted.where("sure or keys > 1").select("a", "b")


def block_pairs(batches: Iterator[pa.RecordBatch], count: int) -> Iterator[pa.RecordBatch]:
    """Pairs of a partition sorted by key, and the occurrences of keys above the limit of their kind."""
    for table, vast in _runs(batches, _KEYS_SCHEMA, _limit):
        if vast:
            yield _beyond_limit(table)
            continue
        keys, old = _keys(table)
        small, big = split_sorted(keys, _LIMITS[keys.codes & KIND], old)
        for packed, sure in pairs_in_blocks(small, _LIMITS[small.codes & KIND], old, count):
            yield _pair_rows(table, packed, sure=sure)
        if len(big.owners):
            yield _beyond_limit(table.take(pa.array(big.owners)))


def refined_block_pairs(batches: Iterator[pa.RecordBatch], most: int) -> Iterator[pa.RecordBatch]:
    """Pairs of a partition of common keys, sorted by them, that agree in a second one too, or are neighbours there.

    Of keys that more than `most` rows have, the occurrences of both keys.
    """
    for table, vast in _runs(batches, _SECONDS_SCHEMA, lambda key: most):
        keys, old = _keys(table)
        lists = table["seconds"].chunk(0)
        owners = np.repeat(keys.owners, lists.value_lengths().to_numpy())
        codes = (keys.codes[owners] * MIXING) ^ lists.flatten().to_numpy()  # products are cut off, as in hashing
        kinds = keys.codes[owners] & KIND
        if vast:
            rows = table.take(pa.array(owners))
            yield _beyond_limit(rows.set_column(0, "code", pa.array((codes & ~KIND) | kinds)))
            continue
        for kind in np.unique(kinds).tolist():
            own = kinds == kind
            limit = int(_LIMITS[kind])
            small, big = split_blocks(Keys(owners[own], codes[own] >> _KIND_BITS), limit, old)
            yield _pair_rows(table, pairs_within(small, limit, old), sure=True)
            if len(big.owners):
                yield _pair_rows(table, pairs_within(_by_name(big, table), WINDOW, old), sure=False)


def window_pairs(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Pairs of a partition of refined keys, sorted by key and name: within their limit all, else neighbours."""
    before = _NAMES_SCHEMA.empty_table()
    for run, vast in _runs(batches, _NAMES_SCHEMA, _limit):
        if vast:
            table = pa.concat_tables([before, run]).combine_chunks()
            keys, old = _keys(table)
            neighbours = pairs_within(keys, WINDOW, old)
            # those of the rows before were found with them
            yield _pair_rows(table, neighbours[neighbours % table.num_rows >= before.num_rows], sure=False)
            before = table.slice(max(0, table.num_rows - WINDOW + 1))
            continue
        keys, old = _keys(run)
        small, big = split_sorted(keys, _LIMITS[keys.codes & KIND], old)
        yield _pair_rows(run, pairs_within(small, int(_LIMITS.max()), old), sure=True)
        yield _pair_rows(run, pairs_within(big, WINDOW, old), sure=False)


def _limit(key: int) -> int:
    return int(_LIMITS[key & KIND])


def _runs(
    batches: Iterator[pa.RecordBatch], schema: pa.Schema, most: Callable[[int], int]
) -> Iterator[tuple[pa.Table, bool]]:
    """The rows of a partition sorted by key, in tables of whole runs of keys.

    A run of more than `most` rows, if it goes beyond a batch, comes alone, in several tables that are marked. So a key
    that a million records have takes no more memory than one that two have.
    """
    kept = schema.empty_table()
    vast: int | None = None  # the key of the run that continues, if it is known to be one of too many rows
    for more in joined_batches(batches):
        table = pa.concat_tables([kept, more.cast(schema)]).combine_chunks()
        if not table.num_rows:
            continue
        starts = _starts(table)
        if vast is not None and table["code"][0].as_py() == vast:
            end = int(starts[1]) if len(starts) > 1 else table.num_rows
            yield table.slice(0, end), True
            table = table.slice(end)
            if not table.num_rows:
                kept = table
                continue
            starts = starts[1:] - end
        vast = None
        last = int(starts[-1])
        if last:
            yield table.slice(0, last), False
        kept = table.slice(last)
        key = kept["code"][0].as_py()
        if kept.num_rows > most(key):
            yield kept, True
            vast, kept = key, schema.empty_table()
    if kept.num_rows:
        yield kept, False


def _starts(table: pa.Table) -> np.ndarray:
    code = table["code"].to_numpy()
    return np.concatenate(([0], np.flatnonzero(code[1:] != code[:-1]) + 1))


def _keys(table: pa.Table) -> tuple[Keys, np.ndarray]:
    old = (table["node"].to_numpy() & OLD).astype(np.bool_)
    return Keys(np.arange(table.num_rows), table["code"].to_numpy()), old


def _by_name(keys: Keys, table: pa.Table) -> Keys:
    """The occurrences sorted by key, then by name."""
    rows = pa.table({"code": keys.codes, "name": table["name"].take(pa.array(keys.owners))})
    order = pa.compute.sort_indices(rows, [("code", "ascending"), ("name", "ascending")]).to_numpy()
    return Keys(keys.owners[order], keys.codes[order])


def _beyond_limit(table: pa.Table) -> pa.RecordBatch:
    rows = table.num_rows
    node, code = (pa.array(table[name].to_numpy()) for name in ("node", "code"))
    return pa.RecordBatch.from_arrays(
        [node, pa.nulls(rows, pa.int64()), code, pa.nulls(rows, pa.bool_())], schema=_BLOCKS_SCHEMA
    )


def _pair_rows(table: pa.Table, packed: np.ndarray, *, sure: bool) -> pa.RecordBatch:
    """Pairs of rows as pairs of nodes, in order; a node is no candidate for itself, though it may have a key twice."""
    nodes = table["node"].to_numpy()
    ends = np.sort(nodes[np.array(np.divmod(packed, max(len(nodes), 1)))], axis=0)
    a, b = ends[:, ends[0] != ends[1]]
    return pa.RecordBatch.from_arrays(
        [pa.array(a), pa.array(b), pa.nulls(len(a), pa.int64()), pa.repeat(pa.scalar(sure), len(a))],
        schema=_BLOCKS_SCHEMA,
    )
