"""Helpers that find violations of rules in a text."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main


def findings(capsys: pytest.CaptureFixture[str], *arguments: str, select: str = "ALL") -> list[dict[str, Any]]:
    """The findings of `refsync check` as JSON."""
    main(["check", *arguments, "--select", select, "--format", "json"])
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return rows


def find_places(
    capsys: pytest.CaptureFixture[str], text: str | bytes, select: str, name: str = "refs.bib"
) -> list[tuple[str, int, int, str]]:
    """Code, line, column and key of each finding in a file with this text."""
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    return [(row["code"], row["line"], row["column"], row["key"]) for row in findings(capsys, name, select=select)]
