"""One connection to one service: never faster than it allows, patient with what passes, clear about what does not.

docs/decisions/0011-enrichment.md says why this is not a client library's.
"""

import random
import re
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from ssl import SSLContext
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from refsync._version import __version__
from refsync.errors import RefsyncError, SourceError

TIMEOUT = 30.0
"""Seconds without a byte; and four times as long for a whole answer, which may come drop by drop."""

TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds: who is asked to wait longer gives up, and goes on another time from the cache."""

LARGEST = 64 * 1024 * 1024  # bytes of one answer

Kind = Literal["one", "list"]
"""What a request asks for: one record by its identifier, or a list of records. Services allow more of the former."""

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Clock:
    """The time in seconds: a steady one, the one of the calendar, and how to let it pass."""

    now: Callable[[], float] = time.monotonic
    today: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class ServiceError(RefsyncError):
    """A service refused, did not answer, or answered what nobody can read.

    Attributes:
        status: the HTTP status; 0 where there was no answer.
        lasting: whether the next request would end the same way.
        wait: the seconds that the service asks to wait.
    """

    def __init__(
        self, message: str, *, hint: str = "", status: int = 0, lasting: bool = False, wait: float = 0
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.lasting = lasting
        self.wait = wait


class _PassingError(ServiceError):
    """What may be otherwise the next time."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a service wants to be asked.

    Attributes:
        name: of the service, as it is shown.
        gaps: the seconds between two requests, until the service says otherwise.
        refused: what to do where it refuses a request, or after too many.
    """

    name: str
    gaps: Mapping[Kind, float]
    refused: str


class Connection:
    """A connection; requests go one after another. `sent` counts them, repeated ones too."""

    def __init__(
        self,
        base: str,
        manners: Manners,
        contact: str = "",
        headers: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Prepare a connection; nothing is sent yet.

        Args:
            base: the address that paths are added to.
            manners: how the service wants to be asked.
            contact: an e-mail address to be sent along.
            headers: more headers.
            clock: the time.
        """
        self.base = base.rstrip("/")
        self.manners = manners
        self.sent = 0
        self._clock = clock or Clock()
        self._gaps = dict(manners.gaps)
        self._not_before = self._clock.now()
        agent = f"refsync/{__version__}" + (f" (mailto:{contact})" if contact else "")
        self._client = httpx2.Client(
            timeout=TIMEOUT,
            limits=httpx2.Limits(max_connections=1, max_keepalive_connections=1),
            follow_redirects=True,
            verify=_trusted(),
            trust_env=urlsplit(base).hostname not in {"127.0.0.1", "localhost", "::1"},
            headers={"User-Agent": agent, **(headers or {})},
        )

    def close(self) -> None:
        self._client.close()

    def ask(self, path: str, params: Mapping[str, str], read: Callable[[bytes], T], *, kind: Kind = "list") -> T | None:
        """What the answer to a request says; None where a single record is not there (404).

        Args:
            path: below the service's address, quoted.
            params: of the query, unquoted.
            read: reads the answer; raises `SourceError` where it cannot.
            kind: whether this asks for one record or for a list.

        Raises:
            ServiceError: there is no answer that can be read, for all patience.
        """
        retrying = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=_pause,
            sleep=self._clock.sleep,
            retry=retry_if_exception_type(_PassingError),
            reraise=True,
        )
        return retrying(self._once, path, params, read, kind)

    def _once(self, path: str, params: Mapping[str, str], read: Callable[[bytes], T], kind: Kind) -> T | None:
        if (wait := self._not_before - self._clock.now()) > 0:
            self._clock.sleep(wait)
        self.sent += 1
        try:
            status, headers, body = self._fetch(f"{self.base}/{path}", params)
        except httpx2.TimeoutException:
            raise _PassingError(f"{self.manners.name} did not answer within {TIMEOUT:.0f} s", hint=_LATER) from None
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            reason = str(error) or type(error).__name__
            message = f"{self.manners.name} cannot be reached ({reason})"
            if _nameless(error):  # there is no network, or no such host: patience would not help
                raise ServiceError(message, hint=_NO_NETWORK, lasting=True) from None
            raise _PassingError(message, hint=_NO_NETWORK) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ServiceError(f"{self.base}: {error}", hint=_ADDRESS, lasting=True) from None
        finally:
            self._not_before = self._clock.now() + self._gaps[kind]
        self._learn_gap(headers, kind)
        if status == 404 and kind == "one":
            return None
        self._refuse(status, headers, body)
        try:
            return read(body)
        except SourceError as error:
            message = f"{self.manners.name} answered what cannot be read: {error.reason}"
            raise _PassingError(
                message, hint=f"is {self.base} answered by something else, such as a login page?"
            ) from None

    def _fetch(self, url: str, params: Mapping[str, str]) -> tuple[int, httpx2.Headers, bytes]:
        """Status, headers and body; an answer that never ends is cut off."""
        begun = self._clock.now()
        body = bytearray()
        with self._client.stream("GET", url, params=dict(params)) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > LARGEST or self._clock.now() - begun > 4 * TIMEOUT:
                    raise httpx2.ReadTimeout("the answer does not end")
            return response.status_code, response.headers, bytes(body)

    def _learn_gap(self, headers: httpx2.Headers, kind: Kind) -> None:
        """Keep to the rate that an answer tells: so many requests in so many seconds."""
        try:
            limit = float(headers.get("X-Rate-Limit-Limit", 0))
            interval = float(headers.get("X-Rate-Limit-Interval", "1s").rstrip("s"))
        except ValueError:
            return
        if limit > 0 and 0 < interval <= LONGEST_WAIT:
            self._gaps[kind] = interval / limit
            self._not_before = self._clock.now() + self._gaps[kind]

    def _refuse(self, status: int, headers: httpx2.Headers, body: bytes) -> None:
        """Raise what a status means that is none of success."""
        if status < 400:
            return
        name, wait = self.manners.name, self._retry_after(headers)
        said = _said(body)
        if status == 429 or status >= 500:
            told = "says that there were too many requests" if status == 429 else f"has a fault of its own ({status})"
            hint = self.manners.refused if status == 429 else _LATER
            if wait > LONGEST_WAIT:
                hint = f"it asks to wait {_duration(wait)}; {hint}"
                raise ServiceError(f"{name} {told}{said}", hint=hint, status=status, lasting=True, wait=wait)
            raise _PassingError(f"{name} {told}{said}", hint=hint, status=status, wait=wait)
        if status == 403 and b"nvalid" in body[:2000]:  # so OpenAlex calls a filter that it does not take
            status = 400
        if status in (401, 403):
            raise ServiceError(
                f"{name} refuses us ({status}){said}", hint=self.manners.refused, status=status, lasting=True
            )
        if status == 404:
            raise ServiceError(f"{self.base} has no such page (404){said}", hint=_ADDRESS, status=status, lasting=True)
        raise ServiceError(f"{name} does not take the question ({status}){said}", status=status)

    def _retry_after(self, headers: httpx2.Headers) -> float:
        """The seconds that it asks to wait, which it may say as a number or as a date; 0 where it says nothing."""
        said = headers.get("Retry-After", "")
        try:
            return max(0.0, float(said))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(said).timestamp() - self._clock.today())
        except ValueError:
            return 0.0


def _nameless(error: BaseException | None) -> bool:
    """Whether the name of the host could not be resolved."""
    while error and not isinstance(error, socket.gaierror):
        error = error.__cause__ or error.__context__
    return error is not None


_ADDRESS = "is the address right that `[enrich]` or the environment gives?"
_LATER = "run it again later: it goes on from the cache"
_NO_NETWORK = "is there a network? --offline takes what the cache has; run it again and it goes on"


@cache
def _trusted() -> SSLContext:
    """Whom to believe, read once for all connections."""
    return httpx2.create_ssl_context()


def _pause(state: RetryCallState) -> float:
    """What the service asked for, else twice as long each time; a little more, so that clients don't march in step."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, ServiceError) else 0.0
    wait = asked or 2.0 ** (state.attempt_number - 1)
    return wait + random.uniform(0, min(wait, 2.0) / 2)


def printable(text: str) -> str:
    """A text from elsewhere without characters that a terminal would obey."""
    return _CONTROL.sub(" ", text)


def _said(body: bytes) -> str:
    """What a refusal says, in one line; a web page is not worth reading out."""
    text = printable(" ".join(body[:2000].decode("utf-8", "replace").split()))
    return f": {text[:200]}" if text and not text.startswith("<") else ""


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 5400 else f"{max(seconds / 60, 1):.0f} min"
