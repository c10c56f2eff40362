"""Failed look-ups: one that fails does not stop the others, and each failure is reported."""

from dataclasses import replace

import pytest

from refsync.enrich import connection
from refsync.enrich.cache import Cache
from refsync.enrich.services import ServiceClient, open_services
from refsync.enrich.settings import Service
from tests.enrich.helpers import MANY, Time, lookups_of, settings_for
from tests.services_server import Server


def test_one_bad_key_does_not_fail_its_batch(
    server: Server, services: dict[Service, ServiceClient], cache: Cache
) -> None:
    server.longest_batch = 3
    lookups = lookups_of(services, cache)
    found = lookups.find("crossref", "doi", [paper.doi for paper in MANY[:10]])
    assert len(found) == 10
    assert lookups.failures == ()


@pytest.mark.parametrize(
    ("how", "parts"),
    [
        ("403", ["refused access (403)", "contact address"]),
        ("429", ["too many requests", "contact address"]),
        ("500", ["internal error (500)", "run the command again later"]),
        ("400", ["rejected the request (400)"]),
        ("reset", ["cannot be reached", "--offline"]),
        ("silence", ["did not answer within"]),
        ("page", ["cannot be read", "web page", "login page"]),
        ("cut", ["cannot be reached"]),
        ("drops", ["did not answer within"]),
    ],
)
def test_each_failure_is_reported_with_a_remedy(
    server: Server, cache: Cache, monkeypatch: pytest.MonkeyPatch, how: str, parts: list[str]
) -> None:
    monkeypatch.setattr(connection, "TIMEOUT", 0.1)
    monkeypatch.setattr(connection, "TRIES", 2)
    monkeypatch.setattr(connection, "_retry_wait", lambda state: 0.0)
    server.fail(how, times=99)
    with open_services(settings_for(server, contact="")) as opened:
        lookups = lookups_of(opened, cache)
        assert lookups.find("crossref", "doi", ["10.5555/kelp.1"]) == {}
    (failure,) = lookups.failures
    assert (failure.service, failure.lookups) == ("crossref", 1)
    for part in parts:
        assert part in failure.message


def test_a_wrong_address_is_reported(server: Server, cache: Cache, time: Time) -> None:
    gone = replace(settings_for(server), crossref=server.url("crossref") + "/v9", arxiv="http://127.0.0.1:9/api")
    server.fail("404", times=9)
    with open_services(gone, clock=time.clock) as opened:
        lookups = lookups_of(opened, cache)
        lookups.find("crossref", "title", ["kelp"])
        lookups.find("arxiv", "arxiv", ["2001.00001"])
    assert "no such page (404)" in lookups.failures[0].message
    assert "cannot be reached" in lookups.failures[1].message


def test_a_service_that_is_down_is_not_asked_again(
    server: Server, services: dict[Service, ServiceClient], cache: Cache
) -> None:
    server.fail("500", service="crossref", times=99)
    lookups = lookups_of(services, cache)
    assert lookups.find("crossref", "title", [f"title {n}" for n in range(50)]) == {}
    assert len(server.log) == 2 * connection.TRIES
    assert sum(failure.lookups for failure in lookups.failures) == 50
    assert lookups.find("openalex", "doi", ["10.5555/kelp.1"])["10.5555/kelp.1"]


def test_a_rejected_request_does_not_stop_others(
    server: Server, services: dict[Service, ServiceClient], cache: Cache
) -> None:
    server.fail("400", service="crossref", times=3)
    lookups = lookups_of(services, cache)
    found = lookups.find("crossref", "title", ["a", "b", "c", "kelp in noise"])
    assert [*found] == ["kelp in noise"]
    assert [failure.lookups for failure in lookups.failures] == [3]


def test_a_filter_that_openalex_rejects_does_not_stop_others(
    server: Server, services: dict[Service, ServiceClient], cache: Cache
) -> None:
    lookups = lookups_of(services, cache)
    assert [*lookups.find("openalex", "title", ["kelp, in noise", "kelp in noise"])] == ["kelp in noise"]
    assert "rejected the request" in lookups.failures[0].message
