"""Connected components of pairs: on the driver where they fit, else by stars in DataFrames.

Alternating large stars and small stars (Kiveris et al., "Connected components in MapReduce and beyond", SoCC
2014) connects every node with the first one of its component, in about as many rounds as the logarithm of the longest
path.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

ON_DRIVER = 10_000_000
"""Pairs up to which the driver connects them: it is sent 16 bytes for each, and is done before a round of Spark."""


def components(pairs: DataFrame, *, on_driver: bool) -> DataFrame:
    """Each `node` of the pairs `a`, `b`, with its `component`: the least code of a node in it."""
    return _on_driver(pairs) if on_driver else _by_stars(pairs)


def labels(count: int, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each of `count` nodes the least number in its component."""
    found = np.arange(count)
    while True:
        least = np.minimum(found[a], found[b])
        before = found.copy()
        for side in (found[a], found[b], a, b):  # the representatives first, so that trees are joined at their roots
            np.minimum.at(found, side, least)
        while not np.array_equal(shorter := found[found], found):
            found = shorter
        if np.array_equal(found, before):
            return found


def _on_driver(pairs: DataFrame) -> DataFrame:
    table = pairs.toArrow()
    codes, numbers = np.unique(np.concatenate([table["a"].to_numpy(), table["b"].to_numpy()]), return_inverse=True)
    least = labels(len(codes), *np.split(numbers, 2))
    return pairs.sparkSession.createDataFrame(pa.table({"node": codes, "component": codes[least]}))


def _by_stars(pairs: DataFrame) -> DataFrame:
    edges = _apart(pairs.select(F.greatest("a", "b").alias("a"), F.least("a", "b").alias("b")).distinct())
    state = _state(edges)
    while True:
        both = edges.union(edges.select("b", "a"))
        large = both.join(_least_neighbours(both), "a").where(F.col("b") > F.col("a"))
        large = _apart(large.select(F.col("b").alias("a"), F.col("least").alias("b")).distinct())
        small = large.join(large.groupBy("a").agg(F.min("b").alias("least")), "a")
        small = small.select(F.when(F.col("b") == F.col("least"), F.col("a")).otherwise(F.col("b")).alias("a"), "least")
        edges = _apart(small.select("a", F.col("least").alias("b")).where("a != b").distinct())
        after = _state(edges)
        if after == state:
            break
        state = after
    tops = edges.select(F.col("b").alias("node"), F.col("b").alias("component")).distinct()
    return edges.select(F.col("a").alias("node"), F.col("b").alias("component")).union(tops)


def _least_neighbours(both: DataFrame) -> DataFrame:
    found = both.groupBy("a").agg(F.min("b").alias("other"))
    return found.select("a", F.least("a", "other").alias("least"))


def _apart(frame: DataFrame) -> DataFrame:
    """The rows without what they were computed from: a plan that names each round several times grows beyond memory."""
    return frame.localCheckpoint(storageLevel=StorageLevel.DISK_ONLY)


def _state(edges: DataFrame) -> tuple[int, object]:
    """Shows whether a round changed nothing."""
    row = edges.agg(F.count("*"), F.sum(F.xxhash64("a", "b").cast("decimal(38,0)"))).collect()[0]
    return row[0], row[1]
