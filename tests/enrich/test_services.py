"""Requests to each service: batches, keys, rates, and responses of the wrong form."""

from dataclasses import replace

import pytest

from refsync.enrich.cache import Cache
from refsync.enrich.services import LookupKeys, ServiceClient, open_services
from refsync.enrich.settings import Service
from tests.enrich.helpers import KELP, MANY, Time, lookups_of, settings_for, titles
from tests.services_server import Server


@pytest.mark.parametrize(
    ("service", "by", "keys", "gap"),
    [
        ("arxiv", "arxiv", ["2001.00001"], 3.0),
        ("crossref", "doi", ["10.5555/kelp.1"], 0.1),
        ("crossref", "title", ["kelp in noise"], 1 / 3),
        ("openalex", "title", ["kelp in noise"], 0.1),
    ],
)
def test_requests_keep_the_minimum_gap(
    services: dict[Service, ServiceClient], time: Time, service: Service, by: str, keys: list[str], gap: float
) -> None:
    for _ in range(3):
        services[service].lookup(by, keys)  # type: ignore[arg-type]
    assert time.slept == [pytest.approx(gap)] * 2


def test_requests_without_a_contact_are_slower(server: Server, time: Time) -> None:
    with open_services(settings_for(server, contact=""), clock=time.clock) as opened:
        opened["crossref"].lookup("title", ["kelp"])
        opened["crossref"].lookup("title", ["moss"])
    assert time.slept == [pytest.approx(1.0)]
    assert "mailto" not in server.log[0].headers["user-agent"]


def test_the_user_agent_names_refsync_and_the_contact(server: Server, services: dict[Service, ServiceClient]) -> None:
    services["crossref"].lookup("doi", ["10.5555/kelp.1"])
    agent = server.log[0].headers["user-agent"]
    assert agent.startswith("refsync/")
    assert "mailto:me@example.org" in agent


def test_the_key_is_sent_only_to_openalex(server: Server) -> None:
    with open_services(settings_for(server), key="secret") as opened:
        opened["crossref"].lookup("doi", ["10.5555/kelp.1"])
        opened["openalex"].lookup("doi", ["10.5555/kelp.1"])
    assert [request.headers.get("authorization") for request in server.log] == [None, "Bearer secret"]
    other = replace(settings_for(server), openalex="https://openalex.org.example.net")
    with open_services(other, key="secret") as opened:
        assert "Authorization" not in opened["openalex"].connection._client.headers
    assert "secret" not in str([request.query for request in server.log])


def test_identifiers_are_looked_up_in_batches(
    server: Server, services: dict[Service, ServiceClient], cache: Cache
) -> None:
    dois, numbers = [paper.doi for paper in MANY], [paper.arxiv for paper in MANY]
    lookups = lookups_of(services, cache)
    assert titles(lookups.find("crossref", "doi", dois), "10.5555/t.77") == ["Study 77 of Tides"]
    assert titles(lookups.find("openalex", "doi", dois), "10.5555/t.130") == ["Study 130 of Tides"]
    found = lookups.find("arxiv", "arxiv", numbers)
    assert len(found) == 130
    assert [len(server.asked(name)) for name in ("crossref", "openalex", "arxiv")] == [4, 3, 2]
    assert lookups.sent == 9


def test_a_doi_with_a_comma_gets_its_own_request(
    server: Server, services: dict[Service, ServiceClient], cache: Cache
) -> None:
    for service in ("crossref", "openalex"):
        found = lookups_of(services, cache).find(service, "doi", ["10.5555/moss,2", "10.5555/t.1", "10.5555/t.2"])
        assert {key: len(records) for key, records in found.items()} == dict.fromkeys(found, 1)
        assert len(server.asked(service)) == 2


def test_an_unknown_identifier_gives_an_empty_answer(services: dict[Service, ServiceClient], cache: Cache) -> None:
    lookups = lookups_of(services, cache)
    for service, by, key in (
        ("crossref", "doi", "10.5555/no"),
        ("openalex", "doi", "10.5555/no"),
        ("arxiv", "arxiv", "9901.00001"),
    ):
        assert lookups.find(service, by, [key]) == {key: []}  # type: ignore[arg-type]
        assert lookups.find(service, by, [key, f"{key}1"]) == {key: [], f"{key}1": []}  # type: ignore[arg-type]
    assert lookups.failures == ()


def test_punctuation_in_a_title_is_harmless(services: dict[Service, ServiceClient], cache: Cache) -> None:
    from refsync.enrich.missing_fields import search_words

    keys = LookupKeys(title='Kelp, in | "Noise": a & b', words=search_words('Kelp, in | "Noise": a & b'))
    for service, client in services.items():
        assert lookups_of(services, cache).find(service, "title", [client.key("title", keys)])


@pytest.mark.parametrize(
    ("service", "body"),
    [
        ("crossref", b"{"),
        ("crossref", b'{"status":"ok","message":{}}'),
        ("crossref", b'{"status":"ok","message":{"items":null}}'),
        ("crossref", b"[]"),
        ("crossref", b""),
        ("openalex", b'{"results":{}}'),
        ("openalex", b"null"),
        ("arxiv", b"<feed"),
        ("arxiv", b"<html><body/></html>"),
        ("arxiv", b'{"results":[]}'),
        ("arxiv", b'<!DOCTYPE x [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom"/>'),
        (
            "arxiv",
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#bad</id>'
            b"<summary>malformed id</summary></entry></feed>",
        ),
    ],
)
def test_unreadable_responses(
    server: Server, services: dict[Service, ServiceClient], cache: Cache, service: Service, body: bytes
) -> None:
    server.fail("body", body=body, times=99)
    lookups = lookups_of(services, cache)
    by, key = ("arxiv", "2001.00001") if service == "arxiv" else ("doi", "10.5555/kelp.1")
    assert lookups.find(service, by, [key]) == {}  # type: ignore[arg-type]
    assert "cannot be read" in lookups.failures[0].message
    assert cache.get(services[service].connection.base, by, key) is None


@pytest.mark.parametrize(
    "broken",
    [{"author": "Jane Doe"}, {"title": {"en": "Kelp"}}, {"issued": {"date-parts": [["MMXX"]]}}, {"author": [None]}],
)
def test_a_record_of_another_form_is_no_crash(
    server: Server, services: dict[Service, ServiceClient], cache: Cache, broken: dict[str, object]
) -> None:
    import json

    body = json.dumps({"status": "ok", "message": {**KELP.crossref(), **broken, "published": None}}).encode()
    server.fail("body", body=body, times=99)
    lookups_of(services, cache).find("crossref", "doi", ["10.5555/kelp.1"])
