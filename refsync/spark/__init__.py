"""Deduplication, merging and tagging of DataFrames on Apache Spark: the local engine's rules; Spark moves the data.

    from refsync.spark import find_duplicates, merge, tag

    groups = find_duplicates(works)
    papers = merge(works, groups.where("kind = 'cluster'"))
    areas = tag(works)

A DataFrame of records has the columns `source` (text) and `index` (a whole number, unique in its source), and those of
our tables: `id`, `entrytype`, `title`, `author`, `year`, `doi`, ...
"""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.decisions.answer_files import AnswerFiles
from refsync.dedup.settings import DedupSettings, MergeSettings
from refsync.spark.answers import Answers, answers_about, field_choices
from refsync.spark.duplicates import Task, find
from refsync.spark.encode import bytes_record, bytes_text, in_tasks
from refsync.spark.frames import SOURCES, frame_of_table, source_names
from refsync.spark.merge_clusters import merged_papers

if TYPE_CHECKING:
    from refsync.classify.settings import AreaSettings
    from refsync.classify.tagger import Tagger

__all__ = ["find_duplicates", "merge", "tag"]

_MEMBER = "struct<source: string, index: bigint>"
_MEMBER_TYPE = pa.struct([("source", pa.string()), ("index", pa.int64())])
_PAPERS = (
    f"source string, index bigint, id string, entrytype string, fields map<string, string>, members array<{_MEMBER}>"
)
_PAPERS_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("index", pa.int64()),
        ("id", pa.string()),
        ("entrytype", pa.string()),
        ("fields", pa.map_(pa.string(), pa.string())),
        ("members", pa.list_(_MEMBER_TYPE)),
    ]
)


def find_duplicates(
    df: DataFrame,
    settings: DedupSettings | None = None,
    against: DataFrame | None = None,
    decisions: str | Path = "",
) -> DataFrame:
    """Which records are one paper, which are versions of one work, and which a person should judge.

    Args:
        df: the records.
        settings: the thresholds; None for the profile `balanced`.
        against: a library, whose records are not compared with each other; its sources have other names.
        decisions: a file of people's answers (`refsync-decisions.jsonl`), which this machine reads; empty for none.

    Returns:
        Rows of the kind `cluster`, `version` or `review`, with the `members`, each a `source` and an `index`, the
        `probability`, the `relation` of versions, and the `evidence`, in which `a` and `b` are places among members.

    Raises:
        ConfigError: a column is missing, a source is in both DataFrames, or there is no such file of answers.
    """
    library = source_names(against) if against is not None else []
    names = [*library, *source_names(df, taken=library)]
    records = frame_of_table(df, names)
    if against is not None:
        records = frame_of_table(against, names).union(records)
    settings = settings or DedupSettings()
    answers = _answers(records, AnswerFiles(decisions=str(decisions), calibration=settings.calibration))
    task = Task(settings=settings, known=len(library) << SOURCES, answers=answers.about_pairs)
    rows = find(records, task).rows.where("kind != 'different'")
    return rows.withColumn("evidence", F.expr(_PLACES)).withColumn("members", _members(F.col("members"), names))


def _answers(records: DataFrame, files: AnswerFiles) -> Answers:
    """The answers that apply; those that contradict each other or cannot be read are warned of."""
    answers = answers_about(records, files)
    for problem in answers.problems:
        warnings.warn(str(problem), stacklevel=3)
    return answers


_PLACES = """transform(evidence, e -> struct(
    cast(array_position(members, e.a) - 1 as int) as a, cast(array_position(members, e.b) - 1 as int) as b,
    e.probability as probability, e.fields as fields, e.vetoes as vetoes, e.score as score))"""


def _members(positions: Column, names: list[str]) -> Column:
    """Positions as sources and indices."""
    sources = F.array(*map(F.lit, names)) if names else F.array().cast("array<string>")
    return F.transform(
        positions,
        lambda at: F.struct(
            F.get(sources, F.shiftright(at, SOURCES).cast("int")).alias("source"),
            at.bitwiseAND(F.lit((1 << SOURCES) - 1)).alias("index"),
        ),
    )


def merge(
    df: DataFrame, clusters: DataFrame, settings: MergeSettings | None = None, decisions: str | Path = ""
) -> DataFrame:
    """One row for each paper: the records of each cluster merged, the others as they are.

    Args:
        df: the records.
        clusters: rows whose `members` are one paper, such as the clusters of `find_duplicates`; disjoint.
        settings: which values a merged record takes; None for the defaults.
        decisions: a file of people's answers; its choices for single fields are obeyed.

    Returns:
        `source`, `index`, `id`, `entrytype` and `fields` of the merged record, and its `members`.

    Raises:
        ConfigError: a column is missing, or there is no such file of answers.
    """
    names = source_names(df)
    numbers = F.create_map(*(F.lit(item) for i, name in enumerate(names) for item in (name, i)))
    one = F.shiftleft(numbers[F.col("member.source")].cast("bigint"), SOURCES) + F.col("member.index")
    keyed = clusters.select(F.xxhash64("members").alias("key"), F.explode("members").alias("member"))
    positions = keyed.groupBy("key").agg(F.sort_array(F.collect_list(one)).alias("members")).select("members")
    records = frame_of_table(df, names)
    answers = _answers(records, AnswerFiles(decisions=str(decisions)))
    choices, _ = field_choices(records, positions, answers.about_pairs)
    papers = merged_papers(records, positions, settings or MergeSettings(), choices=choices)
    return papers.transform(in_tasks, _papers, _PAPERS)


def _papers(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        rows = []
        for row in batch.to_pylist():
            record = bytes_record(row["record"])
            rows.append(
                {
                    "source": record.source,
                    "index": record.index,
                    "id": record.id,
                    "entrytype": record.type,
                    "fields": list(record.fields.items()),
                    "members": [
                        {"source": bytes_text(member["source"]), "index": member["index"]} for member in row["members"]
                    ],
                }
            )
        yield pa.RecordBatch.from_pylist(rows, _PAPERS_SCHEMA)


def tag(
    df: DataFrame,
    model: "Tagger | None" = None,
    settings: "AreaSettings | None" = None,
    decisions: str | Path = "",
) -> DataFrame:
    """The research areas of each record, as `refsync tag` has them.

    Args:
        df: the records.
        model: see `refsync.load_model`; None for the models of the package.
        settings: the decision rule; None for the defaults.
        decisions: a file of people's answers; those about areas are obeyed.

    Returns:
        `source`, `index`, `areas`, `primary`, `abstained`, `band`, `subfield` and `because`.

    Raises:
        ConfigError: a column is missing, or there is no such file of answers.
    """
    from refsync.classify.settings import AreaSettings
    from refsync.classify.tagger import load_tagger
    from refsync.spark.areas import tagged

    settings = settings or AreaSettings()
    names = source_names(df)
    records = frame_of_table(df, names)
    answers = _answers(records, AnswerFiles(decisions=str(decisions))).about_areas
    rows = tagged(records, model or load_tagger(settings), settings, answers)
    place = _members(F.array("position"), names)[0]
    return rows.select(place["source"].alias("source"), place["index"].alias("index"), *rows.columns[1:])
