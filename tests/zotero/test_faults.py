"""Fault injection: whatever fails on the way, nothing is written twice and nothing is lost.

Each run injects at every tenth step, the sweep at the steps between.
"""

from collections.abc import Iterator

import pytest

from tests.sweeps import EVERY, steps
from tests.zotero.fault_injection import FAULTS, KILLS, PreparedScenario, client_of, inject, prepare
from tests.zotero.fault_scenarios import all_scenarios
from tests.zotero_server import Server
from tests.zotero_server.state import World

SCENARIOS = {scenario.name: scenario for scenario in all_scenarios(3)}
INTERVAL = 10


@pytest.fixture(scope="module")
def server(running_server: tuple[Server, World]) -> Iterator[Server]:
    with client_of(running_server[0]):
        yield running_server[0]


@pytest.fixture(scope="module", params=SCENARIOS)
def prepared(server: Server, request: pytest.FixtureRequest) -> PreparedScenario:
    return prepare(server, SCENARIOS[request.param])


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("number", range(len(FAULTS)), ids=FAULTS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_request_fails(server: Server, prepared: PreparedScenario, number: int, every: bool) -> None:
    requests = prepared.requests
    for step in steps(len(requests), INTERVAL, number, every):
        assert inject(server, prepared, FAULTS[number], step, number).startswith("same"), (requests[step - 1], step)


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("number", range(len(KILLS)), ids=KILLS)
def test_killed(server: Server, prepared: PreparedScenario, number: int, every: bool) -> None:
    for step in steps(prepared.steps[KILLS[number]], INTERVAL, number, every):
        assert inject(server, prepared, KILLS[number], step, step // 5).startswith("same"), step


def test_every_request_is_a_step(prepared: PreparedScenario) -> None:
    assert len(prepared.requests) >= 4
    assert prepared.steps["before a request"] == len(prepared.requests)
