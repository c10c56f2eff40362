"""People's answers about records that the workers hold: the records that answers name are few, and come to the driver.

There the local engine's code applies the answers, and its indices become positions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.classify.settings import AreaAnswer
from refsync.decisions import NO_REMEMBERED_ANSWERS, RememberedAnswers, choices_for_clusters
from refsync.decisions.answer_files import AnswerFiles
from refsync.decisions.lines import read_decisions
from refsync.dedup.merge import Choice
from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Cluster
from refsync.records import Problem, Record
from refsync.spark.encode import bytes_record, in_tasks

_NAMED = "position bigint, fingerprint string, record binary"


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers that apply.

    Attributes:
        about_pairs: by positions.
        about_areas: by positions.
        problems: contradictions among the answers, and files that are not read.
    """

    about_pairs: RememberedAnswers = NO_REMEMBERED_ANSWERS
    about_areas: Mapping[int, AreaAnswer] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def answers_about(records: DataFrame, files: AnswerFiles) -> Answers:
    """The answers about records with the columns of `nodes.RECORDS`.

    Raises:
        ConfigError: a configured file does not exist or is damaged.
    """
    areas, unread = files.about_areas()
    decisions = read_decisions(files.path)[0] if files.path else []
    choices = (choice.source for decision in decisions for _, choice in decision.fields)
    wanted = frozenset({*(name for one in decisions for name in (one.a, one.b)), *choices, *areas})
    rows = []
    if wanted:
        found = records.select("position", "record").transform(in_tasks, _named, _NAMED, wanted=wanted)
        rows = sorted(found.collect(), key=lambda row: row["position"])
    positions = [row["position"] for row in rows]
    about_pairs, problems = files.about_pairs([bytes_record(bytes(row["record"])) for row in rows])
    about_areas = {row["position"]: areas[row["fingerprint"]] for row in rows if row["fingerprint"] in areas}
    return Answers(at_positions(about_pairs, positions), about_areas, (*problems, *unread))


def _named(batches: Iterator[pa.RecordBatch], wanted: frozenset[str]) -> Iterator[pa.RecordBatch]:
    """The records whose fingerprints are wanted."""
    schema = pa.schema([("position", pa.int64()), ("fingerprint", pa.string()), ("record", pa.binary())])
    for batch in batches:
        rows = [
            {"position": position, "fingerprint": name, "record": data}
            for position, data in zip(batch["position"].to_pylist(), batch["record"].to_pylist(), strict=True)
            if (name := fingerprint(bytes_record(data))) in wanted
        ]
        yield pa.RecordBatch.from_pylist(rows, schema)


def at_positions(answers: RememberedAnswers, positions: Sequence[int]) -> RememberedAnswers:
    """Answers about the records numbered 0, 1, ..., as answers about their positions (which rise)."""

    def moved(pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple((positions[a], positions[b]) for a, b in pairs)

    fields = (
        replace(one, pair=moved([one.pair])[0], candidates=tuple(positions[i] for i in one.candidates))
        for one in answers.field_answers
    )
    return replace(
        answers,
        must_link=moved(answers.must_link),
        cannot_link=moved(answers.cannot_link),
        versions=moved(answers.versions),
        relations=tuple((positions[a], positions[b], kind) for a, b, kind in answers.relations),
        field_answers=tuple(fields),
    )


def field_choices(
    records: DataFrame, clusters: DataFrame, answers: RememberedAnswers
) -> tuple[Mapping[int, Mapping[str, Choice]], list[Problem]]:
    """The choices for fields of clusters (rows of `found.FOUND`), by their lowest positions, and contradictions."""
    if not answers.field_answers:
        return {}, []
    named = sorted({i for answer in answers.field_answers for i in answer.pair})
    rows = (
        clusters.where(F.arrays_overlap("members", F.array(*map(F.lit, named)).cast("array<bigint>")))
        .select("members")
        .collect()
    )
    members = sorted(i for row in rows for i in row["members"])
    held = records.where(F.col("position").isin(members)).select("position", "record").collect()
    by_position: dict[int, Record] = {row["position"]: bytes_record(bytes(row["record"])) for row in held}
    return choices_for_clusters([Cluster(tuple(row["members"]), 1.0, ()) for row in rows], by_position, answers)
