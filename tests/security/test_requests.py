"""What is sent: encrypted, to the host that the user named, and no identifier leads to another path there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.enrich.services import open_services
from refsync.enrich.settings import EnrichSettings
from refsync.errors import ConfigError, RefsyncError
from refsync.zotero.web import http
from refsync.zotero.web.address import parse_address
from refsync.zotero.web.client import ZoteroClient


@contextmanager
def server(status: int, headers: dict[str, str], body: bytes = b"") -> Iterator[tuple[str, list[Any]]]:
    """A server that gives one answer to everything, and what it was asked."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, dict(self.headers)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}", asked
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_key_does_not_follow_a_redirect_to_another_host(status: int) -> None:
    with server(200, {}, b"[]") as (evil, robbed):
        with server(status, {"Location": f"{evil}/keys/current"}) as (url, asked):
            with (
                ZoteroClient(parse_address("zotero:user/1", url), "K" * 24) as client,
                pytest.raises(RefsyncError, match="redirects"),
            ):
                client.check_access(write=True)
            assert "K" * 24 in str(asked)
            settings = EnrichSettings(crossref=url, openalex=url, services=("openalex",))
            with open_services(settings, "SECRET") as opened, pytest.raises(RefsyncError, match="redirects"):
                opened["openalex"].lookup("doi", ["10.5555/x"])
        assert robbed == []


@pytest.mark.parametrize(
    "address",
    [
        "http://api.zotero.example",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example",
        "ftp://x",
        "https://",
    ],
)
def test_only_encrypted_addresses_are_contacted(address: str) -> None:
    with pytest.raises(ConfigError):
        parse_address("zotero:user/1", address)
    with pytest.raises(ConfigError), open_services(EnrichSettings(crossref=address, services=("crossref",))):
        pass


@pytest.mark.parametrize(
    "identifier", ["10.5555/../../../admin/x", "10.5555/a?x=1#y", "10.5555/%2e%2e/x", "10.5555//x"]
)
@pytest.mark.parametrize("service", ["crossref", "openalex"])
def test_an_identifier_is_one_segment_of_the_path(identifier: str, service: Any) -> None:
    with server(404, {}) as (url, asked):
        settings = EnrichSettings(crossref=f"{url}/api", openalex=f"{url}/api", services=(service,))
        with open_services(settings) as opened:
            opened[service].lookup("doi", [identifier])
        ((path, _),) = asked
    assert path.startswith("/api/works/")
    assert not {"", ".", ".."} & {*path.split("/")[1:]}
    assert "?" not in path


@pytest.mark.parametrize(
    "body",
    [b"<p>Sign in</p>", b"{}", b"[7]", b'[{"data": 7}]', b'[{"data": {}}]', b"[" * 100_000, b"\xff", b"null"],
)
def test_a_reply_of_another_form_is_a_message(
    body: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(http.time, "sleep", lambda _: None)
    monkeypatch.delenv("ZOTERO_API_KEY", raising=False)
    with server(200, {"Last-Modified-Version": "7", "Total-Results": "1"}, body) as (url, _):
        code = main(["pull", "zotero:user/1", "-o", "out.bib", "--endpoint", url])
    error = capsys.readouterr().err
    if body == b"{}":  # no items
        return
    assert code == 2
    assert "not as Zotero does" in error
    assert not Path("out.bib").exists()
