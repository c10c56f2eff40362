"""The sample review on one server for all tests of a process, with a new session for each test."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.sample_review import sample_session

if TYPE_CHECKING:
    from refsync.review.session import Session
    from refsync.review.web.server import Server


@dataclass
class Served:
    """A running server and its session."""

    server: "Server"
    session: "Session"

    @property
    def origin(self) -> str:
        """The address without path and token."""
        return f"http://127.0.0.1:{self.server.port}"

    def lines(self) -> list[dict[str, Any]]:
        """The lines of the decisions file."""
        path = self.session.path
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


@contextmanager
def running_server(folder: Path) -> Iterator["Server"]:
    """A server in a thread."""
    from refsync.review.web.server import Server

    server = Server(sample_session(folder))
    ready = threading.Event()
    thread = threading.Thread(target=server.run, args=(ready.set,))
    thread.start()
    assert ready.wait(10)
    yield server
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


def serve_new_session(server: "Server", folder: Path, session: "Session | None" = None) -> Served:
    """Replace the session of a server by another (the sample review without answers), and its secrets by new ones."""
    from refsync.review.web.app import make_app
    from refsync.review.web.guard import Secrets

    session = session or sample_session(folder)
    server.secrets = server.guard.secrets = Secrets()
    server.guard.app = make_app(session, server.secrets, server.stop)
    return Served(server, session)
