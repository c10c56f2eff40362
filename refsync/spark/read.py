"""Reading inputs on the workers: a file, or a piece of it, by our reader in one task; tables in Parquet by Spark.

Positions have the order of the inputs, and in one input the order in which the local engine reads its records. Every
worker must see the files under the names that the user gave.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir
from dataclasses import asdict, dataclass, replace
from functools import partial, reduce
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from refsync.check.ignore_comments import entries_not_merged
from refsync.dedup.inheritance import with_inherited
from refsync.errors import ConfigError
from refsync.formats.bibtex.macros import MacroExpression
from refsync.formats.common.decode import decode_file
from refsync.formats.common.pieces import Place
from refsync.records import Problem, Record
from refsync.sources import LARGE, STDIN, Reading, is_remote, read_again, read_sources, same_file
from refsync.spark.encode import bytes_text, in_tasks, text_bytes
from refsync.spark.frames import SOURCES, check_columns, frame_of_table
from refsync.spark.nodes import RECORDS, RECORDS_SCHEMA, record_batch
from refsync.spark.pieces import Piece, divide, measured, read_piece
from refsync.spark.problems import ABOUT_SCHEMA, listed_problems, repeated_in

_STEP = 5000  # records that are sent at a time
_HELD = 1_000_000_000  # bytes of a file that one task can be expected to read
_READ = f"{RECORDS}, kind string, about binary"
_READ_SCHEMA = pa.schema([*RECORDS_SCHEMA, *(ABOUT_SCHEMA.field(name) for name in ("kind", "about"))])
"""Records, and what else a file has, as JSON: problems, which have a `kind`, and `preamble`, the `macros` that it
defines and those that it needs, and `apart` at the position of a record."""

_PLACES = "number bigint, lines bigint, records bigint, spoilt bigint"
_TABLES = (".parquet", ".pq")
_PLACE = ("file of the row", "number of the row")  # a table may have columns `source` and `index` of its own


@dataclass(frozen=True, slots=True)
class Records:
    """What the workers read, kept on their disks.

    Attributes:
        frame: the records, as `RECORDS`.
        count: how many there are.
        known: those at lower positions are a library.
        problems: those of reading, in the order of the inputs; where there are very many, the last one counts the rest.
        reported: how many they are, without those about columns.
        preambles: LaTeX for a library's `@preamble`.
        apart: the records above which a comment says that they are not merged.
    """

    frame: DataFrame
    count: int
    known: int
    problems: tuple[Problem, ...]
    reported: int
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
    as_tables = {path: reader for path in names if (reader := _table_reader(spark, path, from_format))}
    here = os.getcwd()
    others = [path for path in names if path not in as_tables]
    pieces = divide(others, from_format, partial(_measured_by_tasks, spark, here), LARGE)
    files: list[_File] = []
    tables, position, of_library = [], 0, 0
    for path in names:
        if path in as_tables:
            frame, count = _table_records(as_tables[path](path), path, position)
            tables.append(frame)
            position += count
        else:
            files += (_File(position, piece) for piece in pieces[path])
            problems += _too_large(pieces[path])
            position += 1
        if path in library:
            of_library = position
    nothing = {"kind": F.lit(None).cast("string"), "about": F.lit(None).cast("binary")}
    parts = [frame.withColumns(nothing) for frame in tables]
    if files:
        parts.append(_read_by_tasks(spark, files, here, from_format))
    read = reduce(DataFrame.union, parts).persist(StorageLevel.DISK_ONLY)
    number, reported, more = _totals(read)
    found = _others(read) if more else []
    if later := _files_with_macros_of_others(files, found):
        again = _read_by_tasks(spark, later, here, from_format)
        numbers = [file.number for file in later]
        read = read.where(~_number().isin(numbers)).union(again).persist(StorageLevel.DISK_ONLY)
        number, reported, _ = _totals(read)
        found = _others(read)
    records = read.where("record is not null").drop("kind", "about")
    about = read.where("kind is not null").select("position", "kind", "about")
    if divided := sorted({file.number for file in files if file.piece.end}):
        about = about.union(repeated_in(records, _number().isin(divided)))
    listed, counts = listed_problems(about) if reported or divided else ([], Counter())
    return Records(
        frame=records,
        count=number,
        known=of_library << SOURCES,
        problems=(*problems, *listed),
        reported=len(problems) + sum(count for kind, count in counts.items() if kind != "columns"),
        preambles=tuple(dict.fromkeys(item["preamble"] for _, item in found if "preamble" in item)),
        apart=frozenset(position for position, item in found if "apart" in item),
    )


@dataclass(frozen=True, slots=True)
class _File:
    """A file or a piece of it that a task reads, the number of the file, and files before it whose macros it needs."""

    number: int
    piece: Piece
    macros_from: tuple[str, ...] = ()


def _number() -> Column:
    return F.shiftright("position", SOURCES)


def _too_large(pieces: Sequence[Piece]) -> list[Problem]:
    path = pieces[0].path
    if len(pieces) > 1 or not Path(path).is_file() or (size := Path(path).stat().st_size) <= _HELD:
        return []
    message = (
        f"{size / 1e9:,.1f} GB that cannot be divided are read by one task; if its memory does not suffice, split the "
        "file or convert it to Parquet"
    )
    return [Problem(path, message, kind="note")]


def _measured_by_tasks(spark: SparkSession, here: str, pieces: Sequence[Piece]) -> list[Place | None]:
    found = {}
    if pieces:
        rows = spark.range(0, len(pieces), 1, len(pieces))
        for row in rows.transform(in_tasks, _measure, _PLACES, pieces=pieces, here=here).collect():
            found[row["number"]] = Place(row["lines"], row["records"], row["spoilt"])
    return [found.get(number) for number in range(len(pieces))]


def _measure(batches: Iterator[pa.RecordBatch], pieces: Sequence[Piece], here: str) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for number in batch["id"].to_pylist():
            with chdir(here):
                place = measured(pieces[number])
            if place:
                row = {"number": number, "lines": place.lines, "records": place.records, "spoilt": place.spoilt}
                yield pa.RecordBatch.from_pylist([row])


def _totals(read: DataFrame) -> tuple[int, int, int]:
    """How many records, problems and other things files have, by one pass that also reads the files."""
    problems = F.count("kind")
    records, reported, others = read.agg(F.count("record"), problems, F.count("about") - problems).collect()[0]
    return records, reported, others


def _others(read: DataFrame) -> list[tuple[int, dict[str, Any]]]:
    """What files have besides records and problems."""
    rows = read.where("about is not null and kind is null").select("position", "about").collect()
    return [(row["position"], json.loads(bytes_text(bytes(row["about"])))) for row in sorted(rows)]


def _files_with_macros_of_others(files: Sequence[_File], found: Sequence[tuple[int, dict[str, Any]]]) -> list[_File]:
    """The files with macros that only files before them define."""
    macros = [(position >> SOURCES, *item["macros"]) for position, item in found if "macros" in item]
    path_of = {file.number: file.piece.path for file in files}
    later = []
    for number, _, needed in macros:
        before = [path_of[other] for other, defined, _ in macros if other < number and {*defined} & {*needed}]
        if before:
            later.append(_File(number, Piece(path_of[number]), tuple(before)))
    return later


def _table_reader(spark: SparkSession, path: str, from_format: str) -> Callable[[str], DataFrame] | None:
    """How Spark reads an input in pieces, if it can."""
    folder = Path(path)
    if folder.is_dir():
        if (folder / "_delta_log").is_dir():
            return lambda name: spark.read.format("delta").load(name)
        return lambda name: spark.read.option("mergeSchema", "true").parquet(name)
    large = folder.is_file() and folder.stat().st_size > LARGE and folder.suffix.lower() in _TABLES
    return spark.read.parquet if large and from_format in ("", "parquet") else None


def _table_records(table: DataFrame, path: str, first: int) -> tuple[DataFrame, int]:
    """The records of a table, whose files are numbered from `first` on, and how many files it has."""
    check_columns(table.columns)
    one = Path(path).is_file()
    source = F.lit(path) if one else F.regexp_replace("_metadata.file_path", "^file:/+", "/")
    placed = table.select(source.alias(_PLACE[0]), (F.col("_metadata.row_index") + 1).alias(_PLACE[1]), "*")
    names = [path] if one else sorted(row[0] for row in placed.select(_PLACE[0]).distinct().collect())
    return frame_of_table(placed, names, first, _PLACE), len(names)


def _read_by_tasks(spark: SparkSession, files: Sequence[_File], here: str, from_format: str) -> DataFrame:
    """The content of files, each of which is read by a task of its own: `_READ`."""
    rows = spark.range(0, len(files), 1, len(files))
    return rows.transform(in_tasks, _read_files, _READ, files=files, here=here, from_format=from_format)


def _read_files(
    batches: Iterator[pa.RecordBatch], files: Sequence[_File], here: str, from_format: str
) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for file in map(files.__getitem__, batch["id"].to_pylist()):
            first = file.number << SOURCES
            with chdir(here):  # names are relative to where the user is, not the worker
                if file.piece.end:
                    snapshot, _ = read_piece(file.piece)
                    yield from _record_rows(snapshot.records, first + file.piece.place.records)
                    problems = [one for one in snapshot.problems if one.kind != "repeated-id"]
                    yield _about_rows(problems, [], first + file.piece.start)
                    continue
                reading = _read_after(file.macros_from, file.piece.path, from_format)
                others = [*_besides_records(reading, first)]
            yield from _record_rows(reading.records, first)
            yield _about_rows(reading.problems, others, first)


def _read_after(earlier: Sequence[str], path: str, from_format: str) -> Reading:
    """The content of a file, with the macros of files before it."""
    reading = read_sources([*earlier, path], from_format)
    if not earlier:
        return reading
    return replace(
        reading,
        snapshots=tuple(one for one in reading.snapshots if _is_in(one.source, path)),
        problems=tuple(one for one in reading.problems if _is_in(one.source, path)),
    )


def _is_in(source: str, path: str) -> bool:
    """Whether a source is a file, or in it, which is an archive then."""
    return f"{source}/".startswith(f"{path}/")


def _record_rows(records: Sequence[Record], first: int) -> Iterator[pa.RecordBatch]:
    """The records of a file, which may be an archive of several, or of a piece of a file."""
    whole = with_inherited(records)
    for start in range(0, len(records), _STEP):
        rows = zip(records[start : start + _STEP], whole[start : start + _STEP], strict=True)
        batch = record_batch((first + i, *row) for i, row in enumerate(rows, start + 1))
        nothing = [pa.nulls(len(batch), _READ_SCHEMA.field(name).type) for name in ("kind", "about")]
        yield pa.RecordBatch.from_arrays([*batch.columns, *nothing], schema=_READ_SCHEMA)


def _about_rows(problems: Sequence[Problem], others: Sequence[tuple[int, Any]], first: int) -> pa.RecordBatch:
    about: list[tuple[int, str | None, dict[str, Any]]]
    about = [(first + i, "fatal" if one.fatal else one.kind, asdict(one)) for i, one in enumerate(problems)]
    about += ((position, None, item) for position, item in others)
    names = ("position", "kind", "about")
    listed = [
        dict(zip(names, (at, kind, text_bytes(json.dumps(item, ensure_ascii=False))), strict=True))
        for at, kind, item in about
    ]
    return pa.RecordBatch.from_pylist(listed, _READ_SCHEMA)


def _besides_records(reading: Reading, first: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """What a file has besides records and problems, by position."""
    yield from ((first + i, {"preamble": text}) for i, text in enumerate(reading.preambles))
    yield from ((first + i, {"apart": True}) for i in _apart(reading))
    defined = {name for snapshot in reading.snapshots for name in snapshot.macros}
    values = (value for record in reading.records for value in record.fields.values())
    needed = {name.lower() for value in values if isinstance(value, MacroExpression) for name in value.names}
    if defined or needed:
        yield first, {"macros": (sorted(defined), sorted(needed))}


def _apart(reading: Reading) -> Iterator[int]:
    """The numbers, from 1, of the records above which a comment says that they are not merged."""
    start = 0
    for snapshot in reading.snapshots:
        if snapshot.format == "bibtex" and b"refsync" in (data := read_again(reading, snapshot.source)).lower():
            own = {record.index: i for i, record in enumerate(snapshot.records, start + 1)}
            text = decode_file(data, snapshot.source).exact
            yield from (own[index] for index in entries_not_merged(text) if index in own)
        start += len(snapshot.records)
