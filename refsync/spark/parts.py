"""A library in parts, each written by the worker that has its papers: the papers, and the ledger of their records.

A part is a file under a temporary name, renamed when it is whole; so a task that is repeated leaves no second one.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pyarrow import parquet
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from refsync.formats.registry import format_named
from refsync.formats.tables.columns import RECORD_COLUMNS
from refsync.formats.tables.table_write import table_rows
from refsync.planning.export import export
from refsync.planning.settings import ExportSettings
from refsync.records import Problem, Record
from refsync.spark.encode import bytes_record, bytes_text, in_tasks

PartFormat = Literal["parquet", "jsonl", "bib"]
_NAMES = {"parquet": "parquet", "jsonl": "jsonl", "bib": "bibtex"}
_PLACE = pa.struct([("source", pa.string()), ("index", pa.int64())])
_LEDGER = pa.schema(
    [
        ("source", pa.string()),
        ("index", pa.int64()),
        ("id", pa.string()),
        ("line", pa.int64()),
        ("title", pa.string()),
        ("key", pa.string()),
        ("became", pa.string()),
        ("into", _PLACE),
        ("differing", pa.string()),
        ("message", pa.string()),
    ]
)
"""As the lines of a run's ledger (`schemas.ledger`); `differing` is JSON."""

_WRITTEN = "part int, papers bigint, duplicates bigint, present bigint"
_LINKED = pa.struct([("source", pa.string()), ("index", pa.int64()), ("key", pa.string())])
_LINKS = pa.schema(
    [
        ("kind", pa.string()),
        ("probability", pa.float64()),
        ("relation", pa.string()),
        ("vetoes", pa.list_(pa.string())),
        ("members", pa.list_(_LINKED)),
    ]
)


@dataclass(frozen=True, slots=True)
class PartWriter:
    """Where and how parts are written.

    Attributes:
        folder: a folder that all workers see.
        form: the format of the papers.
        export: the dialect of BibTeX.
        preambles: LaTeX for each part in BibTeX.
        known: the records at lower positions are a library's, and have no line in the ledger.
        columns: those of all parts in Parquet.
    """

    folder: str
    form: PartFormat
    export: ExportSettings
    preambles: tuple[str, ...] = ()
    known: int = 0
    columns: tuple[str, ...] = ()


def write_papers(papers: DataFrame, writer: PartWriter) -> dict[str, int]:
    """Write papers with keys (`papers.keyed_papers`), without those that the library has, and the ledger.

    Returns:
        How many `parts` with `papers` there are, and how many records are `duplicates`, or `present` in the library.
    """
    if writer.form == "parquet":
        found = (
            papers.where("not old").select("record").transform(in_tasks, _columns, "name string").distinct().collect()
        )
        names = {row["name"] for row in found} - {*RECORD_COLUMNS}
        writer = replace(writer, columns=(*RECORD_COLUMNS, *sorted(names)))
    rows = papers.transform(in_tasks, _write_papers, _WRITTEN, writer=writer).collect()
    sums = {name: sum(row[name] for row in rows) for name in ("papers", "duplicates", "present")}
    return {"parts": sum(row["papers"] > 0 for row in rows), **sums}


def _columns(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    names: dict[str, None] = {}
    for batch in batches:
        names |= dict.fromkeys(next(table_rows([bytes_record(data) for data in batch["record"].to_pylist()])))
    yield pa.RecordBatch.from_arrays([pa.array([*map(_valid, names)], pa.string())], names=["name"])


def _write_papers(batches: Iterator[pa.RecordBatch], writer: PartWriter) -> Iterator[pa.RecordBatch]:
    papers: list[Record] = []
    lines: list[dict[str, Any]] = []
    for batch in batches:
        columns = (batch[name].to_pylist() for name in ("old", "key", "record", "members"))
        for old, key, data, members in zip(*columns, strict=True):
            record = replace(bytes_record(data), id=bytes_text(key))
            if not old:
                papers.append(record)
            lines += [_line(member, record, old) for member in members if member["position"] >= writer.known]
    if not papers and not lines:
        return
    part = _part_number()
    if papers:
        _write_part(writer.folder, "papers", part, writer.form, _exported(papers, writer))
    if lines:
        _write_table(writer.folder, "ledger", part, pa.Table.from_pylist(lines, _LEDGER))
    became = [line["became"] for line in lines]
    counts = {"papers": len(papers), "duplicates": became.count("merged"), "present": became.count("present")}
    schema = pa.schema([("part", pa.int32()), *((name, pa.int64()) for name in counts)])
    yield pa.RecordBatch.from_pylist([{"part": part, **counts}], schema)


def _exported(papers: Sequence[Record], writer: PartWriter) -> bytes:
    if writer.form != "parquet":
        return export(papers, format_named(_NAMES[writer.form]), replace(writer.export, sort="none"), writer.preambles)
    names, *rows = table_rows(papers)
    place = {_valid(name): i for i, name in enumerate(names)}
    columns = [
        pa.array([_valid(row[place[name]]) or None for row in rows], pa.string())
        if name in place
        else pa.nulls(len(rows), pa.string())
        for name in writer.columns
    ]
    return _table_bytes(pa.Table.from_arrays(columns, names=[*writer.columns]))


def _line(member: dict[str, Any], paper: Record, old: bool) -> dict[str, Any]:
    """A line of the ledger."""
    became = "present" if old else "kept" if member["kept"] else "merged"
    into = None if became == "kept" else {"source": _valid(paper.source), "index": paper.index}
    texts = {name: _valid(bytes_text(member[name])) for name in ("source", "id", "title")}
    differing = None if member["differing"] is None else _valid(bytes_text(member["differing"]))
    return {
        **texts,
        "index": member["index"],
        "line": member["line"],
        "key": _valid(paper.id),
        "became": became,
        "into": into,
        "differing": differing,
    }


def write_problems(folder: str, problems: Sequence[Problem]) -> None:
    """Write the lines of the ledger about what could not be read."""
    lines = [
        {"source": _valid(one.source), "line": one.line, "message": _valid(one.message), "became": "reported"}
        for one in problems
    ]
    if lines:
        _write_part(folder, "ledger", -1, "parquet", _table_bytes(pa.Table.from_pylist(lines, _LEDGER)))


def write_links(links: DataFrame, papers: DataFrame, folder: str) -> None:
    """Write versions and questions (rows of `found.FOUND`), with the keys of their papers."""
    member = papers.select("key", F.explode("members").alias("member"))
    places = member.select(F.col("member.position").alias("position"), "member.source", "member.index", "key")
    vetoes = F.coalesce(F.get("evidence", F.lit(0))["vetoes"], F.array().cast("array<string>")).alias("vetoes")
    each = links.select("kind", "members", "probability", "relation", vetoes, F.posexplode("members"))
    place = F.struct("pos", "source", "index", "key")
    (
        each.withColumnRenamed("col", "position")
        .join(places, "position")
        .groupBy("kind", "members", "probability", "relation", "vetoes")
        .agg(F.sort_array(F.collect_list(place)).alias("places"))
        .transform(in_tasks, _write_links, "part int", folder=folder)
        .collect()
    )


def _write_links(batches: Iterator[pa.RecordBatch], folder: str) -> Iterator[pa.RecordBatch]:
    rows = []
    for batch in batches:
        for row in batch.to_pylist():
            members = [
                {
                    "source": _valid(bytes_text(one["source"])),
                    "index": one["index"],
                    "key": _valid(bytes_text(one["key"])),
                }
                for one in row["places"]
            ]
            rows.append(
                {**{name: row[name] for name in ("kind", "probability", "relation", "vetoes")}, "members": members}
            )
    if rows:
        part = _part_number()
        _write_table(folder, "links", part, pa.Table.from_pylist(rows, _LINKS))
        yield pa.RecordBatch.from_pylist([{"part": part}], pa.schema([("part", pa.int32())]))


def _part_number() -> int:
    context = TaskContext.get()
    if context is None:
        raise RuntimeError("parts are written by tasks")
    return int(context.partitionId())


def _write_table(folder: str, kind: str, part: int, table: pa.Table) -> None:
    _write_part(folder, kind, part, "parquet", _table_bytes(table))


def _table_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def _write_part(folder: str, kind: str, part: int, suffix: str, data: bytes) -> None:
    name = f"part-{part:05d}.{suffix}" if part >= 0 else f"problems.{suffix}"
    target = Path(folder, kind, name)
    target.parent.mkdir(exist_ok=True)
    temporary = target.with_name(f".{name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)


def write_counts(folder: str, counts: dict[str, Any]) -> None:
    """Write `counts.json`, and at last the empty file that says that all parts are there."""
    for name, data in (("counts.json", json.dumps(counts, indent=1) + "\n"), ("_SUCCESS", "")):
        with Path(folder, name).open("w", encoding="utf-8") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def _valid(text: str) -> str:
    """The text without lone surrogates, which Parquet cannot hold."""
    return text.encode("utf-8", "replace").decode()
