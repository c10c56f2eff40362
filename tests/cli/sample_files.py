"""The bundled sample files, and what commands make of them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import refsync
from refsync.cli import main

SAMPLE = Path(refsync.__file__).parent / "sample"
FILES = ("harbour_reading_list.txt", "trending_page.txt", "coauthor.bib", "database_export.csv")


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """The JSON that a command prints."""
    assert main([*arguments, "--format", "json"]) == code
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def entries(path: str = "library.bib") -> dict[str, str]:
    """The entries of a written library, by citation key."""
    text = Path(path).read_text(encoding="utf-8")
    return {match[1]: match[0] for match in re.finditer(r"@\w+\{([^,]+),\n(?:  .*\n)*\}", text)}
