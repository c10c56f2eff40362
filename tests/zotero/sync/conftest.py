"""Fixtures of the tests of a sync."""

from typing import Any

import pytest

from tests.zotero.sync.workspace import HAND_MADE, PATH, ROE, SHELLS, replace, sync, write
from tests.zotero_server import Server


@pytest.fixture
def synced(server: Server) -> dict[str, str]:
    """Two pairs that agree; the keys of their items."""
    keys = server.add(PATH, ROE, SHELLS)
    write(HAND_MADE)
    assert sync() == 0
    return dict(zip(("roe2020", "shells"), keys, strict=True))


@pytest.fixture
def conflict(server: Server, synced: Any) -> dict[str, str]:
    """Both sides have changed the year and the volume."""
    server.edit(PATH, synced["roe2020"], date="2019", volume="9")
    replace("year = 2020", "year = 2021, volume = 8")
    return synced
