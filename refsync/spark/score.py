"""Classifying candidate pairs on Spark: batches of pairs with the profiles of both sides, by the local code."""

import marshal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.dedup.classify_pairs import ClassifiedPair, classify_pairs
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.feature_columns import SharedValues
from refsync.dedup.packed_profiles import unpack
from refsync.dedup.pair_model import PairModel, evidence_values, field_evidence
from refsync.dedup.profile import Profile
from refsync.dedup.results import BINS
from refsync.dedup.settings import DedupSettings
from refsync.memory import no_collection
from refsync.spark.encode import IN_MEMORY, joined_batches

CLASSIFIED = (
    "a binary, b binary, probability double, verdict string, vetoes array<string>, relation string, forward boolean, "
    "supported boolean, score double, evidence binary, different array<bigint>"
)
"""Classified pairs; rows without names count pairs that are plainly different, by probability."""

_SCHEMA = pa.schema(
    [
        ("a", pa.binary()),
        ("b", pa.binary()),
        ("probability", pa.float64()),
        ("verdict", pa.string()),
        ("vetoes", pa.list_(pa.string())),
        ("relation", pa.string()),
        ("forward", pa.bool_()),
        ("supported", pa.bool_()),
        ("score", pa.float64()),
        ("evidence", pa.binary()),
        ("different", pa.list_(pa.int64())),
    ]
)
_JUDGED = _SCHEMA.names[2:-2]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What judges pairs: the same in every task."""

    model: PairModel
    settings: DedupSettings
    shared: SharedValues


def classified_pairs(pairs: DataFrame, nodes: DataFrame, judgement: Judgement) -> DataFrame:
    """The candidate pairs that are not plainly different, as `CLASSIFIED`; also the copies in a node with themselves.

    Args:
        pairs: `a`, `b`, partitioned by `b` as the nodes are by their names: no profile is moved to its first pair.
        nodes: all nodes; those that are excluded are compared with none.
        judgement: what judges.
    """
    sides = nodes.where("not excluded")
    left = sides.select(F.col("name").alias("a"), F.col("profile").alias("left"))
    right = sides.select(F.col("name").alias("b"), F.col("profile").alias("right"))
    # what is built into a table in memory is bounded: the pairs of a node are, and so are the nodes of a partition
    half = right.join(pairs.hint(IN_MEMORY), "b")
    both = half.join(left.hint(IN_MEMORY), "a").select("a", "b", "left", "right")
    name, profile = F.col("name"), F.col("profile")
    copies = sides.where(F.size("members") > 1).select(
        name.alias("a"), name.alias("b"), profile.alias("left"), profile.alias("right")
    )
    judge = partial(_classify, judgement=judgement)
    return both.mapInArrow(judge, CLASSIFIED).union(copies.mapInArrow(judge, CLASSIFIED))


def _classify(batches: Iterator[pa.RecordBatch], judgement: Judgement) -> Iterator[pa.RecordBatch]:
    for batch in joined_batches(batches):
        if batch.num_rows:
            with no_collection():
                found = _classified(batch, judgement)
            yield from found


def _classified(batch: pa.Table, judgement: Judgement) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """The classified pairs of a batch, and the counts of those that are plainly different."""
    numbers: dict[bytes, int] = {}
    profiles: list[Profile] = []
    ends = []
    for side, profile in (("a", "left"), ("b", "right")):
        own = []
        for name, data in zip(batch[side].to_pylist(), batch[profile], strict=True):
            if (number := numbers.get(name)) is None:
                number = numbers[name] = len(profiles)
                profiles.append(unpack(data.as_py()))
            own.append(number)
        ends.append(own)
    different = np.zeros(BINS, np.int64)
    comparer = PairComparer(profiles, judgement.shared)
    # which of two nodes comes first is theirs by name, as everywhere
    pairs = np.array(ends, np.int64).T
    found = [*classify_pairs(comparer, pairs, judgement.model, judgement.settings, different, evidence=True)]
    names = pa.array(numbers, pa.binary())
    columns = [
        names.take(pa.array([pair.a for pair in found], pa.int64())),
        names.take(pa.array([pair.b for pair in found], pa.int64())),
        *(pa.array([getattr(pair, name) for pair in found], _SCHEMA.field(name).type) for name in _JUDGED),
        pa.array(map(_evidence_bytes, found), pa.binary()),
        pa.nulls(len(found), pa.list_(pa.int64())),
    ]
    counts = pa.RecordBatch.from_pylist([{"different": different.tolist()}], _SCHEMA)
    return pa.RecordBatch.from_arrays(columns, schema=_SCHEMA), counts


def _evidence_bytes(pair: ClassifiedPair) -> bytes | None:
    return None if pair.evidence is None else marshal.dumps([*map(evidence_values, pair.evidence)])


def row_classified(row: dict[str, Any], numbers: dict[bytes, int]) -> ClassifiedPair:
    """The classified pair of a row, by the numbers of its nodes."""
    evidence = row["evidence"]
    return ClassifiedPair(
        a=numbers[row["a"]],
        b=numbers[row["b"]],
        probability=row["probability"],
        vetoes=_one_object(tuple(row["vetoes"])),
        relation=_one_object(row["relation"]),
        forward=row["forward"],
        verdict=_one_object(row["verdict"]),
        supported=row["supported"],
        evidence=None if evidence is None else tuple([field_evidence(*item) for item in marshal.loads(evidence)]),
        score=row["score"],
    )


@cache
def _one_object(value: Any) -> Any:
    """The value, as one object for all that are equal: of a million pairs few have another verdict or other vetoes."""
    return value
