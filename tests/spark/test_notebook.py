"""The notebook of the documentation runs."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
pytest.importorskip("pandas", reason="pandas is not installed")

NOTEBOOK = Path(__file__).parents[2] / "docs" / "spark.ipynb"


def test_its_cells(spark: Any, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert names["groups"].where("kind = 'cluster'").count() == 1
    assert "[{a.csv, 1}, {b.csv, 1}]" in capsys.readouterr().out
