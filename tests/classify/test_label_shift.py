"""The shares of a library's classes: estimated without labels, stored, read back."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.classify.label_shift import (
    SCHEMA,
    LibraryShares,
    distance,
    estimate_shares,
    read_shares,
    write_shares,
)
from refsync.errors import SourceError

PRIOR = np.array([0.5, 0.3, 0.2])


def library(shares: list[float], papers: int, seed: int = 0) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The probabilities that a calibrated model gives papers drawn with these shares."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, papers, p=shares)
    likelihood = np.exp(rng.normal(0, 1, (papers, 3)) + 2 * np.eye(3)[truth])
    posterior = likelihood * PRIOR
    return np.asarray(posterior / posterior.sum(1, keepdims=True))


@pytest.mark.parametrize("shares", [[0.05, 0.05, 0.9], [0.9, 0.05, 0.05], [0.3, 0.4, 0.3]])
def test_a_large_library_gets_its_own_shares(shares: list[float]) -> None:
    found = estimate_shares(library(shares, 5000), PRIOR)
    assert distance(found, np.array(shares)) < 0.06
    assert found.sum() == pytest.approx(1)


def test_a_small_library_stays_near_the_model() -> None:
    found = estimate_shares(library([0.05, 0.05, 0.9], 20), PRIOR)
    assert distance(found, PRIOR) < 0.12


def test_no_papers_change_nothing() -> None:
    assert np.allclose(estimate_shares(np.zeros((0, 3)), PRIOR), PRIOR)


@given(st.lists(st.floats(0.001, 1), min_size=3, max_size=3), st.integers(0, 50))
def test_shares_sum_to_one(weights: list[float], papers: int) -> None:
    shares = np.array(weights) / sum(weights)
    found = estimate_shares(library(shares.tolist(), papers), PRIOR)
    assert found.sum() == pytest.approx(1)
    assert (found > 0).all()


def test_the_file_reads_back(tmp_path: Path) -> None:
    shares = LibraryShares(40, {"tiny": {"oak": 0.75, "elm": 0.25}})
    (tmp_path / "a.json").write_bytes(write_shares(shares))
    assert read_shares(tmp_path / "a.json") == shares
    ratios = shares.log_ratios("tiny", ("elm", "oak"), np.array([0.5, 0.5]))
    assert ratios is not None
    assert ratios.tolist() == pytest.approx([np.log(0.5), np.log(1.5)])
    assert shares.log_ratios("other", ("elm", "oak"), np.array([0.5, 0.5])) is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        f'{{"schema": "{SCHEMA}"}}',
        f'{{"schema": "{SCHEMA}", "papers": 3, "models": 7}}',
        f'{{"schema": "{SCHEMA}", "papers": true, "models": {{}}}}',
        f'{{"schema": "{SCHEMA}", "papers": 3, "models": {{"m": {{"a": NaN}}}}}}',
        f'{{"schema": "{SCHEMA}", "papers": 3, "models": {{"m": {{"a": -1}}}}}}',
        "[" * 100_000,
        " " * 1_000_001,
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(SourceError, match="not the shares"):
        read_shares(tmp_path / "a.json")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_shares(tmp_path / "none.json")
