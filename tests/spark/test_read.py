"""Records that the workers read are those that the local engine reads, in the same order."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

from refsync.errors import ConfigError
from refsync.formats.json import jsonl
from refsync.formats.tables import parquet
from refsync.sources import read_sources
from refsync.spark import read as reading
from refsync.spark.encode import bytes_record
from refsync.spark.frames import SOURCES
from refsync.spark.read import read_on_workers
from tests.spark.libraries import papers


def test_files_and_tables_in_pieces(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library, a file that does not exist, one that is named twice, and a table that Spark divides."""
    records = papers(30)
    names = [str(tmp_path / name) for name in ("known.jsonl", "a table.parquet", "b.bib", "missing.bib")]
    Path(names[0]).write_bytes(jsonl.write(records[:8]))
    Path(names[1]).write_bytes(parquet.write(records[8:20]))
    Path(names[2]).write_text("@article{one, title={Moss}, crossref={two}}\n@book{two, title={Walls}, year={2031}}\n")
    monkeypatch.setattr(reading, "LARGE", 0)
    found = read_on_workers(spark, names[:1], [*names[1:], names[2]])
    rows = sorted(found.frame.collect(), key=lambda row: row["position"])
    got = [bytes_record(bytes(row["record"])) for row in rows]
    local = read_sources(names).records
    assert [(one.id, one.type, one.fields) for one in got] == [(one.id, one.type, one.fields) for one in local]
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


def test_what_workers_cannot_read(spark: Any) -> None:
    with pytest.raises(ConfigError, match="files and folders only"):
        read_on_workers(spark, (), ["-"])
