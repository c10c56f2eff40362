"""`refsync learn`: a calibration from answers, in files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refsync.cli import main
from refsync.decisions import FILE_NAME, Decision, append, calibration_file, format_decision
from refsync.decisions.training_pairs import (
    UNKNOWN_RECORDS,
    VETOED,
    rescored_pairs,
)
from refsync.dedup.calibration import Calibration
from refsync.dedup.cluster import deduplicate
from refsync.dedup.pair_model import shipped
from refsync.dedup.profile import fingerprint
from refsync.dedup.settings import DedupSettings
from refsync.formats.bibtex import format as bibtex

NAME = shipped().name


TITLES = (
    "moss kelp fern reed alga pine yew oak elm ash ivy hop rye oat flax hemp sedge rush moor dune fjord delta".split()
)


def library() -> str:
    """Pairs that differ in a few words of the title, without further evidence."""
    return "".join(
        f"@misc{{{word}{way}, title = {{Notes on {word} in {place} harbours}}, author = {{Doe, Jane}}, year = 2001}}\n"
        for word in TITLES
        for way, place in (("a", "cold northern"), ("b", "northern cold and windy"))
    )


@pytest.fixture
def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library, and answers with scores, of which those in the lower third are negative."""
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(library(), encoding="utf-8")
    rng = np.random.default_rng(3)
    lines = []
    for number in range(60):
        score = float(rng.uniform(-0.6, 1.3))
        kind: Any = "same" if score + rng.normal(0, 0.3) > -0.3 else "not-duplicate"
        lines.append(format_decision(kind, f"a{number}", f"b{number}", value={"score": round(score, 3), "model": NAME}))
    append(Path(FILE_NAME), lines)
    return tmp_path


def test_learn_writes_a_file_that_runs_use_and_undo_removes(answered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "--dry-run"]) == 0
    assert "dry run" in capsys.readouterr().out
    assert not Path(calibration_file.FILE_NAME).exists()
    assert main(["learn"]) == 0
    out = capsys.readouterr().out
    assert "60 answers: " in out
    assert "`refsync undo` undoes it" in out
    first = Path(calibration_file.FILE_NAME).read_bytes()
    content = json.loads(first)
    assert content["after"]["log_loss"] < content["before"]["log_loss"]
    assert content["after"]["wrong"] <= content["before"]["wrong"]
    assert calibration_file.load(Path(calibration_file.FILE_NAME)).knots
    assert main(["dedupe", "refs.bib", "-v"]) == 0
    assert "refsync-calibration.json: calibrated on 60 answers" in capsys.readouterr().err
    append(Path(FILE_NAME), [format_decision("same", "x", "y", value={"score": 0.1, "model": NAME})])
    assert main(["learn", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["used"] == 61
    assert main(["undo"]) == 0
    assert Path(calibration_file.FILE_NAME).read_bytes() == first
    assert main(["undo"]) == 0
    assert not Path(calibration_file.FILE_NAME).exists()


def test_a_calibration_changes_probabilities_but_no_veto(answered: Path) -> None:
    records = bibtex.read(Path("refs.bib").read_bytes(), "refs.bib").records
    greedy = DedupSettings(0.65, 0.15)
    lifted = shipped(Calibration(((-6, -6), (-5, 3), (5, 7), (12, 12)), NAME))
    before, after = deduplicate(records, greedy), deduplicate(records, greedy, model=lifted)
    vetoed = {pair.vetoes for link in before.review for pair in link.evidence}
    assert vetoed, "the library has pairs with vetoes"
    held = {link.members: link.probability for link in before.review if link.evidence[0].vetoes}
    still = {link.members: link.probability for link in after.review}
    assert held.items() <= still.items()
    merged = {pair for cluster in after.clusters for pair in [(e.a, e.b) for e in cluster.evidence]}
    assert not merged & held.keys()


def test_with_inputs_the_pairs_are_scored_again(answered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = bibtex.read(Path("refs.bib").read_bytes(), "refs.bib").records
    prints = [fingerprint(record) for record in records]
    decisions = [Decision("same", prints[2 * i], prints[2 * i + 1], i) for i in range(5)]
    decisions.append(Decision("same", "x", "y", 9))
    examples = rescored_pairs(decisions, records, shipped(), DedupSettings())
    assert examples.left_out[UNKNOWN_RECORDS] == 1
    assert len(examples.scores) + examples.left_out.get(VETOED, 0) == 5
    assert main(["learn", "refs.bib"]) == 2
    assert "0 answers are too few to learn from" in capsys.readouterr().err


def test_what_is_missing_or_damaged_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["learn"]) == 2
    assert f"no {FILE_NAME} here; `refsync review INPUT` asks" in capsys.readouterr().err
    Path("refs.bib").write_text(library(), encoding="utf-8")
    append(Path(FILE_NAME), [format_decision("same", "x", "y")])
    for content, message in (
        ("{", "not used: refsync-calibration.json: not a calibration"),
        ('{"schema": "x"}', "not refsync.calibration/1"),
        ('{"schema": "refsync.calibration/1", "model": "pairs-old", "answers": 9, "knots": []}', "another pair model"),
        ('{"schema": "refsync.calibration/1", "model": "m", "answers": 9, "knots": [[1, 2], [0, 3]]}', "must rise"),
        ('{"schema": "refsync.calibration/1", "model": "m", "answers": 9, "knots": [[NaN, 2]]}', "made of numbers"),
    ):
        Path(calibration_file.FILE_NAME).write_text(content, encoding="utf-8")
        assert main(["dedupe", "refs.bib"]) == 0
        assert message in capsys.readouterr().err
    Path("refsync.toml").write_text('[dedup]\ncalibration = "none.json"\n', encoding="utf-8")
    assert main(["dedupe", "refs.bib"]) == 2
    assert "none.json: no such calibration; `refsync learn` makes one" in capsys.readouterr().err


def test_the_configured_calibration_is_used(answered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (answered / "shared").mkdir()
    assert main(["learn", "-o", "shared/ours.json"]) == 0
    Path("refsync.toml").write_text('[dedup]\ncalibration = "shared/ours.json"\n', encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "refs.bib", "-v"]) in (0, 1)
    assert "ours.json: calibrated on 60 answers" in capsys.readouterr().err


def test_a_calibration_that_does_no_better_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(5)
    lines = []
    for number, score in enumerate(rng.uniform(-1, 2, 40)):
        kind: Any = "same" if rng.random() < 1 / (1 + np.exp(-score)) else "not-duplicate"
        lines.append(format_decision(kind, f"a{number}", f"b{number}", value={"score": round(float(score), 3)}))
    append(Path(FILE_NAME), lines)
    assert main(["learn"]) == 0
    assert "nothing is written" in capsys.readouterr().out
    assert not Path(calibration_file.FILE_NAME).exists()
