"""Sweeps: of many cases alike, each run of the tests takes a part, and `pytest -m sweep` the others."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest


def part_of(number: int, *parameters: Iterable[str]) -> list[Any]:
    """All combinations of parameters, one in `number` for each run; no factor of `number` should be a length."""
    return [
        pytest.param(*case, marks=() if i % number == 0 else pytest.mark.sweep)
        for i, case in enumerate(product(*parameters))
    ]
