"""The running server: an ASGI app under uvicorn in its own thread, and the methods for tests."""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from . import writing
from .app import handle
from .desktop import desktop
from .faults import BROKEN, HOWS, SIMPLE, Entry, Fault, Limit
from .http import Reply, Request, bare
from .reading import Query
from .state import Group, Key, Library, World, rights

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
MAX_CONCURRENT = 5
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no time: closing sends RST


class _Protocol(H11Protocol):
    """HTTP/1.1 that gives the app its connection, to break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "transport": transport}


class _Loop(uvicorn.Server):
    """Stops when it is asked to, without a timer: under `faketime` timers of a clock that does not move never end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.running = threading.Event()
        self.stopping = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.running.set()
        await self.on_tick(0)
        await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()  # type: ignore[union-attr]
        for task in list(self.server_state.tasks):
            task.cancel()

    def stop(self) -> None:
        """Stop the loop, from another thread."""
        self.running.wait()
        assert self.loop
        self.loop.call_soon_threadsafe(self.stopping.set)


class Server:
    """A running server, with methods to fill it, inject faults and inspect it."""

    def __init__(
        self,
        users: Mapping[int, str],
        groups: Mapping[int, str],
        keys: Mapping[str, Key],
        latency: float,
        limit: Limit | None,
    ) -> None:
        self.world = World()
        self.key = "K" * 24
        self.latency = latency
        self.limit = limit
        self.desktop: bool | None = None  # if set it is the client on this computer; whether programs have access
        self.log: list[Entry] = []
        self.faults: list[Fault] = []
        self._active = 0
        for number, name in users.items():
            self.world.users[number] = name
            self.world.libraries[f"users/{number}"] = Library("users", number, name, slug=name)
        for number, name in groups.items():
            owner, *members = users
            group = Group(owner=owner, members=members)
            self.world.libraries[f"groups/{number}"] = Library("groups", number, name, group=group)
        self.world.keys |= {self.key: rights(next(iter(users))), **keys}

    # For tests

    def library(self, path: str) -> Library:
        """A library by its path, e.g. ``users/12345``."""
        return self.world.libraries[path]

    def add(self, path: str, *items: dict[str, Any], kind: str = "items") -> list[str]:
        """Add items (or collections) to a library without a request, by the rules of a POST; returns their keys.

        Raises:
            Failure: The server would refuse one of them.
        """
        library = self.library(path)
        return [writing.write(library, kind, item.get("key"), dict(item))[0].key for item in items]

    def edit(self, path: str, key: str, **changes: Any) -> int:
        """Change an item as another client would; returns its new version."""
        return writing.write(self.library(path), "items", key, changes)[0].version

    def fail(
        self,
        how: str,
        n: int = 1,
        *,
        times: int | None = 1,
        method: str = "",
        path: str = "",
        retry_after: int | None = None,
    ) -> Fault:
        """Inject a fault, from the n-th matching request on, `times` times (None: always).

        Args:
            how: ``reset-before`` or ``reset-after`` the write takes effect, ``timeout`` (no response) or
                ``timeout-after`` (no response, but carried out), ``truncate`` (carried out, half of the body), ``409``,
                ``412``, ``429``, ``500``, ``503`` (each also with ``-after``), ``backoff`` (a normal response that asks
                to wait), ``latency``.
            n: Which matching request is the first, counted from now.
            times: How many matching requests in a row.
            method: Only requests with this method; ``write`` means all but GET and HEAD.
            path: Only requests whose path contains this.
            retry_after: Seconds in Retry-After (429; absent if None) or Backoff.
        """
        if how not in HOWS:
            raise ValueError(f"{how!r} is none of {', '.join(sorted(HOWS))}")

        def match(request: Request) -> bool:
            named = request.method == method or (method == "write" and request.writes)
            return (not method or named) and path in request.path

        fault = Fault(how=how, n=n, times=times, match=match, retry_after=retry_after)
        self.faults.append(fault)
        return fault

    def before(self, n: int, call: Callable[[], object], *, method: str = "", path: str = "") -> None:
        """Do something right before the reply to the n-th matching request, e.g. another client's edit."""
        self.fail("call", n, method=method, path=path).call = call

    def save(self) -> World:
        """The whole state, for `restore`."""
        return deepcopy(self.world)

    def restore(self, state: World) -> None:
        """Restore a saved state, without faults and with an empty log. Libraries are other objects afterwards."""
        self.world = deepcopy(state)
        self.clear()

    def clear(self) -> None:
        """Remove all faults and the log."""
        self.faults.clear()
        self.log.clear()

    def count(self, *, method: str = "", path: str = "", write: bool | None = None) -> int:
        """How many matching requests were made."""
        return sum(
            (not method or e.method == method) and path in e.path and write in (None, e.write) for e in list(self.log)
        )

    # Running

    def start(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        quiet: dict[str, Any] = {"log_config": None, "log_level": "critical", "access_log": False}
        config = uvicorn.Config(self, http=_Protocol, ws="none", lifespan="off", timeout_keep_alive=60, **quiet)
        self._uvicorn = _Loop(config)
        self._thread = threading.Thread(target=self._uvicorn.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._uvicorn.stop()
        self._thread.join()
        self._socket.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reply to one request, with the injected faults."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        query = scope["query_string"].decode()
        pairs = tuple(parse_qsl(query, keep_blank_values=True))
        headers = {k.decode().lower(): v.decode("latin-1") for k, v in scope["headers"]}
        request = Request(scope["method"], scope["path"], Query(pairs), headers, body)
        due = [fault for fault in self.faults if fault.due(request)]
        slow = self.latency + sum(f.seconds for f in due if f.kind == "latency")
        self._active += 1
        try:
            await asyncio.sleep(slow)
            fault, reply = self._answer(request, due)
            self._record(request, query, fault, reply)
            await self._reply(scope, receive, send, request, fault, reply)
        finally:
            self._active -= 1

    def _answer(self, request: Request, due: list[Fault]) -> tuple[Fault | None, Reply]:
        if self._active > MAX_CONCURRENT:
            return None, bare(429, "Too many concurrent requests", Retry_After=str(random.randint(1, 30)))
        if self.limit and self.limit.exceeded():
            return None, SIMPLE["429"](10)
        for call in (f.call for f in due if f.call):
            call()
        fault = next((f for f in due if f.kind in BROKEN or f.kind in SIMPLE), None)
        if fault and not fault.takes_effect:
            return fault, SIMPLE[fault.kind](fault.retry_after) if fault.kind in SIMPLE else Reply(0)
        if self.desktop is None:
            reply = handle(self.world, request)
        else:
            reply = desktop(self.world, request, handle, enabled=self.desktop)
        if fault and fault.kind in SIMPLE:
            reply = SIMPLE[fault.kind](fault.retry_after)
        for backoff in (f for f in due if f.how == "backoff"):
            reply.headers["Backoff"] = str(backoff.retry_after or 1)
        return fault, reply

    def _record(self, request: Request, query: str, fault: Fault | None, reply: Reply) -> None:
        status = 0 if fault and fault.kind in BROKEN else reply.status
        self.log.append(Entry(request.method, request.path, query, status, fault.how if fault else "", request.body))

    async def _reply(
        self, scope: Scope, receive: Receive, send: Send, request: Request, fault: Fault | None, reply: Reply
    ) -> None:
        if fault and fault.kind == "timeout":
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        if fault and fault.kind == "reset":
            self._break(scope)
            return
        body = b"" if request.method == "HEAD" or reply.status in (204, 304) else reply.encoded()
        headers = {"Content-Type": "text/html; charset=UTF-8"} | reply.headers if reply.status != 304 else reply.headers
        if reply.status not in (204, 304):
            headers = headers | {"Content-Length": str(len(body))}
        pairs = [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": pairs})
        if fault and fault.kind == "truncate":
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            scope["state"]["transport"].close()
            return
        await send({"type": "http.response.body", "body": body})

    @staticmethod
    def _break(scope: Scope) -> None:
        transport = scope["state"]["transport"]
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        transport.abort()
