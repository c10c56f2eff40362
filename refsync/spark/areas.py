"""Tagging on Spark: the local models, sent to the workers, on batches of papers."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame

from refsync.classify.model import Area, Tagging
from refsync.classify.paper import Paper, as_paper
from refsync.classify.settings import NO_ANSWER, AreaAnswer, AreaSettings
from refsync.classify.tagger import Papers, Tagger
from refsync.planning.run_models import paper_of, tag_papers
from refsync.spark.encode import bytes_record, bytes_text, in_tasks, text_bytes
from refsync.spark.session import explained, session

TAGS = "position bigint, areas array<struct<area: string, probability: double, applied: boolean, level: string>>, " \
    "primary string, abstained boolean, band string, subfield string, because array<string>"  # fmt: skip
_AREA = pa.struct(
    [("area", pa.string()), ("probability", pa.float64()), ("applied", pa.bool_()), ("level", pa.string())]
)
_TAGS_SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        ("areas", pa.list_(_AREA)),
        ("primary", pa.string()),
        ("abstained", pa.bool_()),
        ("band", pa.string()),
        ("subfield", pa.string()),
        ("because", pa.list_(pa.string())),
    ]
)
_PAPERS_SCHEMA = pa.schema([("position", pa.int64()), ("paper", pa.binary())])


def tagged(
    records: DataFrame, model: Tagger, settings: AreaSettings, answers: Mapping[int, AreaAnswer] = MappingProxyType({})
) -> DataFrame:
    """The areas of each record, by its position; `answers` are people's, by positions."""
    columns = records.select("position", "record")
    return columns.transform(in_tasks, _tag_records, TAGS, model=model, settings=settings, answers={**answers})


def _tag_records(
    batches: Iterator[pa.RecordBatch], model: Tagger, settings: AreaSettings, answers: Mapping[int, AreaAnswer]
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        papers = [paper_of(bytes_record(data)) for data in batch["record"].to_pylist()]
        own = [answers.get(position, NO_ANSWER) for position in batch["position"].to_pylist()] if answers else ()
        yield _tag_rows(batch["position"], tag_papers(model, papers, settings, answers=own))


def _tag_papers(batches: Iterator[pa.RecordBatch], model: Tagger, settings: AreaSettings) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        papers = [_paper(data) for data in batch["paper"].to_pylist()]
        yield _tag_rows(batch["position"], model.tag(papers, settings))


def _tag_rows(positions: pa.Array, taggings: Sequence[Tagging]) -> pa.RecordBatch:
    rows = [
        {"position": position, **asdict(tagging)}
        for position, tagging in zip(positions.to_pylist(), taggings, strict=True)
    ]
    return pa.RecordBatch.from_pylist(rows, _TAGS_SCHEMA)


@dataclass(frozen=True, slots=True)
class SparkTagger:
    """A tagger whose papers are tagged on Spark; all else is the model's own."""

    model: Tagger
    master: str

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def classes(self) -> tuple[str, ...]:
        return self.model.classes

    @property
    def notes(self) -> Mapping[str, Any]:
        return self.model.notes

    @property
    def best_accuracy(self) -> float:
        return self.model.best_accuracy

    def tag(
        self, papers: Papers, settings: AreaSettings, progress: Callable[[int], None] | None = None
    ) -> list[Tagging]:
        """The areas of papers, in their order; see `Tagger.tag`."""
        whole: list[Paper] = [as_paper(papers[i]) for i in range(len(papers))]
        texts = (text_bytes(json.dumps(paper._asdict(), ensure_ascii=False)) for paper in whole)
        rows = [{"position": i, "paper": text} for i, text in enumerate(texts)]
        with session(self.master, len(rows)) as spark, explained():
            frame = spark.createDataFrame(pa.Table.from_pylist(rows, _PAPERS_SCHEMA))
            found = frame.transform(in_tasks, _tag_papers, TAGS, model=self.model, settings=settings).toArrow()
        taggings = [_tagging(row) for row in found.sort_by("position").to_pylist()]
        if progress:
            progress(len(taggings))
        return taggings


def _paper(data: bytes) -> Paper:
    values = json.loads(bytes_text(data))
    return Paper(**{**values, "categories": tuple(values["categories"])})


def _tagging(row: dict[str, Any]) -> Tagging:
    return Tagging(
        areas=tuple(Area(**area) for area in row["areas"]),
        primary=row["primary"],
        abstained=row["abstained"],
        because=tuple(row["because"]),
        band=row["band"],
        subfield=row["subfield"],
    )
