"""Problems of reading: all on the workers, on the driver a bounded number of them."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Literal

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.records import Problem, Record, repeated_ids
from refsync.spark.encode import bytes_record, bytes_text, in_tasks, text_bytes
from refsync.spark.frames import SOURCES

MOST_LISTED = 10_000
ABOUT = "position bigint, kind string, about binary"
"""Problems as JSON, ordered by `position`; the `kind` of those that are fatal is `fatal`."""

ABOUT_SCHEMA = pa.schema([("position", pa.int64()), ("kind", pa.string()), ("about", pa.binary())])
_IDS = "file bigint, id binary, position bigint, line bigint, source binary"
_IDS_SCHEMA = pa.schema(
    [
        ("file", pa.int64()),
        ("id", pa.binary()),
        ("position", pa.int64()),
        ("line", pa.int64()),
        ("source", pa.binary()),
    ]
)


def listed_problems(about: DataFrame) -> tuple[list[Problem], Counter[str]]:
    """The first problems, and one that counts the others; how many there are of each kind."""
    counts = Counter({row["kind"]: row["count"] for row in about.groupBy("kind").count().collect()})
    rows = about.orderBy("position", "about").limit(MOST_LISTED).collect()
    problems = [Problem(**json.loads(bytes_text(bytes(row["about"])))) for row in rows]
    rest = counts - Counter(row["kind"] for row in rows)
    if rest:
        kind: Literal["damage", "note"] = "damage" if rest["damage"] else "note"
        message = f"{rest.total():,} more problems are not listed"
        problems.append(Problem("", message, fatal=rest["fatal"] > 0, kind=kind))
    return problems, counts


def repeated_in(records: DataFrame, where: Column) -> DataFrame:
    """Problems of ids that some files have twice, as a reader reports them that has the whole file: `ABOUT`."""
    own = records.where(where).select("position", "record").transform(in_tasks, _ids, _IDS)
    first = own.groupBy("file", "id").agg(F.min(F.struct("position", "line")).alias("first"))
    return own.join(first, ["file", "id"]).where("position > first.position").transform(in_tasks, _repeated, ABOUT)


def _ids(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        records = map(bytes_record, batch["record"].to_pylist())
        rows = [
            (position >> SOURCES, text_bytes(one.id), position, one.line, text_bytes(one.source))
            for position, one in zip(batch["position"].to_pylist(), records, strict=True)
            if not one.id.startswith("#")
        ]
        yield pa.RecordBatch.from_pylist([dict(zip(_IDS_SCHEMA.names, row, strict=True)) for row in rows], _IDS_SCHEMA)


def _repeated(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        about = []
        for row in batch.to_pylist():
            source, name = bytes_text(row["source"]), bytes_text(row["id"])
            pair = [Record(source, 0, name, line=line) for line in (row["first"]["line"], row["line"])]
            problem = asdict(repeated_ids(pair)[0])
            behind = row["position"] + (1 << SOURCES - 1)  # all other problems of the file
            about.append({"position": behind, "kind": problem["kind"], "about": text_bytes(json.dumps(problem))})
        yield pa.RecordBatch.from_pylist(about, ABOUT_SCHEMA)
