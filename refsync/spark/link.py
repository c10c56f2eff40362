"""From classified pairs to clusters, versions and questions: the local engine's code on whole connected components.

Components of the pairs that are not different are independent of each other (`link_classified`). A bucket holds some of
them, small ones together, so that the code that links a library links many at once.
"""

from collections import Counter
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
from refsync.dedup.identical_records import Nodes as LocalNodes
from refsync.dedup.packed_profiles import PackedProfiles
from refsync.memory import no_collection
from refsync.planning.run_models import with_answers
from refsync.spark.encode import IN_MEMORY, OLD
from refsync.spark.found import FOUND, found_table
from refsync.spark.nodes import Nodes
from refsync.spark.score import Judgement, row_classified

BUCKET = 20_000
"""Nodes of a bucket, unless one component has more: about 50 MB in a worker."""

_STEP = 20_000  # classified pairs that are read at a time


@dataclass(frozen=True, slots=True)
class Linking:
    """What links nodes: how pairs are judged, and people's answers by the positions of records."""

    judgement: Judgement
    answers: RememberedAnswers


def linked(nodes: Nodes, classified: DataFrame, components: DataFrame, buckets: int, linking: Linking) -> DataFrame:
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
        nodes.whole.join(components.hint(IN_MEMORY), "node", "left")
        .where(F.col("component").isNotNull() | (F.size("members") > 1))
        .withColumn("component", F.coalesce("component", "node"))
        .select(bucket, "node", "name", "profile", "members.position", "excluded", "component")
    )
    left = components.select(F.col("node").alias("a"), "component")
    pairs = (
        classified.where(F.col("a").isNotNull())
        .join(left.hint(IN_MEMORY), "a", "left")
        .where("component is not null or a = b")  # else they are different, and alone
        .withColumn("component", F.coalesce("component", "a"))
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
    codes: list[int] = nodes["node"].to_pylist()
    times = Counter(codes)
    numbers = {code: i for i, code in enumerate(codes) if times[code] == 1}
    rows: list[list[int]] = nodes["position"].to_pylist()
    positions = sorted(chain.from_iterable(rows))
    place = {position: i for i, position in enumerate(positions)}
    of = [0] * len(positions)
    members = [tuple(place[position] for position in own) for own in rows]
    for node, own in enumerate(members):
        for i in own:
            of[i] = node
    excluded = np.flatnonzero(nodes["excluded"].to_numpy()).tolist()
    component: list[int] = nodes["component"].to_pylist()
    profiles = _packed(nodes["profile"])
    whole = LocalNodes(
        profiles=profiles,
        members=members,
        of=of,
        library=frozenset(i for i, code in enumerate(codes) if code & OLD),
        excluded=frozenset(excluded),
    )
    judgement = linking.judgement
    comparer = PairComparer(profiles, judgement.shared)
    classify = PairClassifier(comparer, judgement.model, judgement.settings, excluded=whole.excluded)
    for row in chain.from_iterable(batch.to_pylist() for batch in pairs.to_batches(_STEP)):
        a, b = numbers.get(row["a"]), numbers.get(row["b"])
        if a is not None and b is not None and component[a] == component[b]:  # others are different
            pair = row_classified(row, a, b)
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
