"""A Zotero Web API v3 server for tests: a real socket on loopback, the state in memory.

with zotero_server(users={12345: "ada"}, groups={100: "Lab"}) as server:
    (key,) = server.add("users/12345", {"itemType": "book", "title": "Kelp"})  # there without a request
    server.fail("reset-after", n=3)  # the third request from now: carried out, but without a response
    ...  # talk to server.url with server.key
    assert server.count(write=True) == 1  # the requests
    assert server.library("users/12345").items[key].data["title"] == "Kelp"
"""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch

from .faults import Entry, Fault, Limit
from .server import Server
from .state import Group, Key, Library, Thing, rights

__all__ = ["Entry", "Fault", "Group", "Key", "Library", "Limit", "Server", "Thing", "rights", "zotero_server"]


@contextmanager
def zotero_server(
    users: Mapping[int, str] | None = None,
    groups: Mapping[int, str] | None = None,
    keys: Mapping[str, Key] | None = None,
    *,
    latency: float = 0.0,
    limit: Limit | None = None,
) -> Iterator[Server]:
    """Run a server.

    Args:
        users: User names by id; by default one user, 12345.
        groups: Group names by id. They belong to the first user.
        keys: More API keys by their text (see `rights`). ``server.key`` is one with all rights.
        latency: Seconds that each request takes.
        limit: The rate limit; ``Limit()`` has that of the real server.
    """
    server = Server(users or {12345: "tester"}, groups or {}, keys or {}, latency, limit)
    server.start()
    try:
        # loading certificates takes each client longer than a whole run, and loopback needs none
        with patch.object(ssl.SSLContext, "load_verify_locations"):
            yield server
    finally:
        server.stop()
