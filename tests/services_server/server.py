"""The server: which papers answer a request, and the faults that tests switch on."""

import json
import socket
import struct
import threading
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.services_server.papers import Paper, feed

PAGE = b"<!doctype html><html><body><h1>Sign in to the harbour's network</h1></body></html>"


@dataclass(frozen=True)
class Request:
    """One request in the log."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Fault:
    """A fault in the next requests to a service (to any service, if `service` is empty)."""

    how: str
    service: str = ""
    times: int = 1
    retry_after: str = ""
    body: bytes = b""


class Server:
    """A server in its own thread; `log` lists the requests."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self.papers = list(papers)
        self.log: list[Request] = []
        self.headers: dict[str, str] = {}  # sent with every answer
        self.longest_batch = 10**6
        self._faults: list[Fault] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"owner": self}))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/{service}"

    def fail(self, how: str, **more: Any) -> None:
        """Switch on a fault, after those that are on already."""
        self._faults.append(Fault(how, **more))

    def heal(self) -> None:
        """Switch all faults off."""
        self._faults.clear()

    def asked(self, service: str) -> list[Request]:
        return [request for request in self.log if request.path.startswith(f"/{service}/")]

    def next_fault(self, path: str) -> Fault | None:
        for fault in self._faults:
            if fault.times and path.startswith(f"/{fault.service}"):
                fault.times -= 1
                return fault
        return None

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of the response."""
        service, _, rest = path.lstrip("/").partition("/")
        return {"crossref": self._crossref, "openalex": self._openalex, "arxiv": self._arxiv}[service](rest, query)

    def _papers_at(self, service: str) -> list[Paper]:
        return [paper for paper in self.papers if service in paper.at and (paper.doi or service != "crossref")]

    def _crossref(self, rest: str, query: dict[str, str]) -> tuple[int, bytes]:
        papers = self._papers_at("crossref")
        if rest.startswith("works/"):
            found = [paper for paper in papers if paper.doi.lower() == unquote(rest[6:]).lower()]
            return (200, _work(found[0])) if found else (404, b"Resource not found.")
        if filters := query.get("filter"):
            dois = [part.removeprefix("doi:") for part in filters.split(",")]
            if any(not doi.startswith("10.") for doi in dois) or len(dois) > self.longest_batch:
                return 400, b'{"status":"failed","message-type":"validation-failure","message":[{"value":"?"}]}'
            found = [paper for paper in papers if paper.doi.lower() in dois]
        else:
            found = _search(papers, query["query.bibliographic"])
        items = [paper.crossref() for paper in found[: int(query["rows"])]]
        return 200, _json({"status": "ok", "message-type": "work-list", "message": {"items": items}})

    def _openalex(self, rest: str, query: dict[str, str]) -> tuple[int, bytes]:
        papers = self._papers_at("openalex")
        if rest.startswith("works/doi:"):
            found = [paper for paper in papers if paper.doi.lower() == unquote(rest[10:]).lower()]
            return (200, _json(found[0].openalex())) if found else (404, b"<!doctype html><title>404</title>")
        name, _, value = query["filter"].partition(":")
        if "," in value:
            return 403, b'{"error":"Invalid query parameters error.","message":"Invalid query parameter"}'
        found = _search(papers, value) if name == "title.search" else [p for p in papers if p.doi in value.split("|")]
        return 200, _json({"meta": {"count": len(found)}, "results": [paper.openalex() for paper in found]})

    def _arxiv(self, rest: str, query: dict[str, str]) -> tuple[int, bytes]:
        papers = [paper for paper in self._papers_at("arxiv") if paper.arxiv]
        if ids := query.get("id_list"):
            found = [paper for number in ids.split(",") for paper in papers if paper.arxiv == number]
        else:
            found = _search(papers, query["search_query"].removeprefix("ti:"))
        return 200, feed(found[: int(query.get("max_results", "10"))]).encode()


def _work(paper: Paper) -> bytes:
    return _json({"status": "ok", "message-type": "work", "message": paper.crossref()})


def _search(papers: list[Paper], query: str) -> list[Paper]:
    """Papers that share most words of a query, the most similar first, as a search engine returns them."""

    def words(text: str) -> set[str]:
        plain = unicodedata.normalize("NFKD", text).casefold()
        return {"".join(filter(str.isalnum, word)) for word in plain.split()}

    wanted = words(query)
    shares = [(len(wanted & words(paper.title)) / max(len(words(paper.title)), 1), paper) for paper in papers]
    return [paper for share, paper in sorted(shares, key=lambda pair: -pair[0]) if share >= 0.6]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


class _Handler(BaseHTTPRequestHandler):
    owner: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.owner.log.append(Request(address.path, query, {k.lower(): v for k, v in self.headers.items()}))
        fault = self.owner.next_fault(address.path)
        if fault is None:
            self._send(*self.owner.answer(address.path, query))
        elif fault.how.isdigit():
            more = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self._send(int(fault.how), fault.body or b"Too bad.", more)
        elif fault.how == "body":
            self._send(200, fault.body)
        elif fault.how == "page":
            self._send(200, PAGE)
        elif fault.how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
        elif fault.how == "silence":
            time.sleep(0.5)
            self.close_connection = True
        else:
            self._broken(fault.how, *self.owner.answer(address.path, query))

    def _broken(self, how: str, status: int, body: bytes) -> None:
        if how == "slow":
            time.sleep(0.05)
            self._send(status, body)
            return
        if how == "cut-json":  # complete for HTTP, but the text ends early
            self._send(status, body[: len(body) * 2 // 3])
            return
        assert how in ("cut", "drops"), how
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if how == "cut" else 10**6))
        self.end_headers()
        self.close_connection = True
        if how == "cut":
            self.wfile.write(body[: len(body) // 2])
            return
        try:
            for _ in range(400):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.01)
        except OSError:  # the client closed the connection
            pass

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**self.owner.headers, **(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the standard library's
        """Print nothing."""
