"""Inputs for plans, and helpers that make, change and read them."""

import json
from pathlib import Path
from typing import Any

from refsync.cli import main
from refsync.formats.bibtex import format as bibtex

REFS = """\
@article{doe2020, title = {The Patience of Moss on Northern Walls}, author = {Doe, Jane and Roe, Richard}, year = 2020,
  journal = {Journal of Moss}, volume = 7, pages = {11--19}, keywords = {moss}}
@article{poe2019, title = {Deep learning for image segmentation of lichen}, author = {Poe, Peter}, year = 2019,
  abstract = {We train a convolutional neural network for semantic segmentation of images.}}
@misc{kelp, title = {Kelp in the cold harbours of the north}, author = {Zoe, Zelda}, year = 2001,
  crossref = {doe2020}}
"""
MORE = """\
title,author,year,journal,doi,abstract
The patience of moss on northern walls,"Doe, Jane; Roe, Richard",2020,J. Moss,10.5555/moss.7,
Kelp in cold harbours of the far north,"Zoe, Zelda",2001,,,
Deep learning for image segmentation of lichen,"Poe, P.",2019,,,A convolutional network for segmentation of images.
"""
PAPER = "As \\cite{doe2020} and \\cite{again} say.\n"
ROW = {"members": [{"source": "refs.bib", "index": 1}, {"source": "more.csv", "index": 1}], "state": "accepted"}


def make_plan_file(*arguments: str) -> dict[str, Any]:
    """The content of `plan.json`, written by the command with these arguments."""
    assert main([*arguments, "--plan", "plan.json", "-q"]) == 0
    content: dict[str, Any] = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    return content


def change_plan(**changes: Any) -> None:
    Path("plan.json").write_text(
        json.dumps(json.loads(Path("plan.json").read_text(encoding="utf-8")) | changes), encoding="utf-8"
    )


def read_entries(path: str) -> dict[str, dict[str, str]]:
    return {record.id: dict(record.fields) for record in bibtex.read(Path(path).read_bytes(), path).records}
