"""Papers ready to be written: merged, tagged, each with a key that no other has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.window import Window

from refsync.classify.settings import NO_ANSWER, AreaAnswer
from refsync.formats.bibtex.write import SOURCE_FIELD
from refsync.planning.citation_keys import assign_keys, content_digest
from refsync.planning.plan import area_prefix, written_areas
from refsync.planning.run_models import paper_of, tag_papers, united_answer
from refsync.planning.settings import PlanSettings
from refsync.records import Record
from refsync.spark.encode import IN_MEMORY, Kept, bytes_record, bytes_text, in_tasks, record_bytes, text_bytes
from refsync.spark.merge_clusters import MERGED
from refsync.text.lists import join_words, split_words

if TYPE_CHECKING:
    from refsync.classify.model import Tagging
    from refsync.classify.tagger import Tagger

_MEMBERS = MERGED[MERGED.index("members") :]
_FINISHED = (
    f"paper bigint, old boolean, own boolean, wanted binary, folded binary, digest string, record binary, {_MEMBERS}"
)
_DIGITS = 8  # of a content's hash, behind a key that another paper has


@dataclass(frozen=True, slots=True)
class Finish:
    """What is done to a merged paper before it is written.

    Attributes:
        config: the settings of tagging and writing.
        model: the area model; None for no areas.
        answers: people's answers about areas, by positions of records.
    """

    config: PlanSettings
    model: "Tagger | None" = None
    answers: Mapping[int, AreaAnswer] = field(default_factory=dict)


def finished_papers(merged: DataFrame, finish: Finish) -> DataFrame:
    """Papers (`merge.MERGED`) with areas, provenance and the key that each wants: `_FINISHED`."""
    return merged.transform(in_tasks, _finish, _FINISHED, finish=finish)


def _finish(batches: Iterator[pa.RecordBatch], finish: Finish) -> Iterator[pa.RecordBatch]:
    config = finish.config
    prefix = area_prefix(finish.model, config)
    for batch in batches:
        records = [bytes_record(data) for data in batch["record"].to_pylist()]
        members: list[list[dict[str, Any]]] = batch["members"].to_pylist()
        old: list[bool] = batch["old"].to_pylist()
        taggings = _taggings(records, members, finish)
        rows: dict[str, list[Any]] = {"own": [], "wanted": [], "folded": [], "digest": [], "record": []}
        for record, tagging, own, known in zip(records, taggings, members, old, strict=True):
            named = not record.id.startswith("#")
            key = record.id if known else assign_keys([record], [named], template=config.export.keys)[0]
            rows["own"].append(named and key == record.id)
            rows["wanted"].append(text_bytes(key))
            rows["folded"].append(text_bytes(key.casefold()))
            rows["digest"].append(content_digest(record))
            areas = written_areas(record, tagging, prefix, config)
            rows["record"].append(record_bytes(_with_fields(record, areas, own, config)))
        columns = {
            **{name: batch[name] for name in ("paper", "old", "members")},
            "own": pa.array(rows["own"], pa.bool_()),
            "wanted": pa.array(rows["wanted"], pa.binary()),
            "folded": pa.array(rows["folded"], pa.binary()),
            "digest": pa.array(rows["digest"], pa.string()),
            "record": pa.array(rows["record"], pa.binary()),
        }
        names = ("paper", "old", "own", "wanted", "folded", "digest", "record", "members")
        yield pa.RecordBatch.from_arrays([columns[name] for name in names], names=[*names])


def _taggings(
    records: list[Record], members: list[list[dict[str, Any]]], finish: Finish
) -> "list[Tagging] | list[None]":
    if not finish.model or not records:
        return [None] * len(records)
    answers = []
    if finish.answers:
        answers = [united_answer([finish.answers.get(one["position"], NO_ANSWER) for one in own]) for own in members]
    return tag_papers(finish.model, [paper_of(record) for record in records], finish.config.areas, answers=answers)


def _with_fields(record: Record, areas: list[str], members: list[dict[str, Any]], config: PlanSettings) -> Record:
    fields = dict(record.fields)
    if areas:
        name = config.areas.field
        fields[name] = join_words([*split_words(fields.get(name, "")), *areas])
    if config.export.provenance:
        fields[SOURCE_FIELD] = "; ".join(sorted({bytes_text(place) for one in members for place in one["places"]}))
    return replace(record, fields=fields)


def keyed_papers(finished: DataFrame, keep: Kept) -> DataFrame:
    """The papers with a `key` that no other has, even if case is ignored (as BibTeX does).

    A key stays with the library's paper, else with one whose user gave it; of several, and of keys made from content,
    with the paper whose content has the first hash. The others' keys get that hash. So keys do not depend on the order
    of the input, as those of the local engine do not; but these have letters for hashes.

    Args:
        finished: the papers.
        keep: keeps what is used more than once.
    """
    keys = finished.select("paper", "old", "own", "digest", F.col("wanted").alias("key"), "folded", F.lit(0).alias("n"))
    # a key with a hash may be that of another paper, too: a library that was written so may be read again
    while (renamed := keep(_renamed(keys))).count():
        same = keys.join(renamed.select("paper").hint(IN_MEMORY), "paper", "left_anti")
        keys = same.union(renamed)
    other = keys.where("n > 0").select("paper", F.col("key").alias("other"))
    papers = finished.join(other.hint(IN_MEMORY), "paper", "left")
    return papers.withColumn("key", F.coalesce("other", "wanted")).drop("other")


def _renamed(keys: DataFrame) -> DataFrame:
    """The rows whose key has to give way to another, with a hash behind it."""
    first = Window.partitionBy("folded").orderBy(F.col("old").desc(), "n", F.col("own").desc(), "digest", "paper")
    alike = Window.partitionBy("folded", "digest").orderBy("paper")
    copy = F.when(F.col("copy") > 1, F.concat(F.lit("-"), F.col("copy").cast("string"))).otherwise(F.lit(""))
    suffix = F.concat(F.lit("-"), F.substring("digest", 1, _DIGITS), copy).cast("binary")
    return (
        keys.join(keys.groupBy("folded").count().where(F.col("count") > 1).hint(IN_MEMORY), "folded")
        .withColumn("rank", F.row_number().over(first))
        .withColumn("copy", F.row_number().over(alike))
        .where("rank > 1 and not old")
        .withColumns({"key": F.concat("key", suffix), "folded": F.concat("folded", suffix), "n": F.col("n") + 1})
        .select(*keys.columns)
    )
