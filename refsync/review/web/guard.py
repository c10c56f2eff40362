"""What stands before the page: only the browser that was given the address may see it, and only its page may act.

A page on the web can make a browser send requests to this machine, and a name that it controls can be made to point
here (DNS rebinding). So each request must name this server as its host; it must come from the page itself, by
`Sec-Fetch-Site` and `Origin`; it must carry the cookie, which is given once for the token in the printed address; and
one that changes anything must carry a token that only the page knows. Cookies of this machine are shared by all its
ports, so that the cookie's name has the port in it.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000  # of a request's body
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
TOKEN_HEADER = "X-Refsync-Token"


@dataclass(slots=True)
class Keys:
    """The secrets of one server. `once` opens the page and is empty afterwards."""

    once: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    page: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class Guard:
    """Lets through what may pass, and gives every answer the headers that keep the page to itself."""

    def __init__(self, app: ASGIApp, port: int, keys: Keys) -> None:
        self.app, self.keys = app, keys
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.cookie = f"refsync-review-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let it through."""
        if scope["type"] != "http":
            raise RuntimeError(f"the review page does not speak {scope['type']}")

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        answer: Callable[[Scope, Receive, Send], Awaitable[None]] = self._refusal(scope) or self.app
        await answer(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self.hosts]:
            return _no("this server answers to its own address only", 421)
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return _no("requests from other sites are refused")
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.hosts}:
            return _no("requests from other sites are refused")
        method = scope["method"]
        if method not in {"GET", "HEAD", "POST"}:
            return _no(f"{method} is not known here", 405)
        if scope["path"] == "/start" and method == "GET":
            return self._start(scope)
        if not self._has_cookie(headers):
            return _no("open the address that `refsync review` printed; it works once, in one browser")
        return self._refused_change(headers, origin) if method == "POST" else None

    def _start(self, scope: Scope) -> Response:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[-1]
        if not (self.keys.once and secrets.compare_digest(given.encode(), self.keys.once.encode())):
            return _no(
                "this address was used before; end `refsync review` with Ctrl-C and start it again for a new one"
            )
        self.keys.once = ""
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(self.cookie, self.keys.cookie, httponly=True, samesite="strict", path="/")
        return response

    def _has_cookie(self, headers: Headers) -> bool:
        wanted = f"{self.cookie}={self.keys.cookie}".encode()
        sent = [part.strip().encode() for line in headers.getlist("cookie") for part in line.split(";")]
        return any([secrets.compare_digest(part, wanted) for part in sent])  # noqa: C419  # in constant time

    def _refused_change(self, headers: Headers, origin: str | None) -> Response | None:
        token = headers.get(TOKEN_HEADER, "")
        if origin is None or not secrets.compare_digest(token.encode(), self.keys.page.encode()):
            return _no("only the review page itself may change anything")
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _no("JSON is expected", 415)
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdecimal():
            return _no("how long is it?", 411)
        return _no("that is too long", 413) if int(length) > MOST_BYTES else None


def _no(message: str, status: int = 403) -> Response:
    return PlainTextResponse(f"refsync: {message}\n", status)
