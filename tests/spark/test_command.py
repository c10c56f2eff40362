"""`--engine spark` prints what the local engine prints."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.formats.json import jsonl
from tests.spark.libraries import papers


@pytest.mark.parametrize("command", ["dedupe", "tag"])
def test_the_same_document(spark: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    def printed(*arguments: str) -> Any:
        assert main([command, str(path), "--quiet", "--format", "json", *arguments]) == 0
        return json.loads(capsys.readouterr().out)

    spark.conf.set("spark.sql.shuffle.partitions", 2)
    path = tmp_path / "a.jsonl"
    path.write_bytes(jsonl.write(papers(20)))
    assert printed("--engine", "spark", "--master", "local[2]") == printed()
