"""Reading inputs on the workers: a file by our reader in one task, tables in Parquet in pieces by Spark.

Positions have the order of the inputs, and in one input the order in which the local engine reads its records. Every
worker must see the files under the names that the user gave.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir
from dataclasses import asdict, dataclass
from functools import partial, reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from refsync.check.ignore_comments import entries_not_merged
from refsync.dedup.inheritance import with_inherited
from refsync.errors import ConfigError
from refsync.formats.common.decode import decode_file
from refsync.records import Problem
from refsync.sources import LARGE, STDIN, Reading, is_remote, read_again, read_sources, same_file
from refsync.spark.encode import bytes_text, text_bytes
from refsync.spark.frames import SOURCES, frame_of_table, source_names
from refsync.spark.nodes import RECORDS, RECORDS_SCHEMA, record_row

_STEP = 5000  # records that are sent at a time
_READ = f"{RECORDS}, about binary"
_READ_SCHEMA = pa.schema([*RECORDS_SCHEMA, ("about", pa.binary())])
"""Records, and what else a file has, as JSON: `problem`, `preamble`, or `apart` at the position of a record."""

_TABLES = (".parquet", ".pq")


@dataclass(frozen=True, slots=True)
class Records:
    """What the workers read, kept on their disks.

    Attributes:
        frame: the records, as `RECORDS`.
        count: how many there are.
        known: those at lower positions are a library.
        problems: those of reading, in the order of the inputs.
        preambles: LaTeX for a library's `@preamble`.
        apart: the records above which a comment says that they are not merged.
    """

    frame: DataFrame
    count: int
    known: int
    problems: tuple[Problem, ...]
    preambles: tuple[str, ...] = ()
    apart: frozenset[int] = frozenset()


def read_on_workers(
    spark: SparkSession, library: Sequence[str], inputs: Sequence[str], from_format: str = ""
) -> Records:
    """The records of files and folders, after those of a library.

    Args:
        spark: the session.
        library: the files of a library whose records are not compared with each other.
        inputs: files, and folders of Parquet files or of a Delta table.
        from_format: the format of the files; empty to detect it.

    Raises:
        ConfigError: an input is no file or folder that all workers could see, or a table lacks columns.
    """
    names: list[str] = []
    problems: list[Problem] = []
    for path in (*library, *inputs):
        if path == STDIN or is_remote(path):
            raise ConfigError(f"{path}: workers read files and folders only", hint="write it to a file first")
        if earlier := next((name for name in names if same_file(name, path)), ""):
            problems.append(Problem(path, f"given twice (as {earlier}); read once", kind="note"))
        else:
            names.append(path)
    files, tables, position, of_library = [], [], 0, 0
    for path in names:
        if as_table := _table_reader(spark, path, from_format):
            frame, count = _table_records(as_table(path), position)
            tables.append(frame)
            position += count
        else:
            files.append((position, path))
            position += 1
        if path in library:
            of_library = position
    parts = [frame.withColumn("about", F.lit(None).cast("binary")) for frame in tables]
    if files:
        rows = spark.createDataFrame(files, "number bigint, path string").repartition(len(files), "number")
        parts.append(rows.mapInArrow(partial(_read_files, here=os.getcwd(), from_format=from_format), _READ))
    read = reduce(DataFrame.union, parts).persist(StorageLevel.DISK_ONLY)
    found = read.where("about is not null").select("position", "about").collect()
    about = [(row["position"], json.loads(bytes_text(bytes(row["about"])))) for row in sorted(found)]
    records = read.where("record is not null").drop("about")
    return Records(
        frame=records,
        count=records.count(),
        known=of_library << SOURCES,
        problems=(*problems, *(Problem(**item["problem"]) for _, item in about if "problem" in item)),
        preambles=tuple(dict.fromkeys(item["preamble"] for _, item in about if "preamble" in item)),
        apart=frozenset(position for position, item in about if "apart" in item),
    )


def _table_reader(spark: SparkSession, path: str, from_format: str) -> Callable[[str], DataFrame] | None:
    """How Spark reads an input in pieces, if it can."""
    folder = Path(path)
    if folder.is_dir():
        if (folder / "_delta_log").is_dir():
            return lambda name: spark.read.format("delta").load(name)
        return lambda name: spark.read.option("mergeSchema", "true").parquet(name)
    large = folder.is_file() and folder.stat().st_size > LARGE and folder.suffix.lower() in _TABLES
    return spark.read.parquet if large and from_format in ("", "parquet") else None


def _table_records(table: DataFrame, first: int) -> tuple[DataFrame, int]:
    """The records of a table, whose files are numbered from `first` on, and how many files it has."""
    path = F.regexp_replace("_metadata.file_path", "^file:/+", "/")
    numbered = table.select(path.alias("source"), (F.col("_metadata.row_index") + 1).alias("index"), "*")
    if clashing := sorted({"source", "index"} & {*table.columns}):
        raise ConfigError(f"the table has a column `{clashing[0]}` of its own", hint="rename it")
    names = source_names(numbered)
    return frame_of_table(numbered, names, first), len(names)


def _read_files(batches: Iterator[pa.RecordBatch], here: str, from_format: str) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for number, path in zip(batch["number"].to_pylist(), batch["path"].to_pylist(), strict=True):
            with chdir(here):  # names are relative to where the user is, not the worker
                reading = read_sources([path], from_format)
                apart = [*_apart(reading)]
            yield from _rows(reading, apart, number << SOURCES)


def _rows(reading: Reading, apart: Sequence[int], first: int) -> Iterator[pa.RecordBatch]:
    """The records and the problems of one input, which may be an archive of several files."""
    records = reading.records
    whole = with_inherited(records)
    for start in range(0, len(records), _STEP):
        rows = zip(records[start : start + _STEP], whole[start : start + _STEP], strict=True)
        listed = [record_row(first + i, *row) for i, row in enumerate(rows, start + 1)]
        yield pa.RecordBatch.from_pylist(listed, _READ_SCHEMA)
    about: list[tuple[int, dict[str, Any]]]
    about = [(first + i, {"problem": asdict(problem)}) for i, problem in enumerate(reading.problems)]
    about += [(first + i, {"preamble": text}) for i, text in enumerate(reading.preambles)]
    about += [(first + i, {"apart": True}) for i in apart]
    listed = [{"position": at, "about": text_bytes(json.dumps(item, ensure_ascii=False))} for at, item in about]
    yield pa.RecordBatch.from_pylist(listed, _READ_SCHEMA)


def _apart(reading: Reading) -> Iterator[int]:
    """The numbers, from 1, of the records above which a comment says that they are not merged."""
    start = 0
    for snapshot in reading.snapshots:
        if snapshot.format == "bibtex" and b"refsync" in (data := read_again(reading, snapshot.source)).lower():
            own = {record.index: i for i, record in enumerate(snapshot.records, start + 1)}
            text = decode_file(data, snapshot.source).exact
            yield from (own[index] for index in entries_not_merged(text) if index in own)
        start += len(snapshot.records)
