"""The cache of look-ups: nothing is asked twice, and old answers are asked again."""

from pathlib import Path

import pytest

from refsync.enrich.cache import DAY, Cache
from refsync.enrich.cached_lookups import CachedLookups
from refsync.enrich.services import ServiceClient, open_services
from refsync.enrich.settings import Service
from refsync.errors import RefsyncError
from tests.enrich.helpers import Time, lookups_of, settings_for
from tests.services_server import Server, services_server


def test_nothing_is_asked_twice(server: Server, services: dict[Service, ServiceClient], cache: Cache) -> None:
    first = lookups_of(services, cache).find("crossref", "doi", ["10.5555/kelp.1", "10.5555/no"])
    lookups = lookups_of(services, cache)
    assert lookups.find("crossref", "doi", ["10.5555/no", "10.5555/kelp.1"]) == first
    assert (len(server.log), lookups.cached) == (1, 2)
    lookups.find("crossref", "doi", ["10.5555/kelp.1", "10.5555/t.1"])
    assert server.log[-1].path.endswith("/works/10.5555/t.1")


def test_answers_expire_and_empty_ones_sooner(
    server: Server, services: dict[Service, ServiceClient], cache: Cache, time: Time
) -> None:
    keys = ["10.5555/kelp.1", "10.5555/no"]
    lookups_of(services, cache).find("crossref", "doi", keys)
    time.at += 8 * DAY
    lookups_of(services, cache).find("crossref", "doi", keys)
    assert server.log[-1].path.endswith("/works/10.5555/no")
    time.at += 23 * DAY
    lookups_of(services, cache).find("crossref", "doi", keys)
    assert "filter" in server.log[-1].query
    assert len(server.log) == 3


def test_offline_uses_answers_of_any_age(
    server: Server, services: dict[Service, ServiceClient], cache: Cache, time: Time, tmp_path: Path
) -> None:
    lookups_of(services, cache).find("crossref", "doi", ["10.5555/kelp.1"])
    time.at += 900 * DAY
    with Cache(tmp_path / "cache", 30, offline=True, today=lambda: time.at) as old:
        lookups = lookups_of(services, old, offline=True)
        assert [*lookups.find("crossref", "doi", ["10.5555/kelp.1", "10.5555/t.1"])] == ["10.5555/kelp.1"]
    assert len(server.log) == 1


def test_answers_belong_to_one_address(services: dict[Service, ServiceClient], cache: Cache) -> None:
    lookups_of(services, cache).find("crossref", "doi", ["10.5555/kelp.1"])
    with services_server([]) as other, open_services(settings_for(other)) as opened:
        found = lookups_of(opened, cache).find("crossref", "doi", ["10.5555/kelp.1"])
    assert found == {"10.5555/kelp.1": []}


def test_answers_before_an_interrupt_are_kept(
    server: Server, services: dict[Service, ServiceClient], tmp_path: Path
) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    with Cache(tmp_path / "cache", 30) as cache:
        lookups = CachedLookups(services, cache, interrupt)
        with pytest.raises(KeyboardInterrupt):
            lookups.find("crossref", "title", ["kelp in noise", "moss on walls", "tides"])
    with Cache(tmp_path / "cache", 30) as again:
        lookups_of(services, again).find("crossref", "title", ["kelp in noise", "moss on walls", "tides"])
    assert len(server.log) == 3


def test_a_damaged_cache_is_reported_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "enrich.sqlite").write_text("not a database, but " * 99, encoding="utf-8")
    with pytest.raises(RefsyncError, match="remove it"):
        Cache(tmp_path, 30)
    assert (tmp_path / "enrich.sqlite").read_text(encoding="utf-8").startswith("not a database")
