"""A review page on a real socket, and a client that sends requests as a browser does."""

import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from refsync.review.session import Session
from refsync.review.web.server import Server


@dataclass
class Client:
    """Sends requests to a server, by default with the headers and the cookie of the page."""

    server: Server
    session: Session
    cookie: str = ""
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str | None) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of the response."""
        sent = {"Host": f"127.0.0.1:{self.server.port}", "Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if method == "POST":
            sent |= {"Origin": f"http://127.0.0.1:{self.server.port}", "Content-Type": "application/json"}
            sent["X-Refsync-Token"] = self.token
        sent |= {name.replace("_", "-"): value or "" for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            data = b"" if body is None else json.dumps(body).encode()
            if method == "POST":
                sent.setdefault("Content-Length", str(len(data)))
            for name, value in sent.items():
                if value:
                    connection.putheader(name, value)
            connection.endheaders(data or None)
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read().decode()
        finally:
            connection.close()

    def get(self, path: str, **headers: str | None) -> str:
        """The text of a page, after redirects."""
        status, received, text = self.ask("GET", path, **headers)
        if status == 303:
            return self.get(received["location"], **headers)
        assert status == 200, text
        return text

    def do(self, **action: Any) -> dict[str, str]:
        """The page that an action leads to."""
        status, _, text = self.ask("POST", "/do", action)
        assert status == 200, text
        return dict(json.loads(text))

    def lines(self) -> list[dict[str, Any]]:
        """The lines of the decisions file."""
        text = self.session.path.read_text(encoding="utf-8") if self.session.path.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    @property
    def start_path(self) -> str:
        """The path of the printed address, with the token that opens the page once."""
        return self.server.address.partition(str(self.server.port))[2]

    def open(self) -> None:
        """Open the printed address: gives the cookie and the token of the page."""
        status, headers, _ = self.ask("GET", self.start_path)
        assert status == 303
        self.cookie = headers["set-cookie"].partition(";")[0]
        found = re.search(r'name="refsync-token" content="([^"]+)"', self.get("/"))
        assert found
        self.token = found[1]


@contextmanager
def serving(session: Session) -> Iterator[Client]:
    """A client of a running server, that has not opened the printed address."""
    server = Server(session)
    ready = threading.Event()
    thread = threading.Thread(target=server.run, args=(ready.set,))
    thread.start()
    assert ready.wait(10)
    yield Client(server, session)
    server.stop()
    thread.join(10)
    assert not thread.is_alive()
