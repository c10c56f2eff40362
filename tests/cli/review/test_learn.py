"""Learning from answers: what moves, how far, and what never does."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.cli import main
from refsync.decisions import FILE_NAME, Decision, append, calibration_file, format_decision, score_to_record
from refsync.decisions.training_pairs import (
    CONTRADICTED,
    NO_SCORE,
    OTHER_MODEL,
    UNKNOWN_RECORDS,
    VETOED,
    recorded_pairs,
    rescored_pairs,
)
from refsync.dedup.calibration import AS_SHIPPED, Calibration, cross_validated, figures, learn
from refsync.dedup.cluster import deduplicate
from refsync.dedup.pair_model import shipped
from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Pair
from refsync.dedup.settings import DedupSettings
from refsync.errors import ConfigError
from refsync.formats.bibtex import format as bibtex

NAME = shipped().name


def drawn(count: int, shift: float, seed: int = 1) -> tuple[Any, Any]:
    """Pairs of a library in which the log-odds are too low by `shift`."""
    rng = np.random.default_rng(seed)
    scores = rng.uniform(-1.0, 2.0, count)
    return scores, (rng.random(count) < 1 / (1 + np.exp(-scores - shift))).astype(float)


SCORES = st.lists(st.tuples(st.floats(-6, 8), st.booleans()), min_size=10, max_size=60).filter(
    lambda answers: 3 <= sum(said for _, said in answers) <= len(answers) - 3
)


@settings(max_examples=60, deadline=None)
@given(SCORES, st.lists(st.floats(-20, 20), min_size=2, max_size=20))
def test_whatever_is_learnt_keeps_the_order_of_pairs(answers: list[tuple[float, bool]], others: list[float]) -> None:
    scores, same = np.array(answers, float).T
    after = learn(scores, same)(np.sort(others))
    assert (np.diff(after) >= 0).all()


@settings(max_examples=60, deadline=None)
@given(SCORES)
def test_what_nobody_was_asked_about_stays(answers: list[tuple[float, bool]]) -> None:
    scores, same = np.array(answers, float).T
    calibration = learn(scores, same)
    reach = 2 * max(abs(after - before) for before, after in calibration.knots) + 1.01
    beyond = np.array([scores.min() - reach, scores.max() + reach])
    assert calibration(beyond).tolist() == beyond.tolist()


def test_a_shift_is_learnt_the_better_the_more_answers() -> None:
    at = np.array([0.5])
    moves = [float(learn(*drawn(count, 1.5))(at)[0]) - 0.5 for count in (20, 100, 1000)]
    assert 0 <= moves[0] < moves[1] < moves[2]
    assert moves[2] == pytest.approx(1.5, abs=0.35)


def test_a_few_answers_spoil_nothing() -> None:
    scores = np.linspace(-0.5, 1.5, 12)
    same = np.array([0.0] * 3 + [1.0] * 9)
    calibration = learn(scores, same)
    assert max(after - before for before, after in calibration.knots) < 0.5


def test_merging_more_needs_more_than_merging_less() -> None:
    scores = np.linspace(-0.5, 0.5, 30)
    mostly = np.array([1.0] * 22 + [0.0] * 8)
    up = learn(scores, mostly)(np.array([0.0]))[0]
    down = learn(scores, 1 - mostly)(np.array([0.0]))[0]
    assert 0 < up < -down


def test_what_is_learnt_does_better_on_answers_it_did_not_see() -> None:
    before, after = cross_validated(*drawn(400, 1.5), 0.8)
    assert after.log_loss < before.log_loss
    assert after.ece < before.ece
    assert after.recall > before.recall


def test_figures_are_what_they_say() -> None:
    result = figures(np.log([4.0, 4.0, 0.25, 9.0]), np.array([1.0, 0.0, 0.0, 1.0]), 0.8)
    assert (result.merged, result.wrong) == (3, 1)
    assert result.precision == pytest.approx(2 / 3)
    assert result.recall == 1
    assert result.brier == pytest.approx((0.04 + 0.64 + 0.04 + 0.01) / 4)
    assert result.log_loss == pytest.approx(-np.log([0.8, 0.2, 0.8, 0.9]).mean())


@pytest.mark.parametrize(
    ("same", "told"),
    [([1.0, 0.0] * 4, "8 answers are too few to learn from"), ([1.0] * 30 + [0.0] * 2, "30 say `same` and 2 don't")],
)
def test_what_cannot_teach_is_refused(same: list[float], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        learn(np.linspace(0, 1, len(same)), np.array(same))


@pytest.mark.parametrize(
    "knots", [((0, 0), (1, 1), (1, 2), (3, 3)), ((0, 0), (1, 2), (2, 1), (3, 3)), ((0, 1), (2, 3))]
)
def test_a_map_that_is_none_is_refused(knots: Any) -> None:
    with pytest.raises(ConfigError):
        Calibration(knots)


def said(kind: Any, a: str, b: str, line: int = 0, **more: Any) -> Decision:
    return Decision(kind, a, b, line, **more)


def test_which_answers_teach() -> None:
    examples = recorded_pairs(
        [
            said("same", "a", "b", 1, score=0.5, model=NAME),
            said("same", "b", "a", 2),  # the same answer without its score
            said("version-of", "a", "c", 3, score=1.0),
            said("not-duplicate", "a", "d", 4, score=2.0, vetoes=("numbers",)),
            said("same", "a", "e", 5, score=2.0, model="pairs-other"),
            said("same", "a", "f", 6),
            said("same", "a", "g", 7, score=1.0),
            said("not-duplicate", "g", "a", 8, score=1.0),
        ],
        shipped(),
    )
    assert examples.scores.tolist() == [0.5, 1.0]
    assert examples.same.tolist() == [1.0, 0.0]
    assert examples.left_out == {VETOED: 1, OTHER_MODEL: 1, NO_SCORE: 1, CONTRADICTED: 1}


def test_the_score_is_that_before_calibration() -> None:
    assert score_to_record(Pair(0, 1, 0.5, ()))["score"] == 0.0
    assert score_to_record(Pair(0, 1, 0.9, (), ("words",), score=-1.5)) == {
        "score": -1.5,
        "model": NAME,
        "vetoes": ["words"],
    }


# In files: pairs in doubt, and a person who answers

TITLES = (
    "moss kelp fern reed alga pine yew oak elm ash ivy hop rye oat flax hemp sedge rush moor dune fjord delta".split()
)


def library() -> str:
    """Pairs that differ in a word of the title, with nothing else to tell."""
    return "".join(
        f"@misc{{{word}{way}, title = {{Notes on {word} in {place} harbours}}, author = {{Doe, Jane}}, year = 2001}}\n"
        for word in TITLES
        for way, place in (("a", "cold northern"), ("b", "northern cold and windy"))
    )


@pytest.fixture
def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library, and answers with scores of which the lower third says no."""
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(library())
    rng = np.random.default_rng(3)
    lines = []
    for number in range(60):
        score = float(rng.uniform(-0.6, 1.3))
        kind: Any = "same" if score + rng.normal(0, 0.3) > -0.3 else "not-duplicate"
        lines.append(format_decision(kind, f"a{number}", f"b{number}", value={"score": round(score, 3), "model": NAME}))
    append(Path(FILE_NAME), lines)
    return tmp_path


def test_learning_writes_a_file_that_runs_use_and_undo_takes_back(
    answered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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


def test_a_calibration_changes_probabilities_and_no_rule(answered: Path) -> None:
    records = bibtex.read(Path("refs.bib").read_bytes(), "refs.bib").records
    greedy = DedupSettings(0.65, 0.15)
    lifted = shipped(Calibration(((-6, -6), (-5, 3), (5, 7), (12, 12)), NAME))
    before, after = deduplicate(records, greedy), deduplicate(records, greedy, model=lifted)
    vetoed = {pair.vetoes for link in before.review for pair in link.evidence}
    assert vetoed, "the library has pairs that rules hold apart"
    held = {link.members: link.probability for link in before.review if link.evidence[0].vetoes}
    still = {link.members: link.probability for link in after.review}
    assert held.items() <= still.items()
    merged = {pair for cluster in after.clusters for pair in [(e.a, e.b) for e in cluster.evidence]}
    assert not merged & held.keys()


def test_with_inputs_the_pairs_are_scored_anew(answered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = bibtex.read(Path("refs.bib").read_bytes(), "refs.bib").records
    prints = [fingerprint(record) for record in records]
    decisions = [said("same", prints[2 * i], prints[2 * i + 1], i) for i in range(5)] + [said("same", "x", "y", 9)]
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
    Path("refs.bib").write_text(library())
    append(Path(FILE_NAME), [format_decision("same", "x", "y")])
    for content, told in (
        ("{", "not used: refsync-calibration.json: not a calibration"),
        ('{"schema": "x"}', "is no refsync.calibration/1"),
        ('{"schema": "refsync.calibration/1", "model": "pairs-old", "answers": 9, "knots": []}', "another pair model"),
        ('{"schema": "refsync.calibration/1", "model": "m", "answers": 9, "knots": [[1, 2], [0, 3]]}', "must rise"),
        ('{"schema": "refsync.calibration/1", "model": "m", "answers": 9, "knots": [[NaN, 2]]}', "made of numbers"),
    ):
        Path(calibration_file.FILE_NAME).write_text(content)
        assert main(["dedupe", "refs.bib"]) == 0
        assert told in capsys.readouterr().err
    Path("refsync.toml").write_text('[dedup]\ncalibration = "none.json"\n')
    assert main(["dedupe", "refs.bib"]) == 2
    assert "none.json: no such calibration; `refsync learn` makes one" in capsys.readouterr().err


def test_the_configured_calibration_is_used(answered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (answered / "shared").mkdir()
    assert main(["learn", "-o", "shared/ours.json"]) == 0
    Path("refsync.toml").write_text('[dedup]\ncalibration = "shared/ours.json"\n')
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


def test_without_a_calibration_nothing_is_different() -> None:
    assert shipped().calibration is AS_SHIPPED
    odds = np.linspace(-9, 9, 50)
    assert (AS_SHIPPED(odds) == odds).all()
