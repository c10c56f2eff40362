"""Finding duplicates on Spark: the stages of `refsync.dedup.cluster`, over DataFrames."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.decisions import NO_REMEMBERED_ANSWERS, RememberedAnswers
from refsync.dedup.results import BINS, Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.planning.run_models import pair_model
from refsync.spark.blocks import HELD, blocks, candidates, refined_pairs
from refsync.spark.components import ON_DRIVER, components
from refsync.spark.encode import OLD, Kept
from refsync.spark.found import found_results
from refsync.spark.link import BUCKET, Linking, linked
from refsync.spark.nodes import Apart, Nodes, nodes_of, profiles_of
from refsync.spark.score import Judgement, classified_pairs
from refsync.spark.shared_values import shared_values

Report = Callable[[str, int, int], None]
_STAGES = 5


def silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to find.

    Attributes:
        settings: thresholds and what to do with versions.
        answers: people's answers, by the positions of records.
        known: the records at lower positions are a library that is not compared with itself.
        on_driver: the pairs up to which the driver finds the connected components.
        bucket: the nodes that are linked in one task.
        held: the rows of a common key that one task holds.
        report: called as the stages proceed.
    """

    settings: DedupSettings = field(default_factory=DedupSettings)
    answers: RememberedAnswers = NO_REMEMBERED_ANSWERS
    known: int = 0
    on_driver: int = ON_DRIVER
    bucket: int = BUCKET
    held: int = HELD
    report: Report = silent


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: rows of `found.FOUND`, kept on disk until `release`.

    Attributes:
        rows: clusters, versions, questions.
        different: counts of pairs plainly different, by probability.
        counts: figures of the stages: records, nodes, candidate pairs, keys above their limit, ...
    """

    rows: DataFrame
    different: np.ndarray
    counts: dict[str, int]

    def results(self, task: Task) -> Deduplication:
        """All results, on the driver."""
        return found_results(self.rows.toArrow(), self.different, task.answers)

    def release(self) -> None:
        """Free what was kept on disk."""
        self.rows.unpersist()


def find(records: DataFrame, task: Task) -> Found:
    """The duplicates among records with the columns of `nodes.RECORDS`; their positions are unique.

    Stages that are used twice are kept on disk. Rows are functions of the input alone, so those of an executor that
    was lost are computed again to the same values.
    """
    keep = Kept()
    answers = task.answers
    joined = (*answers.must_link, *answers.versions)
    named = frozenset(i for pair in (*joined, *answers.cannot_link) for i in pair)
    nodes = nodes_of(profiles_of(records, Apart(task.known, named, task.settings)), keep)
    of_library = F.count_if(F.col("node").bitwiseAND(F.lit(OLD)) > 0)
    number, known, copies = nodes.keys.agg(F.count("*"), of_library, F.count_if("copies")).collect()[0]
    counts = {"nodes": number}
    task.report("normalise", 1, _STAGES)
    judgement = Judgement(pair_model(answers), task.settings, shared_values(nodes))
    in_blocks = keep(blocks(nodes, number - known))
    oversize = in_blocks.where(F.col("b").isNull())
    counts["keys above their limit"] = oversize.select("code").distinct().count()
    pairs = in_blocks.where(F.col("b").isNotNull())
    if counts["keys above their limit"]:
        pairs = pairs.union(refined_pairs(oversize, nodes, keep, task.held))
    task.report("block", 2, _STAGES)
    classified = keep(classified_pairs(candidates(pairs, nodes), nodes, judgement))
    different = np.zeros(BINS, np.int64)
    for row in classified.where(F.col("a").isNull()).select("different").collect():  # one for each batch
        different += row["different"]
    in_blocks.unpersist()
    likely = classified.where("verdict != 'different'")
    number, between = likely.agg(F.count("*"), F.count_if(F.col("a") != F.col("b"))).collect()[0]
    counts["candidate pairs"] = int(different.sum()) + number
    task.report("score", 3, _STAGES)
    links = likely.where("a != b").select("a", "b")
    if joined:
        links = links.union(_named_links(nodes, joined))
    on_driver = between + len(joined) <= task.on_driver
    together = keep(components(links, on_driver=on_driver).repartition("node"))
    sizes = together.groupBy("component").count().agg(F.sum("count"), F.max("count")).collect()[0]
    counts["largest component"] = sizes[1] or 0
    counts["linked nodes"] = sizes[0] or 0
    buckets = max(1, -(-(counts["linked nodes"] + copies) // task.bucket))
    task.report("cluster", 4, _STAGES)
    found = linked(nodes, classified, together, buckets, Linking(judgement, answers)).persist(StorageLevel.DISK_ONLY)
    counts |= dict(found.where("kind != 'different'").groupBy("kind").count().collect())
    keep.release()
    task.report("cluster", _STAGES, _STAGES)
    return Found(found, different, counts)


def _named_links(nodes: Nodes, joined: tuple[tuple[int, int], ...]) -> DataFrame:
    """The links between the nodes of records that people joined or linked."""
    positions = [i for pair in joined for i in pair]
    members = nodes.whole.select("node", F.explode("members.position").alias("position"))
    node = dict(members.select("position", "node").where(F.col("position").isin(positions)).collect())
    return members.sparkSession.createDataFrame([(node[a], node[b]) for a, b in joined], "a bigint, b bigint")
