"""The server's socket."""

import pytest

from refsync.errors import ConfigError
from refsync.review.web.server import Server
from tests.review.web.client import Client


def test_a_port_in_use_is_reported(client: Client) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        Server(client.session, client.server.port)
