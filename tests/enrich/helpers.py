"""A clock that tests control, papers that the services know, and short cuts to ask for them."""

from dataclasses import dataclass, field

from refsync.enrich.cache import Cache
from refsync.enrich.cached_lookups import CachedLookups
from refsync.enrich.connection import Clock
from refsync.enrich.services import ServiceClient
from refsync.enrich.settings import EnrichSettings, Service
from tests.services_server import Paper, Server

KELP = Paper("Kelp in Noise", ["Doe, Jane"], doi="10.5555/kelp.1", arxiv="2001.00001", journal="Journal of Kelp")
MOSS = Paper("Moss on Walls", ["Roe, Ann"], doi="10.5555/moss,2", arxiv="2001.00002", journal="Journal of Moss")
MANY = [Paper(f"Study {n} of Tides", ["Poe, P."], doi=f"10.5555/t.{n}", arxiv=f"2101.{n:05}") for n in range(1, 131)]


@dataclass
class Time:
    """Time that passes only when somebody waits."""

    at: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.at, lambda: self.at, self.sleep)


def settings_for(server: Server, **more: str) -> EnrichSettings:
    return EnrichSettings(
        contact=more.get("contact", "me@example.org"),
        crossref=server.url("crossref"),
        openalex=server.url("openalex"),
        arxiv=server.url("arxiv"),
    )


def lookups_of(services: dict[Service, ServiceClient], cache: Cache, *, offline: bool = False) -> CachedLookups:
    return CachedLookups(services, cache, lambda *_: None, offline=offline)


def titles(found: dict[str, list[object]], key: str) -> list[str]:
    return [record.get("title") for record in found[key]]  # type: ignore[attr-defined]
