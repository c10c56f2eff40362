"""Nothing is doubled and nothing lost, whatever happens on the way: each command against each thing that can happen.

`benchmarks/zotero_faults.py` lets all of it happen; here, where time is short, every fifth.
"""

from collections.abc import Iterator

import pytest

from tests.zotero.fault_injection import FAULTS, KILLS, Ready, prepare, quick, stories, strike
from tests.zotero_server import Server, zotero_server

STORIES = {story.name: story for story in stories(3)}
PART = 5


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with zotero_server() as running, quick(running):
        yield running


@pytest.fixture(scope="module", params=STORIES)
def ready(server: Server, request: pytest.FixtureRequest) -> Ready:
    return prepare(server, STORIES[request.param])


@pytest.mark.parametrize("at", range(len(FAULTS)), ids=FAULTS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_request_fails(server: Server, ready: Ready, at: int) -> None:
    for number in range(1 + at % min(PART, len(ready.requests)), len(ready.requests) + 1, PART):
        assert strike(server, ready, FAULTS[at], number, at).startswith("same"), (ready.requests[number - 1], number)


@pytest.mark.parametrize("at", range(len(KILLS)), ids=KILLS)
def test_killed(server: Server, ready: Ready, at: int) -> None:
    for number in range(1 + at % PART, ready.steps[KILLS[at]] + 1, PART):
        assert strike(server, ready, KILLS[at], number, number // PART).startswith("same"), number


def test_something_happens_at_every_request(ready: Ready) -> None:
    assert len(ready.requests) >= 4
    assert ready.steps["before a request"] == len(ready.requests)
