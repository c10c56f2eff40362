"""Connected components of pairs: on the driver where they fit, else by stars in DataFrames.

Alternating large stars and small stars (Kiveris et al., "Connected components in MapReduce and beyond", SoCC 2014)
connects every node with the first one of its component, in about as many rounds as the logarithm of the longest path.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

ON_DRIVER = 3_000_000
"""Pairs up to which the driver connects them: 100 MB, and less time than one round of Spark."""


def components(pairs: DataFrame, on_driver: int = ON_DRIVER) -> DataFrame:
    """The `name` of each node of the pairs `a`, `b`, with its `component`: the first name in it."""
    if pairs.count() <= on_driver:
        return _on_driver(pairs)
    return _by_stars(pairs)


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
    table = pairs.select("a", "b").toArrow()
    both = pa.chunked_array([*table["a"].cast(pa.binary()).chunks, *table["b"].cast(pa.binary()).chunks], pa.binary())
    names = both.unique().sort() if len(both) else pa.array([], pa.binary())
    numbers = pa.compute.index_in(both, names).to_numpy().astype(np.int64)
    half = len(numbers) // 2
    least = labels(len(names), numbers[:half], numbers[half:])
    result = pa.table({"name": names, "component": names.take(pa.array(least))})
    return pairs.sparkSession.createDataFrame(result)


def _by_stars(pairs: DataFrame) -> DataFrame:
    edges = _kept(pairs.select(F.greatest("a", "b").alias("a"), F.least("a", "b").alias("b")).distinct())
    state = _state(edges)
    while True:
        both = edges.union(edges.select("b", "a"))
        large = both.join(_least_neighbours(both), "a").where(F.col("b") > F.col("a"))
        large = large.select(F.col("b").alias("a"), F.col("least").alias("b")).distinct()
        small = large.join(large.groupBy("a").agg(F.min("b").alias("least")), "a")
        small = small.select(F.when(F.col("b") == F.col("least"), F.col("a")).otherwise(F.col("b")).alias("a"), "least")
        new = _kept(small.select("a", F.col("least").alias("b")).where("a != b").distinct())
        after = _state(new)
        edges.unpersist()
        edges = new
        if after == state:
            break
        state = after
    tops = edges.select(F.col("b").alias("name"), F.col("b").alias("component")).distinct()
    return edges.select(F.col("a").alias("name"), F.col("b").alias("component")).union(tops)


def _least_neighbours(both: DataFrame) -> DataFrame:
    found = both.groupBy("a").agg(F.min("b").alias("other"))
    return found.select("a", F.least("a", "other").alias("least"))


def _kept(frame: DataFrame) -> DataFrame:
    return frame.persist(StorageLevel.DISK_ONLY)


def _state(edges: DataFrame) -> tuple[int, object]:
    """Shows whether a round changed nothing."""
    row = edges.agg(F.count("*"), F.sum(F.xxhash64("a", "b").cast("decimal(38,0)"))).collect()[0]
    return row[0], row[1]
