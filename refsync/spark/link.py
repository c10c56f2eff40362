"""From classified pairs to clusters, versions and questions: the local engine's code on whole connected components.

Components of the pairs that are not different are independent of each other (`link_classified`). A bucket holds some of
them, small ones together, so that the code that links a library links many at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.decisions import RememberedAnswers
from refsync.dedup.cluster import PairClassifier, constraints_of, link_classified
from refsync.dedup.comparison_vectors import PairComparer
from refsync.dedup.identical_records import Nodes
from refsync.dedup.packed_profiles import PackedProfiles
from refsync.memory import no_collection
from refsync.planning.run_models import with_answers
from refsync.spark.encode import IN_MEMORY
from refsync.spark.found import FOUND, found_table
from refsync.spark.score import Judgement, row_classified

BUCKET = 20_000
"""Nodes of a bucket, unless one component has more: about 50 MB in a worker."""

_STEP = 20_000  # classified pairs that are read at a time


@dataclass(frozen=True, slots=True)
class Linking:
    """What links nodes: how pairs are judged, and people's answers by the positions of records."""

    judgement: Judgement
    answers: RememberedAnswers


def linked(nodes: DataFrame, classified: DataFrame, components: DataFrame, buckets: int, linking: Linking) -> DataFrame:
    """Clusters, versions and questions, as `FOUND`.

    Args:
        nodes: all nodes.
        classified: the classified pairs.
        components: the component of each node that has a link.
        buckets: into how many parts the components are divided.
        linking: how.
    """
    bucket = F.pmod(F.xxhash64("component"), F.lit(buckets)).cast("int").alias("bucket")
    inside = (
        nodes.join(components.hint(IN_MEMORY), "name", "left")
        .where(F.col("component").isNotNull() | (F.size("members") > 1))
        .withColumn("component", F.coalesce("component", F.xxhash64("name")))
        .select(bucket, "name", "profile", "members.position", "old", "excluded", "component")
    )
    left = components.select(F.col("name").alias("a"), "component")
    pairs = (
        classified.where(F.col("a").isNotNull())
        .join(left.hint(IN_MEMORY), "a", "left")
        .where("component is not null or a = b")  # else they are different, and alone
        .withColumn("component", F.coalesce("component", F.xxhash64("a")))
        .select(bucket, *classified.drop("different").columns)
    )
    return (
        inside.groupBy("bucket").cogroup(pairs.groupBy("bucket")).applyInArrow(partial(_link, linking=linking), FOUND)
    )


def _link(nodes: pa.Table, pairs: pa.Table, linking: Linking) -> pa.Table:
    with no_collection():
        return _bucket(nodes, pairs, linking)


def _bucket(nodes: pa.Table, pairs: pa.Table, linking: Linking) -> pa.Table:
    """The results of one bucket."""
    nodes = nodes.sort_by("name")
    names: list[bytes] = nodes["name"].to_pylist()
    numbers = {name: i for i, name in enumerate(names)}
    rows: list[list[int]] = nodes["position"].to_pylist()
    positions = sorted(chain.from_iterable(rows))
    place = {position: i for i, position in enumerate(positions)}
    of = [0] * len(positions)
    members = [tuple(place[position] for position in own) for own in rows]
    for node, own in enumerate(members):
        for i in own:
            of[i] = node
    old, excluded = (np.flatnonzero(nodes[name].to_numpy()).tolist() for name in ("old", "excluded"))
    component: list[int] = nodes["component"].to_pylist()
    profiles = _packed(nodes["profile"])
    whole = Nodes(
        profiles=profiles,
        members=members,
        of=of,
        library=frozenset(old),
        excluded=frozenset(excluded),
    )
    judgement = linking.judgement
    comparer = PairComparer(profiles, judgement.shared)
    classify = PairClassifier(comparer, judgement.model, judgement.settings, excluded=whole.excluded)
    for row in chain.from_iterable(batch.to_pylist() for batch in pairs.to_batches(_STEP)):
        # a pair across two components is different
        if row["b"] in numbers and component[numbers[row["a"]]] == component[numbers[row["b"]]]:
            pair = row_classified(row, numbers)
            classify.classified[pair.a, pair.b] = pair
    answers = _local(linking.answers, place)
    separate = (*answers.cannot_link, *answers.versions)
    found = link_classified(whole, constraints_of(len(positions), answers.must_link, separate), classify)
    return found_table(with_answers(found, answers), positions)


def _packed(column: pa.ChunkedArray) -> PackedProfiles:
    """Profiles that are restored where they are compared: a component of a million has few such pairs at a time."""
    found = PackedProfiles()
    for chunk in filter(len, column.cast(pa.large_binary()).chunks):
        _, offsets, data = chunk.buffers()
        ends = np.frombuffer(offsets, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
        found.add(data[int(ends[0]) : int(ends[-1])].to_pybytes(), np.diff(ends))
    return found


def _local(answers: RememberedAnswers, place: dict[int, int]) -> RememberedAnswers:
    """The answers about records of this bucket, by their numbers in it."""

    def inside(pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple((place[a], place[b]) for a, b in pairs if a in place and b in place)

    relations = tuple((place[a], place[b], kind) for a, b, kind in answers.relations if a in place and b in place)
    return RememberedAnswers(
        must_link=inside(answers.must_link),
        cannot_link=inside(answers.cannot_link),
        versions=inside(answers.versions),
        relations=relations,
    )
