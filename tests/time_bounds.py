"""Bounds of time, on machines of any speed: hostile input that takes quadratic time takes minutes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

_ADDITIONS = 1_000_000
_REFERENCE = 0.05  # seconds that so many take on the machine for which bounds are written


@contextmanager
def seconds_at_most(bound: float, about: object = "") -> Iterator[None]:
    """Fail where what is inside takes more CPU than so many seconds, or as many more as the machine is slower."""
    start = time.process_time()
    yield
    spent = time.process_time() - start
    if spent >= bound:
        slower = max(1.0, median(_additions() for _ in range(5)) / _REFERENCE)
        assert spent < bound * slower, f"{about} took {spent:.1f} s, on a machine {slower:.1f} times slower"


def _additions() -> float:
    start = time.process_time()
    total = 0
    for number in range(_ADDITIONS):
        total += number
    return time.process_time() - start
