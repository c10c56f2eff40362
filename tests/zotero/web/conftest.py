"""A clock that waiting advances at once."""

import pytest

import refsync.zotero.web.http


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each pause, without chance; nothing really waits."""
    pauses: list[float] = []
    clock = [100.0]

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(refsync.zotero.web.http.time, "sleep", sleep)
    monkeypatch.setattr(refsync.zotero.web.http.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(refsync.zotero.web.http.random, "uniform", lambda _low, _high: 0.0)
    return pauses
