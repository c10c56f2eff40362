"""Faults that tests inject, and the log of requests."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from .http import Reply, Request, bare

Match = Callable[[Request], bool]
SIMPLE: dict[str, Callable[[int | None], Reply]] = {  # from the seconds of Retry-After
    "409": lambda _after: Reply(409, "Library is locked"),
    "412": lambda _after: Reply(412, "Library has been modified since specified version (expected 1, found 2)"),
    "429": lambda after: bare(429, "Request rate limit exceeded", **({"Retry_After": str(after)} if after else {})),
    "500": lambda _after: Reply(500, "An error occurred"),
    "503": lambda _after: bare(503, "Server updates in progress. Please try again in a few minutes."),
    # what others answer in the server's place
    "login page": lambda _after: bare(200, "<html><head><title>Harbour Hotel</title></head><body>Log in</body></html>"),
    "other list": lambda _after: Reply(200, [], bare=True),
    "other object": lambda _after: Reply(200, {"error": "log in first"}, bare=True),
    "empty reply": lambda _after: bare(200, ""),
}
BROKEN = ("reset", "timeout", "truncate")
HOWS = {*SIMPLE, *(f"{how}-after" for how in SIMPLE)} | set(
    "reset-before reset-after timeout timeout-after truncate backoff latency call".split()
)


@dataclass(slots=True)
class Fault:
    """One fault: from the `n`-th matching request on, `times` times (None: always)."""

    how: str
    n: int = 1
    times: int | None = 1
    match: Match = lambda _request: True
    seconds: float = 0.02  # latency
    retry_after: int | None = None  # of 429; the seconds of Backoff
    call: Callable[[], object] | None = None
    seen: int = 0

    def due(self, request: Request) -> bool:
        """Whether this request has the fault; counts it."""
        if not self.match(request):
            return False
        self.seen += 1
        return self.seen >= self.n and (self.times is None or self.seen < self.n + self.times)

    @property
    def kind(self) -> str:
        return self.how.removesuffix("-after").removesuffix("-before")

    @property
    def takes_effect(self) -> bool:
        """Whether the write is carried out although the client gets no normal response."""
        return self.how.endswith("-after") or self.how == "truncate"


@dataclass(slots=True)
class Limit:
    """A leaky bucket: `burst` requests at once, then `per_second`."""

    burst: float = 100  # the real server's values for one user
    per_second: float = 10
    level: float = 0
    at: float = 0

    def exceeded(self) -> bool:
        now = monotonic()
        self.level, self.at = max(self.level - (now - self.at) * self.per_second, 0), now
        if self.level + 1 > self.burst:
            return True
        self.level += 1
        return False


@dataclass(frozen=True, slots=True)
class Entry:
    """One request in the log. A status of 0: the connection broke."""

    method: str
    path: str
    query: str
    status: int
    fault: str = ""
    body: bytes = field(default=b"", repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def write(self) -> bool:
        return self.method not in ("GET", "HEAD")
