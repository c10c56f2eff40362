"""Access control: only the browser that opened the printed address may see the page, and only the page may change data.

A page on the web can make a browser send requests to this machine (CSRF), also through a host name that resolves to it
(DNS rebinding). Therefore each request must have this server as its `Host`, must come from the page itself by
`Sec-Fetch-Site` and `Origin`, and must carry the cookie, which the token in the printed address gives once. A request
that changes data must also carry a token that only the page has. All ports of a machine share their cookies, so the
cookie's name contains the port.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from secrets import compare_digest, token_urlsafe
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 1_000_000
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
_ONWARD = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><a href="/">Review</a>'
TOKEN_HEADER = "X-Refsync-Token"


@dataclass(slots=True)
class Secrets:
    """The secrets of one server. `start_token` opens the page once and is empty afterwards."""

    start_token: str = field(default_factory=lambda: token_urlsafe(32))
    cookie: str = field(default_factory=lambda: token_urlsafe(32))
    page_token: str = field(default_factory=lambda: token_urlsafe(32))


class Guard:
    """ASGI middleware that refuses forbidden requests and adds security headers to every response."""

    def __init__(self, app: ASGIApp, port: int, secrets: Secrets, now: Callable[[], float] = time.monotonic) -> None:
        """Guard an app; `now` is a clock in seconds."""
        self.app, self.secrets, self._now = app, secrets, now
        self.last_use = now()
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.cookie = f"refsync-review-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request or pass it on."""
        if scope["type"] != "http":
            raise RuntimeError(f"the review page does not support {scope['type']}")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None and scope["path"] != "/state":  # which an open page asks for by itself
            self.last_use = self._now()
        response: Callable[[Scope, Receive, Send], Awaitable[None]] = refusal or self.app
        await response(scope, receive, send_with_headers)

    @property
    def idle(self) -> float:
        """The seconds since a person used the page."""
        return self._now() - self.last_use

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self.hosts]:
            return _refuse("this server only answers requests to its own address", 421)
        starts = scope["path"] == "/start" and scope["method"] == "GET"
        if not starts and headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return _refuse("requests from other sites are refused")
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.hosts}:
            return _refuse("requests from other sites are refused")
        method = scope["method"]
        if method not in {"GET", "HEAD", "POST"}:
            return _refuse(f"{method} is not supported", 405)
        if starts:
            return self._start(scope, headers)
        if not self._has_cookie(headers):
            return _refuse("open the address that `refsync review` printed; it works once, in one browser")
        return self._change_refusal(headers, origin) if method == "POST" else None

    def _start(self, scope: Scope, headers: Headers) -> Response:
        """Give the cookie for the token, from wherever the browser comes: see `refsync.review.web.start_file`."""
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[-1]
        if not (self.secrets.start_token and compare_digest(token.encode(), self.secrets.start_token.encode())):
            return _refuse(
                "this address was used before; end `refsync review` with Ctrl-C and start it again to get a new one"
            )
        self.secrets.start_token = ""
        response: Response = RedirectResponse("/", status_code=303)
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            # after a redirect from another site the browser would keep the cookie back
            response = HTMLResponse(_ONWARD)
        response.set_cookie(self.cookie, self.secrets.cookie, httponly=True, samesite="strict", path="/")
        return response

    def _has_cookie(self, headers: Headers) -> bool:
        wanted = f"{self.cookie}={self.secrets.cookie}".encode()
        sent = [part.strip().encode() for line in headers.getlist("cookie") for part in line.split(";")]
        return any([compare_digest(part, wanted) for part in sent])  # noqa: C419  # in constant time

    def _change_refusal(self, headers: Headers, origin: str | None) -> Response | None:
        token = headers.get(TOKEN_HEADER, "")
        if origin is None or not compare_digest(token.encode(), self.secrets.page_token.encode()):
            return _refuse("only the review page may change anything")
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _refuse("JSON is expected", 415)
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdecimal():
            return _refuse("a Content-Length is required", 411)
        return _refuse("the request is too large", 413) if int(length) > MAX_BODY_BYTES else None


def _refuse(message: str, status: int = 403) -> Response:
    return PlainTextResponse(f"refsync: {message}\n", status)
