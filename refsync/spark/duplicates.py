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
from refsync.spark.blocks import blocks, candidates, refined_pairs
from refsync.spark.components import ON_DRIVER, components
from refsync.spark.encode import Kept
from refsync.spark.found import found_results
from refsync.spark.link import BUCKET, Linking, linked
from refsync.spark.nodes import Apart, nodes_of, profiles_of, shared_values
from refsync.spark.score import Judgement, classified_pairs

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
        report: called as the stages proceed.
    """

    settings: DedupSettings = field(default_factory=DedupSettings)
    answers: RememberedAnswers = NO_REMEMBERED_ANSWERS
    known: int = 0
    on_driver: int = ON_DRIVER
    bucket: int = BUCKET
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
    nodes = keep(nodes_of(profiles_of(records, Apart(task.known, named, task.settings))))
    of_several = F.count_if(F.size("members") > 1)
    number, known, copies = nodes.agg(F.count("*"), F.count_if("old"), of_several).collect()[0]
    counts = {"nodes": number}
    task.report("normalise", 1, _STAGES)
    judgement = Judgement(pair_model(answers), task.settings, shared_values(nodes))
    in_blocks = keep(blocks(nodes, number - known))
    oversize = in_blocks.where(F.col("b").isNull())
    counts["keys above their limit"] = oversize.select("code").distinct().count()
    pairs = in_blocks.where(F.col("b").isNotNull())
    if counts["keys above their limit"]:
        pairs = pairs.union(refined_pairs(oversize, nodes, keep))
    task.report("block", 2, _STAGES)
    classified = keep(classified_pairs(candidates(pairs), nodes, judgement))
    different = np.zeros(BINS, np.int64)
    for row in classified.where(F.col("a").isNull()).select("different").collect():  # one for each batch
        different += row["different"]
    in_blocks.unpersist()
    likely = classified.where("verdict != 'different'")
    counts["candidate pairs"] = int(different.sum()) + likely.count()
    task.report("score", 3, _STAGES)
    links = likely.where("a != b").select("a", "b")
    if joined:
        links = links.union(_named_links(nodes, joined))
    together = keep(components(links, task.on_driver).repartition("name"))
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


def _named_links(nodes: DataFrame, joined: tuple[tuple[int, int], ...]) -> DataFrame:
    """The links between the nodes of records that people joined or linked."""
    positions = [i for pair in joined for i in pair]
    members = nodes.select("name", F.explode("members.position").alias("position"))
    rows = members.where(F.col("position").isin(positions)).collect()
    name = {row["position"]: bytes(row["name"]) for row in rows}
    pairs = [(min(name[a], name[b]), max(name[a], name[b])) for a, b in joined]
    return nodes.sparkSession.createDataFrame(pairs, "a binary, b binary")
