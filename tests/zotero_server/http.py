"""Requests and replies of the endpoints."""

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .reading import Query
from .state import Failure


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server received it; header names are in lower case."""

    method: str
    path: str
    query: Query = field(default_factory=lambda: Query(()))
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def base(self) -> str:
        return f"http://{self.headers.get('host', 'localhost')}"

    @property
    def api_version(self) -> str:
        return self.headers.get("zotero-api-version") or self.query.get("v", "3")

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD")

    @property
    def token(self) -> str:
        """Its API key, if any."""
        given = {
            self.headers.get("zotero-api-key", ""),
            re.sub("^Bearer ", "", self.headers.get("authorization", "")),
            self.query.get("key"),
        } - {""}
        if len(given) > 1:
            raise Failure(400, "Zotero-API-Key and 'key' values do not match")
        return given.pop() if given else ""

    def version(self, name: str) -> int | None:
        """The version in a header."""
        value = self.headers.get(name.lower())
        if value is None:
            return None
        if not value.isdigit():
            raise Failure(400, f"Invalid {name} value '{value}'")
        return int(value)

    def json(self) -> Any:
        """The body, parsed as JSON."""
        try:
            zipped = self.headers.get("content-encoding") == "gzip"
            return json.loads(gzip.decompress(self.body) if zipped else self.body)
        except (ValueError, OSError) as error:
            raise Failure(400, "JSON Error: Syntax error, malformed JSON") from error


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: an object is sent as JSON, a string as text. A `bare` one has no API headers."""

    status: int
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)
    bare: bool = False

    def encoded(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body, ensure_ascii=False).encode()


Endpoint = Callable[..., Reply]


def bare(status: int, message: str, **headers: str) -> Reply:
    """A refusal before any endpoint; ``Retry_After`` is the header Retry-After."""
    return Reply(status, message, {k.replace("_", "-"): v for k, v in headers.items()}, bare=True)


def versioned(status: int, body: Any, version: int, headers: dict[str, str] | None = None) -> Reply:
    """A reply with the version of the library or of an object."""
    return Reply(status, body, (headers or {}) | {"Last-Modified-Version": str(version)})
