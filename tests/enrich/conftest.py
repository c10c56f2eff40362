from collections.abc import Iterator
from pathlib import Path

import pytest

from refsync.enrich.cache import Cache
from refsync.enrich.services import ServiceClient, open_services
from refsync.enrich.settings import Service
from tests.enrich.helpers import KELP, MANY, MOSS, Time, settings_for
from tests.services_server import Server, services_server


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server() -> Iterator[Server]:
    with services_server([KELP, MOSS, *MANY]) as running:
        yield running


@pytest.fixture
def services(server: Server, time: Time) -> Iterator[dict[Service, ServiceClient]]:
    with open_services(settings_for(server), clock=time.clock) as opened:
        yield opened


@pytest.fixture
def cache(tmp_path: Path, time: Time) -> Iterator[Cache]:
    with Cache(tmp_path / "cache", 30, today=lambda: time.at) as opened:
        yield opened
