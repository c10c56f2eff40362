"""Bibliographies with findings, and helpers that check them."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main

DUPLICATES = (
    "@article{a, title={The Patience of Kelp in Noisy Water}, author={Doe, Jane}, year=2020, doi={10.5555/1}}\n\n"
    "@article{b,\n  title  = {The patience of kelp in noisy water},\n  author = {Doe, J.},\n  year   = 2020,\n"
    "  volume = {4},\n  doi    = {10.5555/1},\n}\n"
)
MOSS = "\n@article{m, title={Moss on Basalt},\n  year=2001, year={2001},\n  note={x},, pages={9--3}}\n"


def write(name: str, text: str) -> Path:
    """Write a file, with its folder."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def check_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int | None = None) -> list[dict[str, Any]]:
    """The findings of `refsync check` as JSON."""
    exit_code = main(["check", *arguments, "--format", "json"])
    assert code in (None, exit_code)
    result = json.loads(capsys.readouterr().out)
    assert result["schema"] == "refsync.check/1"
    rows: list[dict[str, Any]] = result["findings"]
    return rows


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["code"] for row in rows]
