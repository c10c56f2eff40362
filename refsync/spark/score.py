"""Classifying candidate pairs on Spark: batches of pairs with the profiles of both sides, by the local code."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.dedup.classify_pairs import ClassifiedPair, classify_pairs
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.feature_columns import SharedValues
from refsync.dedup.pair_model import PairModel
from refsync.dedup.profile import Profile
from refsync.dedup.results import BINS
from refsync.dedup.settings import DedupSettings
from refsync.spark.encode import bytes_profile

CLASSIFIED = (
    "a binary, b binary, probability double, verdict string, vetoes array<string>, relation string, forward boolean, "
    "supported boolean, different array<bigint>"
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
        ("different", pa.list_(pa.int64())),
    ]
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What judges pairs: the same in every task."""

    model: PairModel
    settings: DedupSettings
    shared: SharedValues


def classified_pairs(pairs: DataFrame, nodes: DataFrame, judgement: Judgement) -> DataFrame:
    """The candidate pairs that are not plainly different, as `CLASSIFIED`."""
    sides = nodes.select("name", "profile")
    left = sides.select(F.col("name").alias("a"), F.col("profile").alias("left"))
    right = sides.select(F.col("name").alias("b"), F.col("profile").alias("right"))
    both = pairs.join(right, "b").join(left, "a").select("a", "b", "left", "right")
    return both.mapInArrow(partial(_classify, judgement=judgement), CLASSIFIED)


def _classify(batches: Iterator[pa.RecordBatch], judgement: Judgement) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        if not batch.num_rows:
            continue
        numbers: dict[bytes, int] = {}
        profiles: list[Profile] = []
        ends = []
        for side, profile in (("a", "left"), ("b", "right")):
            own = []
            for name, data in zip(batch[side].to_pylist(), batch[profile], strict=True):
                if (number := numbers.get(name)) is None:
                    number = numbers[name] = len(profiles)
                    profiles.append(bytes_profile(data.as_py()))
                own.append(number)
            ends.append(own)
        names = [*numbers]
        different = np.zeros(BINS, np.int64)
        comparer = PairComparer(profiles, judgement.shared)
        # which of two nodes comes first is theirs by name, as everywhere
        pairs = np.array(ends, np.int64).T
        found = classify_pairs(comparer, pairs, judgement.model, judgement.settings, different)
        rows = [classified_row(pair, names) for pair in found]
        yield pa.RecordBatch.from_pylist([*rows, {"different": different.tolist()}], _SCHEMA)


def classified_row(pair: ClassifiedPair, names: list[bytes]) -> dict[str, Any]:
    """A row of `CLASSIFIED`."""
    return {
        "a": names[pair.a],
        "b": names[pair.b],
        "probability": pair.probability,
        "verdict": pair.verdict,
        "vetoes": pair.vetoes,
        "relation": pair.relation,
        "forward": pair.forward,
        "supported": pair.supported,
    }


def row_classified(row: dict[str, Any], numbers: dict[bytes, int]) -> ClassifiedPair:
    """The classified pair of a row, by the numbers of its nodes."""
    return ClassifiedPair(
        a=numbers[row["a"]],
        b=numbers[row["b"]],
        probability=row["probability"],
        vetoes=tuple(row["vetoes"]),
        relation=row["relation"],
        forward=row["forward"],
        verdict=row["verdict"],
        supported=row["supported"],
    )
