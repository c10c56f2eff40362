"""Records that the workers read are those that the local engine reads, in the same order."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

from pyspark.sql import functions as F  # noqa: N812

from refsync.errors import ConfigError
from refsync.formats.json import jsonl
from refsync.formats.tables import parquet
from refsync.records import Record
from refsync.sources import read_sources
from refsync.spark import pieces, problems
from refsync.spark import read as reading
from refsync.spark.encode import bytes_record
from refsync.spark.frames import SOURCES
from refsync.spark.read import read_on_workers
from tests.spark.libraries import papers


def place_of(record: Record) -> tuple[str, int, str, str]:
    return record.source, record.index, record.id, record.type


def test_files_and_tables_in_pieces(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library, a file that does not exist, one named twice, and a table with a `source` that Spark divides."""
    records = [replace(one, fields={**one.fields, "source": "Shore"}) for one in papers(30)]
    names = [str(tmp_path / name) for name in ("known.jsonl", "a table.parquet", "b.bib", "missing.bib")]
    Path(names[0]).write_bytes(jsonl.write(records[:8]))
    Path(names[1]).write_bytes(parquet.write(records[8:20]))
    Path(names[2]).write_text("@article{one, title={Moss}, crossref={two}}\n@book{two, title={Walls}, year={2031}}\n")
    monkeypatch.setattr(reading, "LARGE", 500)
    found = read_on_workers(spark, names[:1], [*names[1:], names[2]])
    rows = sorted(found.frame.collect(), key=lambda row: row["position"])
    got = [bytes_record(bytes(row["record"])) for row in rows]
    local = read_sources(names).records
    assert [(*place_of(one), one.fields) for one in got] == [(*place_of(one), one.fields) for one in local]
    assert got[8].fields["source"] == "Shore"
    assert found.count == len(local) == 22
    assert found.known == 1 << SOURCES
    assert sum(row["position"] < found.known for row in rows) == 8
    assert [row["whole"] is not None for row in rows[-2:]] == [True, False]
    messages = [str(problem) for problem in found.problems]
    assert any("given twice" in text for text in messages)
    assert any(
        "missing.bib: no such file" in text and problem.fatal
        for text, problem in zip(messages, found.problems, strict=True)
    )


def test_files_in_pieces(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also ids that are repeated across pieces, and lines that are no records."""
    table = "".join(f'k{i % 50},"Moss\n on wall {i}",2031{",,x" * (i == 80)}\n' for i in range(120))
    names = [str(tmp_path / name) for name in ("a.csv", "b.jsonl")]
    Path(names[0]).write_text("id,title,year\n" + table)
    Path(names[1]).write_bytes(jsonl.write(papers(30)) + b'{"id": "cut')
    monkeypatch.setattr(reading, "LARGE", 1500)
    monkeypatch.setattr(pieces, "_HEAD", 1000)
    found = read_on_workers(spark, (), names)
    rows = sorted(found.frame.collect(), key=lambda row: row["position"])
    local = read_sources(names)
    assert [bytes_record(bytes(row["record"])) for row in rows] == [*local.records]
    assert sorted(found.problems, key=str) == sorted(local.problems, key=str)
    assert sum(problem.kind == "repeated-id" for problem in found.problems) == 70
    assert found.frame.select(F.spark_partition_id()).distinct().count() > 5
    assert found.reported == len(local.problems)
    monkeypatch.setattr(problems, "MOST_LISTED", 5)
    few = read_on_workers(spark, (), names)
    assert few.reported == found.reported
    assert len(few.problems) == 6
    assert str(few.problems[-1]) == f"{few.reported - 5} more problems are not listed"
    assert few.problems[-1].fatal


def test_macros_of_files_before(spark: Any, tmp_path: Path) -> None:
    """As BibTeX reads several databases: what none defines stays the name of a macro."""
    texts = [
        '@string{jm = "Journal of " # moss}\n@string{moss = "Moss"}\n',
        "@article{one, title={Walls}, journal=jm, note=unknown}\n@string{unknown={late}}\n",
        "@article{two, title={Tides}, journal=jm # unknown}\n@misc{three, title={Kelp}, journal=lost}\n",
    ]
    names = [str(tmp_path / f"{i}.bib") for i in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        Path(name).write_text(text)
    found = read_on_workers(spark, (), names)
    rows = sorted(found.frame.collect(), key=lambda row: row["position"])
    local = read_sources(names)
    got = [bytes_record(bytes(row["record"])) for row in rows]
    assert got == [*local.records]
    assert got[1].fields["journal"] == "Journal of mosslate"
    kinds = [[type(value) for value in one.fields.values()] for one in got]
    assert kinds == [[type(value) for value in one.fields.values()] for one in local.records]
    assert found.problems == local.problems


def test_what_workers_cannot_read(spark: Any) -> None:
    with pytest.raises(ConfigError, match="files and folders only"):
        read_on_workers(spark, (), ["-"])
