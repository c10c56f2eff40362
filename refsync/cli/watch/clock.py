"""Waiting: for a change, and then until whoever writes is done."""

import time
from collections.abc import Callable, Hashable
from typing import Protocol

QUIET = 0.3  # seconds without a change, after which a save is complete
MOST = 5.0  # seconds after which files that never rest are read all the same
_IDLE = 10  # times as long as looking for changes takes, nothing is done


class Clock(Protocol):
    """Time, which tests replace."""

    def now(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The computer's time."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def wait_for_change(signature: Callable[[], Hashable], known: Hashable, every: float, clock: Clock) -> None:
    """Wait until the signature differs from a known one; where computing it takes long, it is computed less often."""
    while True:
        start = clock.now()
        if signature() != known:
            return
        clock.sleep(max(every, _IDLE * (clock.now() - start)))


def settled(signature: Callable[[], Hashable], clock: Clock) -> Hashable:
    """The signature, after it has not changed for a moment: several saves at once are one change."""
    start, last = clock.now(), signature()
    while clock.now() - start < MOST:
        clock.sleep(QUIET)
        if (now := signature()) == last:
            break
        last = now
    return last
