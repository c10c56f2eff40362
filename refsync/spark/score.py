"""Classifying candidate pairs on Spark: batches of pairs with the profiles of both sides, by the local code."""

import marshal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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
from refsync.spark.encode import IN_MEMORY, in_tasks, joined_batches
from refsync.spark.nodes import Nodes

CLASSIFIED = (
    "a bigint, b bigint, probability double, verdict string, vetoes array<string>, relation string, forward boolean, "
    "supported boolean, score double, evidence binary, different array<bigint>"
)
"""Classified pairs of nodes, the first by name first; rows without nodes count pairs that are plainly different, by
probability."""

_SCHEMA = pa.schema(
    [
        ("a", pa.int64()),
        ("b", pa.int64()),
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
_SIDES = {end: {"node": end, "name": f"name_{end}", "profile": f"profile_{end}"} for end in "ab"}
"""The columns of a node on each side of a pair."""

_JUDGED = _SCHEMA.names[2:-2]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What judges pairs: the same in every task."""

    model: PairModel
    settings: DedupSettings
    shared: SharedValues


def classified_pairs(pairs: DataFrame, nodes: Nodes, judgement: Judgement) -> DataFrame:
    """The candidate pairs that are not plainly different, as `CLASSIFIED`.

    Args:
        pairs: `a`, `b`, partitioned by `b` as the nodes are: no profile is moved to its first pair.
        nodes: all nodes; those that are excluded are compared with none.
        judgement: what judges.
    """
    sides = nodes.whole.where("not excluded")
    left, right = (sides.select(*(F.col(name).alias(to) for name, to in _SIDES[end].items())) for end in "ab")
    # what is built into a table in memory is bounded: the pairs of a node are, and so are the nodes of a partition
    half = right.join(pairs.hint(IN_MEMORY), "b")
    both = half.join(left.hint(IN_MEMORY), "a").select(*_SIDES["a"].values(), *_SIDES["b"].values())
    return both.transform(in_tasks, _classify, CLASSIFIED, judgement=judgement)


def _classify(batches: Iterator[pa.RecordBatch], judgement: Judgement) -> Iterator[pa.RecordBatch]:
    for batch in joined_batches(batches):
        if batch.num_rows:
            with no_collection():
                found = _classified(batch, judgement)
            yield from found


def _classified(batch: pa.Table, judgement: Judgement) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """The classified pairs of a batch, and the counts of those that are plainly different."""
    numbers: dict[int, int] = {}
    profiles: list[Profile] = []
    ends = []
    for names in _SIDES.values():
        own = []
        code, _, profile = names.values()
        for node, data in zip(batch[code].to_pylist(), batch[profile], strict=True):
            if (number := numbers.get(node)) is None:
                number = numbers[node] = len(profiles)
                profiles.append(unpack(data.as_py()))
            own.append(number)
        ends.append(own)
    different = np.zeros(BINS, np.int64)
    comparer = PairComparer(profiles, judgement.shared)
    # which of two nodes comes first is theirs by name, as everywhere
    forward = pa.compute.less_equal(batch["name_a"], batch["name_b"]).to_numpy()
    pairs = np.where(forward, ends, ends[::-1]).T
    found = [*classify_pairs(comparer, pairs, judgement.model, judgement.settings, different, evidence=True)]
    codes = pa.array(numbers, pa.int64())
    columns = [
        codes.take(pa.array([pair.a for pair in found], pa.int64())),
        codes.take(pa.array([pair.b for pair in found], pa.int64())),
        *(pa.array([getattr(pair, name) for pair in found], _SCHEMA.field(name).type) for name in _JUDGED),
        pa.array(map(_evidence_bytes, found), pa.binary()),
        pa.nulls(len(found), pa.list_(pa.int64())),
    ]
    counts = pa.RecordBatch.from_pylist([{"different": different.tolist()}], _SCHEMA)
    return pa.RecordBatch.from_arrays(columns, schema=_SCHEMA), counts


def _evidence_bytes(pair: ClassifiedPair) -> bytes | None:
    return None if pair.evidence is None else marshal.dumps([*map(evidence_values, pair.evidence)])


def row_classified(row: dict[str, Any], a: int, b: int) -> ClassifiedPair:
    """The classified pair of a row, whose nodes have these numbers."""
    evidence = row["evidence"]
    return ClassifiedPair(
        a=a,
        b=b,
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
