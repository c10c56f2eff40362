"""Retries, waits and rate limits of a connection."""

import socket
from dataclasses import replace
from email.utils import formatdate

import pytest

from refsync.enrich import connection
from refsync.enrich.cache import Cache
from refsync.enrich.connection import ServiceError
from refsync.enrich.services import ServiceClient, open_services
from refsync.enrich.settings import Service
from tests.enrich.helpers import Time, lookups_of, settings_for, titles
from tests.services_server import Server


def test_an_announced_rate_limit_is_kept(server: Server, services: dict[Service, ServiceClient], time: Time) -> None:
    server.headers = {"X-Rate-Limit-Limit": "2", "X-Rate-Limit-Interval": "5s"}
    for _ in range(3):
        services["crossref"].lookup("title", ["kelp"])
    services["crossref"].lookup("doi", ["10.5555/kelp.1"])
    assert time.slept == [pytest.approx(2.5)] * 3


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Rate-Limit-Limit": "many"},
        {"X-Rate-Limit-Limit": "0"},
        {"X-Rate-Limit-Limit": "1", "X-Rate-Limit-Interval": "900s"},
    ],
)
def test_an_invalid_rate_limit_is_ignored(
    server: Server, services: dict[Service, ServiceClient], time: Time, headers: dict[str, str]
) -> None:
    server.headers = headers
    services["crossref"].lookup("title", ["kelp"])
    services["crossref"].lookup("title", ["kelp"])
    assert time.slept == [pytest.approx(1 / 3)]


@pytest.mark.parametrize("how", ["500", "502", "503", "429", "reset", "cut", "cut-json", "page", "slow"])
@pytest.mark.parametrize("service", ["crossref", "openalex", "arxiv"])
def test_transient_errors_are_retried(
    server: Server, services: dict[Service, ServiceClient], cache: Cache, how: str, service: Service
) -> None:
    server.fail(how)
    by, key = ("arxiv", "2001.00001") if service == "arxiv" else ("doi", "10.5555/kelp.1")
    lookups = lookups_of(services, cache)
    assert titles(lookups.find(service, by, [key]), key) == ["Kelp in Noise"]  # type: ignore[arg-type]
    assert lookups.sent == (1 if how == "slow" else 2)


def test_waits_grow_and_retries_end(server: Server, services: dict[Service, ServiceClient], time: Time) -> None:
    server.fail("500", times=9)
    with pytest.raises(ServiceError, match=r"internal error \(500\)"):
        services["crossref"].lookup("doi", ["10.5555/kelp.1"])
    assert [1 <= time.slept[0] < 2, 2 <= time.slept[1] < 4, 4 <= time.slept[2] < 6] == [True] * 3
    assert len(server.log) == connection.TRIES


@pytest.mark.parametrize("as_date", [False, True])
def test_the_requested_wait_is_kept(
    server: Server, services: dict[Service, ServiceClient], time: Time, as_date: bool
) -> None:
    server.fail("429", retry_after=formatdate(time.at + 17, usegmt=True) if as_date else "17")
    services["crossref"].lookup("doi", ["10.5555/kelp.1"])
    assert 17 <= time.slept[0] <= 18
    assert len(time.slept) == 1


def test_a_wait_that_is_too_long_ends_the_look_ups(
    server: Server, services: dict[Service, ServiceClient], cache: Cache, time: Time
) -> None:
    server.fail("429", service="openalex", retry_after="43200", body=b'{"error": "Rate limit exceeded"}')
    lookups = lookups_of(services, cache)
    assert lookups.find("openalex", "title", ["kelp in noise", "moss on walls"]) == {}
    (failure,) = lookups.failures
    assert failure.lookups == 2
    for part in ("too many requests", "Rate limit exceeded", "12.0 hours", "OPENALEX_API_KEY"):
        assert part in failure.message
    assert (len(server.log), time.slept) == (1, [])


def test_without_a_network_there_are_no_retries(
    server: Server, cache: Cache, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with open_services(replace(settings_for(server), crossref="https://crossref.example"), clock=time.clock) as opened:
        lookups = lookups_of(opened, cache)
        assert lookups.find("crossref", "doi", ["10.5555/kelp.1"]) == {}
        assert (lookups.sent, time.slept) == (1, [])
    assert "check the network" in lookups.failures[0].message
