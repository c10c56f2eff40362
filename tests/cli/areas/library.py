"""An invented library of three subjects, and helpers to run commands on it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refsync.cli import main
from refsync.dedup.profile import fingerprint
from refsync.formats.bibtex import format as bibtex

SUBJECTS = {
    "baking": "sourdough bread dough oven yeast flour crumb fermentation gluten crust hydration kneading".split(),
    "gardens": "soil seeds compost roses pruning shade bulbs hedge lawn mulch weeds pollination".split(),
    "sailing": "wind hull keel mast rudder harbour tide anchor regatta sails rigging current".split(),
}
SHARED = "study methods results measured improved careful comparison simple long observed".split()


def library(papers: int = 60, seed: int = 1, labels: dict[str, str] | None = None) -> str:
    """A .bib of papers of three subjects with their labels, some of which name no subject."""
    rng = np.random.default_rng(seed)
    entries = []
    for number in range(papers):
        subject = list(SUBJECTS)[number % 3]
        title = " ".join(rng.choice(SUBJECTS[subject], 4, replace=False))
        abstract = " ".join(rng.choice(SUBJECTS[subject] + SHARED, 30))
        keywords = (labels or {}).get(subject, subject) + (", to-read" if number % 4 == 0 else "")
        entries.append(
            f"@article{{p{seed}x{number},\n  title = {{{title.capitalize()} {number}}},\n"
            f"  abstract = {{{abstract}.}},\n  keywords = {{{keywords}}},\n}}\n"
        )
    return "\n".join(entries)


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main([*arguments, "--format", "json"]) == code
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def decide(place: Path, *answers: dict[str, list[str]]) -> None:
    """Write answers about the first papers of new.bib."""
    records = bibtex.read((place / "new.bib").read_bytes(), "new.bib").records
    lines = [
        json.dumps({"schema": "refsync.decision/1", "kind": "area", "a": fingerprint(record), "value": answer})
        for record, answer in zip(records, answers, strict=False)
    ]
    (place / "refsync-decisions.jsonl").write_text("\n".join(lines), encoding="utf-8")
