"""Asking the services: politely, patiently, in batches, out of the cache; and what is said where none answers."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path

import pytest

from refsync.enrich import connection
from refsync.enrich.cache import DAY, Cache
from refsync.enrich.cached_lookups import Asker
from refsync.enrich.connection import Clock, ServiceError
from refsync.enrich.services import Sought, Source, open_services
from refsync.enrich.settings import EnrichSettings, Service
from refsync.errors import ConfigError, RefsyncError
from tests.services_server import Paper, Server, services_server

KELP = Paper("Kelp in Noise", ["Doe, Jane"], doi="10.5555/kelp.1", arxiv="2001.00001", journal="Journal of Kelp")
MOSS = Paper("Moss on Walls", ["Roe, Ann"], doi="10.5555/moss,2", arxiv="2001.00002", journal="Journal of Moss")
MANY = [Paper(f"Study {n} of Tides", ["Poe, P."], doi=f"10.5555/t.{n}", arxiv=f"2101.{n:05}") for n in range(1, 131)]


@dataclass
class Time:
    """Time that passes only where somebody waits."""

    at: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at, lambda: self.at, self.sleep)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server() -> Iterator[Server]:
    with services_server([KELP, MOSS, *MANY]) as running:
        yield running


@pytest.fixture
def services(server: Server, time: Time) -> Iterator[dict[Service, Source]]:
    with open_services(settings_for(server), clock=time.clock) as opened:
        yield opened


@pytest.fixture
def cache(tmp_path: Path, time: Time) -> Iterator[Cache]:
    with Cache(tmp_path / "cache", 30, today=lambda: time.at) as opened:
        yield opened


def settings_for(server: Server, **more: str) -> EnrichSettings:
    return EnrichSettings(
        contact=more.get("contact", "me@example.org"),
        crossref=server.url("crossref"),
        openalex=server.url("openalex"),
        arxiv=server.url("arxiv"),
    )


def asker(services: dict[Service, Source], cache: Cache, *, offline: bool = False) -> Asker:
    return Asker(services, cache, lambda *_: None, offline=offline)


def titles(found: dict[str, list[object]], key: str) -> list[str]:
    return [record.get("title") for record in found[key]]  # type: ignore[attr-defined]


# Politeness


@pytest.mark.parametrize(
    ("service", "by", "keys", "gap"),
    [
        ("arxiv", "arxiv", ["2001.00001"], 3.0),
        ("crossref", "doi", ["10.5555/kelp.1"], 0.1),
        ("crossref", "title", ["kelp in noise"], 1 / 3),
        ("openalex", "title", ["kelp in noise"], 0.1),
    ],
)
def test_requests_keep_their_distance(
    services: dict[Service, Source], time: Time, service: Service, by: str, keys: list[str], gap: float
) -> None:
    for _ in range(3):
        services[service].ask(by, keys)  # type: ignore[arg-type]
    assert time.slept == [pytest.approx(gap)] * 2


def test_who_gives_no_address_asks_more_slowly(server: Server, time: Time) -> None:
    with open_services(settings_for(server, contact=""), clock=time.clock) as opened:
        opened["crossref"].ask("title", ["kelp"])
        opened["crossref"].ask("title", ["moss"])
    assert time.slept == [pytest.approx(1.0)]
    assert "mailto" not in server.log[0].headers["user-agent"]


def test_the_rate_that_a_service_tells_is_kept(server: Server, services: dict[Service, Source], time: Time) -> None:
    server.headers = {"X-Rate-Limit-Limit": "2", "X-Rate-Limit-Interval": "5s"}
    for _ in range(3):
        services["crossref"].ask("title", ["kelp"])
    services["crossref"].ask("doi", ["10.5555/kelp.1"])
    assert time.slept == [pytest.approx(2.5)] * 3


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Rate-Limit-Limit": "many"},
        {"X-Rate-Limit-Limit": "0"},
        {"X-Rate-Limit-Limit": "1", "X-Rate-Limit-Interval": "900s"},
    ],
)
def test_a_rate_that_is_none_changes_nothing(
    server: Server, services: dict[Service, Source], time: Time, headers: dict[str, str]
) -> None:
    server.headers = headers
    services["crossref"].ask("title", ["kelp"])
    services["crossref"].ask("title", ["kelp"])
    assert time.slept == [pytest.approx(1 / 3)]


def test_we_say_who_we_are(server: Server, services: dict[Service, Source]) -> None:
    services["crossref"].ask("doi", ["10.5555/kelp.1"])
    agent = server.log[0].headers["user-agent"]
    assert agent.startswith("refsync/")
    assert "mailto:me@example.org" in agent


@pytest.mark.parametrize("contact", ["nobody", "a@b.c\r\nX-Evil: 1", "jörg@example.org", "me@here"])
def test_an_address_must_be_one(contact: str) -> None:
    with pytest.raises(ConfigError, match="contact"):
        EnrichSettings(contact=contact)


def test_the_key_goes_to_openalex_alone(server: Server) -> None:
    with open_services(settings_for(server), key="secret") as opened:
        opened["crossref"].ask("doi", ["10.5555/kelp.1"])
        opened["openalex"].ask("doi", ["10.5555/kelp.1"])
    assert [request.headers.get("authorization") for request in server.log] == [None, "Bearer secret"]
    other = replace(settings_for(server), openalex="https://openalex.org.example.net")
    with open_services(other, key="secret") as opened:
        assert "Authorization" not in opened["openalex"].connection._client.headers
    assert "secret" not in str([request.query for request in server.log])


# Batches


def test_identifiers_are_asked_for_many_at_a_time(
    server: Server, services: dict[Service, Source], cache: Cache
) -> None:
    dois, numbers = [paper.doi for paper in MANY], [paper.arxiv for paper in MANY]
    ask = asker(services, cache)
    assert titles(ask.find("crossref", "doi", dois), "10.5555/t.77") == ["Study 77 of Tides"]
    assert titles(ask.find("openalex", "doi", dois), "10.5555/t.130") == ["Study 130 of Tides"]
    found = ask.find("arxiv", "arxiv", numbers)
    assert len(found) == 130
    assert [len(server.asked(name)) for name in ("crossref", "openalex", "arxiv")] == [4, 3, 2]
    assert ask.sent == 9


def test_a_doi_with_a_comma_is_asked_for_alone(server: Server, services: dict[Service, Source], cache: Cache) -> None:
    for service in ("crossref", "openalex"):
        found = asker(services, cache).find(service, "doi", ["10.5555/moss,2", "10.5555/t.1", "10.5555/t.2"])
        assert {key: len(records) for key, records in found.items()} == dict.fromkeys(found, 1)
        assert len(server.asked(service)) == 2


def test_one_bad_key_spoils_no_batch(server: Server, services: dict[Service, Source], cache: Cache) -> None:
    server.longest_batch = 3
    ask = asker(services, cache)
    found = ask.find("crossref", "doi", [paper.doi for paper in MANY[:10]])
    assert len(found) == 10
    assert ask.failures == ()


def test_an_identifier_that_nobody_knows_is_an_answer(services: dict[Service, Source], cache: Cache) -> None:
    ask = asker(services, cache)
    for service, by, key in (
        ("crossref", "doi", "10.5555/no"),
        ("openalex", "doi", "10.5555/no"),
        ("arxiv", "arxiv", "9901.00001"),
    ):
        assert ask.find(service, by, [key]) == {key: []}  # type: ignore[arg-type]
        assert ask.find(service, by, [key, f"{key}1"]) == {key: [], f"{key}1": []}  # type: ignore[arg-type]
    assert ask.failures == ()


def test_signs_in_a_title_do_no_harm(services: dict[Service, Source], cache: Cache) -> None:
    from refsync.enrich.missing_fields import search_words

    sought = Sought(title='Kelp, in | "Noise": a & b', words=search_words('Kelp, in | "Noise": a & b'))
    for service, source in services.items():
        assert asker(services, cache).find(service, "title", [source.key("title", sought)])


# Patience


@pytest.mark.parametrize("how", ["500", "502", "503", "429", "reset", "cut", "cut-json", "page", "slow"])
@pytest.mark.parametrize("service", ["crossref", "openalex", "arxiv"])
def test_what_passes_is_tried_again(
    server: Server, services: dict[Service, Source], cache: Cache, how: str, service: Service
) -> None:
    server.fail(how)
    by, key = ("arxiv", "2001.00001") if service == "arxiv" else ("doi", "10.5555/kelp.1")
    ask = asker(services, cache)
    assert titles(ask.find(service, by, [key]), key) == ["Kelp in Noise"]  # type: ignore[arg-type]
    assert ask.sent == (1 if how == "slow" else 2)


def test_waits_grow_and_end(server: Server, services: dict[Service, Source], time: Time) -> None:
    server.fail("500", times=9)
    with pytest.raises(ServiceError, match=r"fault of its own \(500\)"):
        services["crossref"].ask("doi", ["10.5555/kelp.1"])
    assert [1 <= time.slept[0] < 2, 2 <= time.slept[1] < 4, 4 <= time.slept[2] < 6] == [True] * 3
    assert len(server.log) == connection.TRIES


@pytest.mark.parametrize("as_date", [False, True])
def test_it_waits_as_long_as_it_is_told(
    server: Server, services: dict[Service, Source], time: Time, as_date: bool
) -> None:
    server.fail("429", retry_after=formatdate(time.at + 17, usegmt=True) if as_date else "17")
    services["crossref"].ask("doi", ["10.5555/kelp.1"])
    assert 17 <= time.slept[0] <= 18
    assert len(time.slept) == 1


def test_who_is_told_to_come_back_tomorrow_gives_up(
    server: Server, services: dict[Service, Source], cache: Cache, time: Time
) -> None:
    server.fail("429", service="openalex", retry_after="43200", body=b'{"error": "Rate limit exceeded"}')
    ask = asker(services, cache)
    assert ask.find("openalex", "title", ["kelp in noise", "moss on walls"]) == {}
    (failure,) = ask.failures
    assert failure.lookups == 2
    for told in ("too many requests", "Rate limit exceeded", "12.0 hours", "OPENALEX_API_KEY"):
        assert told in failure.message
    assert (len(server.log), time.slept) == (1, [])


# What is said


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("403", ["refuses us (403)", "contact address"]),
        ("429", ["too many requests", "contact address"]),
        ("500", ["fault of its own (500)", "run it again later"]),
        ("400", ["does not take the question (400)"]),
        ("reset", ["cannot be reached", "--offline"]),
        ("silence", ["did not answer within"]),
        ("page", ["cannot be read", "web page", "login page"]),
        ("cut", ["cannot be reached"]),
        ("drops", ["did not answer within"]),
    ],
)
def test_each_failure_is_told_with_a_remedy(
    server: Server, cache: Cache, monkeypatch: pytest.MonkeyPatch, how: str, told: list[str]
) -> None:
    monkeypatch.setattr(connection, "TIMEOUT", 0.1)
    monkeypatch.setattr(connection, "TRIES", 2)
    monkeypatch.setattr(connection, "_pause", lambda state: 0.0)
    server.fail(how, times=99)
    with open_services(settings_for(server, contact="")) as opened:
        ask = asker(opened, cache)
        assert ask.find("crossref", "doi", ["10.5555/kelp.1"]) == {}
    (failure,) = ask.failures
    assert (failure.service, failure.lookups) == ("crossref", 1)
    for part in told:
        assert part in failure.message


def test_without_a_network_nobody_waits(
    server: Server, cache: Cache, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with open_services(replace(settings_for(server), crossref="http://crossref.example"), clock=time.clock) as opened:
        ask = asker(opened, cache)
        assert ask.find("crossref", "doi", ["10.5555/kelp.1"]) == {}
        assert (ask.sent, time.slept) == (1, [])
    assert "is there a network?" in ask.failures[0].message


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
def test_answers_that_are_none(
    server: Server, services: dict[Service, Source], cache: Cache, service: Service, body: bytes
) -> None:
    server.fail("body", body=body, times=99)
    ask = asker(services, cache)
    by, key = ("arxiv", "2001.00001") if service == "arxiv" else ("doi", "10.5555/kelp.1")
    assert ask.find(service, by, [key]) == {}  # type: ignore[arg-type]
    assert "cannot be read" in ask.failures[0].message
    assert cache.get(services[service].connection.base, by, key) is None


@pytest.mark.parametrize(
    "broken",
    [{"author": "Jane Doe"}, {"title": {"en": "Kelp"}}, {"issued": {"date-parts": [["MMXX"]]}}, {"author": [None]}],
)
def test_a_record_that_is_built_otherwise_is_no_crash(
    server: Server, services: dict[Service, Source], cache: Cache, broken: dict[str, object]
) -> None:
    import json

    body = json.dumps({"status": "ok", "message": {**KELP.crossref(), **broken, "published": None}}).encode()
    server.fail("body", body=body, times=99)
    asker(services, cache).find("crossref", "doi", ["10.5555/kelp.1"])


def test_an_address_that_leads_nowhere_is_told(server: Server, cache: Cache, time: Time) -> None:
    gone = replace(settings_for(server), crossref=server.url("crossref") + "/v9", arxiv="http://127.0.0.1:9/api")
    server.fail("404", times=9)
    with open_services(gone, clock=time.clock) as opened:
        ask = asker(opened, cache)
        ask.find("crossref", "title", ["kelp"])
        ask.find("arxiv", "arxiv", ["2001.00001"])
    assert "no such page (404)" in ask.failures[0].message
    assert "cannot be reached" in ask.failures[1].message


def test_a_service_that_is_down_is_left_alone(server: Server, services: dict[Service, Source], cache: Cache) -> None:
    server.fail("500", service="crossref", times=99)
    ask = asker(services, cache)
    assert ask.find("crossref", "title", [f"title {n}" for n in range(50)]) == {}
    assert len(server.log) == 2 * connection.TRIES
    assert sum(failure.lookups for failure in ask.failures) == 50
    assert ask.find("openalex", "doi", ["10.5555/kelp.1"])["10.5555/kelp.1"]


def test_a_question_that_is_refused_stops_no_other(
    server: Server, services: dict[Service, Source], cache: Cache
) -> None:
    server.fail("400", service="crossref", times=3)
    ask = asker(services, cache)
    found = ask.find("crossref", "title", ["a", "b", "c", "kelp in noise"])
    assert [*found] == ["kelp in noise"]
    assert [failure.lookups for failure in ask.failures] == [3]


def test_a_filter_that_openalex_does_not_take_stops_no_other(
    server: Server, services: dict[Service, Source], cache: Cache
) -> None:
    ask = asker(services, cache)
    assert [*ask.find("openalex", "title", ["kelp, in noise", "kelp in noise"])] == ["kelp in noise"]
    assert "does not take the question" in ask.failures[0].message


# The cache


def test_nothing_is_asked_twice(server: Server, services: dict[Service, Source], cache: Cache) -> None:
    first = asker(services, cache).find("crossref", "doi", ["10.5555/kelp.1", "10.5555/no"])
    ask = asker(services, cache)
    assert ask.find("crossref", "doi", ["10.5555/no", "10.5555/kelp.1"]) == first
    assert (len(server.log), ask.cached) == (1, 2)
    ask.find("crossref", "doi", ["10.5555/kelp.1", "10.5555/t.1"])
    assert server.log[-1].path.endswith("/works/10.5555/t.1")


def test_answers_grow_old_and_what_is_absent_sooner(
    server: Server, services: dict[Service, Source], cache: Cache, time: Time
) -> None:
    keys = ["10.5555/kelp.1", "10.5555/no"]
    asker(services, cache).find("crossref", "doi", keys)
    time.at += 8 * DAY
    asker(services, cache).find("crossref", "doi", keys)
    assert server.log[-1].path.endswith("/works/10.5555/no")
    time.at += 23 * DAY
    asker(services, cache).find("crossref", "doi", keys)
    assert "filter" in server.log[-1].query
    assert len(server.log) == 3


def test_offline_takes_what_there_is_however_old(
    server: Server, services: dict[Service, Source], cache: Cache, time: Time, tmp_path: Path
) -> None:
    asker(services, cache).find("crossref", "doi", ["10.5555/kelp.1"])
    time.at += 900 * DAY
    with Cache(tmp_path / "cache", 30, offline=True, today=lambda: time.at) as old:
        ask = asker(services, old, offline=True)
        assert [*ask.find("crossref", "doi", ["10.5555/kelp.1", "10.5555/t.1"])] == ["10.5555/kelp.1"]
    assert len(server.log) == 1


def test_other_addresses_have_other_answers(services: dict[Service, Source], cache: Cache) -> None:
    asker(services, cache).find("crossref", "doi", ["10.5555/kelp.1"])
    with services_server([]) as other, open_services(settings_for(other)) as opened:
        found = asker(opened, cache).find("crossref", "doi", ["10.5555/kelp.1"])
    assert found == {"10.5555/kelp.1": []}


def test_what_was_answered_before_an_interrupt_stays(
    server: Server, services: dict[Service, Source], tmp_path: Path
) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    with Cache(tmp_path / "cache", 30) as cache:
        ask = Asker(services, cache, interrupt)
        with pytest.raises(KeyboardInterrupt):
            ask.find("crossref", "title", ["kelp in noise", "moss on walls", "tides"])
    with Cache(tmp_path / "cache", 30) as again:
        asker(services, again).find("crossref", "title", ["kelp in noise", "moss on walls", "tides"])
    assert len(server.log) == 3


def test_a_cache_that_is_none_is_told_and_left(tmp_path: Path) -> None:
    (tmp_path / "enrich.sqlite").write_text("not a database, but " * 99)
    with pytest.raises(RefsyncError, match="remove it"):
        Cache(tmp_path, 30)
    assert (tmp_path / "enrich.sqlite").read_text().startswith("not a database")
