"""Sweeps: of many cases alike, each run of the tests takes a part, and `pytest -m sweep` the others."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest

EVERY = [False, pytest.param(True, marks=pytest.mark.sweep)]
"""For a parameter `every`: false in each run, true in a sweep."""

_SHARE = 5  # each run draws one in so many examples of a property,
_LEAST = 5  # but no fewer than these

_running: set[str] = set()


def begin_sweep() -> None:
    """This run is a sweep; called before test modules are imported."""
    _running.add("sweep")


def examples(number: int = 100) -> int:
    """How many examples of a property to draw: all in a sweep, a part in each run."""
    return number if _running else min(number, max(number // _SHARE, _LEAST))


def part_of(number: int, *parameters: Iterable[str]) -> list[Any]:
    """All combinations of parameters, one in `number` for each run; no factor of `number` should be a length."""
    return [
        pytest.param(*case, marks=() if i % number == 0 else pytest.mark.sweep)
        for i, case in enumerate(product(*parameters))
    ]


def parts(number: int) -> list[Any]:
    """The numbers of so many parts: the first one for each run."""
    return [0, *(pytest.param(part, marks=pytest.mark.sweep) for part in range(1, number))]


def steps(last: int, interval: int, offset: int, every: bool) -> list[int]:
    """Of the numbers from 1 to `last`, one in `interval` for each run; the others if `every`."""
    interval = min(interval, last)
    return [step for step in range(1, last + 1) if ((step - 1 - offset) % interval == 0) is not every]
