"""A connection to one service: it keeps to the rate limit, retries transient errors, and explains permanent ones.

docs/decisions/0011-enrichment.md gives the reasons for not using a client library.
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

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from refsync._version import __version__
from refsync.errors import RefsyncError, SourceError
from refsync.http_rules import ForeignRedirectError, is_loopback, refuse_foreign_redirect, refuse_plain_http

TIMEOUT = 30.0
"""Seconds without a byte; a whole response may take four times as long."""

TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds; if a service asks for a longer wait, it is not asked again in this run."""

MAX_BYTES = 64 * 1024 * 1024  # of one response

RequestKind = Literal["one", "list"]
"""One record by its identifier, or a list of records. Services allow more requests of the first kind."""

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Clock:
    """The time in seconds: a monotonic clock, the time since the epoch, and a function that waits."""

    now: Callable[[], float] = time.monotonic
    today: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class ServiceError(RefsyncError):
    """A service refused a request, did not answer, or sent a response that cannot be read.

    Attributes:
        status: the HTTP status; 0 if there was no response.
        permanent: whether the next request would fail in the same way.
        wait: the seconds that the service asks to wait.
    """

    def __init__(
        self, message: str, *, hint: str = "", status: int = 0, permanent: bool = False, wait: float = 0
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.permanent = permanent
        self.wait = wait


class _TransientError(ServiceError):
    """An error that a retry may resolve."""


@dataclass(frozen=True, slots=True)
class ServicePolicy:
    """The request limits of a service.

    Attributes:
        name: of the service, as it is shown.
        min_gaps: the seconds between two requests, until the service announces another limit.
        refusal_hint: what the user can do if the service refuses requests.
    """

    name: str
    min_gaps: Mapping[RequestKind, float]
    refusal_hint: str


class Connection:
    """A connection; requests are sent one after another. `sent` counts them, retries included."""

    def __init__(
        self,
        base: str,
        policy: ServicePolicy,
        contact: str = "",
        headers: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Prepare a connection; no request is sent yet.

        Args:
            base: the address that paths are appended to.
            policy: the request limits.
            contact: an e-mail address for the User-Agent header.
            headers: further headers.
            clock: the clock to use.

        Raises:
            ConfigError: the address is not encrypted, and not on this computer.
        """
        refuse_plain_http(base)
        self.base = base.rstrip("/")
        self.policy = policy
        self.sent = 0
        self._clock = clock or Clock()
        self._gaps = dict(policy.min_gaps)
        self._not_before = self._clock.now()
        agent = f"refsync/{__version__}" + (f" (mailto:{contact})" if contact else "")
        self._client = httpx2.Client(
            timeout=TIMEOUT,
            limits=httpx2.Limits(max_connections=1, max_keepalive_connections=1),
            follow_redirects=True,
            event_hooks={"response": [refuse_foreign_redirect]},
            verify=_ssl_context(),
            trust_env=not is_loopback(base),
            headers={"User-Agent": agent, **(headers or {})},
        )

    def close(self) -> None:
        self._client.close()

    def get(
        self, path: str, params: Mapping[str, str], read: Callable[[bytes], T], *, kind: RequestKind = "list"
    ) -> T | None:
        """The parsed response to a request; None if a single record does not exist (404).

        Args:
            path: below the service's address, quoted.
            params: of the query, unquoted.
            read: parses the response; raises `SourceError` if it cannot.
            kind: whether the request is for one record or for a list.

        Raises:
            ServiceError: no readable response after all retries.
        """
        retrying = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=_retry_wait,
            sleep=self._clock.sleep,
            retry=retry_if_exception_type(_TransientError),
            reraise=True,
        )
        return retrying(self._get_once, path, params, read, kind)

    def _get_once(
        self, path: str, params: Mapping[str, str], read: Callable[[bytes], T], kind: RequestKind
    ) -> T | None:
        if (wait := self._not_before - self._clock.now()) > 0:
            self._clock.sleep(wait)
        self.sent += 1
        try:
            status, headers, body = self._fetch(f"{self.base}/{path}", params)
        except ForeignRedirectError as error:
            raise ServiceError(str(error), permanent=True) from None
        except httpx2.TimeoutException:
            raise _TransientError(f"{self.policy.name} did not answer within {TIMEOUT:.0f} s", hint=_LATER) from None
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            reason = str(error) or type(error).__name__
            message = f"{self.policy.name} cannot be reached ({reason})"
            if _is_resolution_failure(error):  # no network or no such host: a retry would not help
                raise ServiceError(message, hint=_NO_NETWORK, permanent=True) from None
            raise _TransientError(message, hint=_NO_NETWORK) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ServiceError(f"{self.base}: {error}", hint=_ADDRESS, permanent=True) from None
        finally:
            self._not_before = self._clock.now() + self._gaps[kind]
        self._adopt_rate_limit(headers, kind)
        if status == 404 and kind == "one":
            return None
        self._raise_for_status(status, headers, body)
        try:
            return read(body)
        except SourceError as error:
            message = f"the response of {self.policy.name} cannot be read: {error.reason}"
            hint = f"check whether another site, such as a login page, answers for {self.base}"
            raise _TransientError(message, hint=hint) from None

    def _fetch(self, url: str, params: Mapping[str, str]) -> tuple[int, httpx2.Headers, bytes]:
        """Status, headers and body; a response that is too large or too slow is cut off."""
        start = self._clock.now()
        body = bytearray()
        with self._client.stream("GET", url, params=dict(params)) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MAX_BYTES or self._clock.now() - start > 4 * TIMEOUT:
                    raise httpx2.ReadTimeout("the response does not end")
            return response.status_code, response.headers, bytes(body)

    def _adopt_rate_limit(self, headers: httpx2.Headers, kind: RequestKind) -> None:
        """Follow the rate limit that a response announces: a number of requests per interval."""
        try:
            limit = float(headers.get("X-Rate-Limit-Limit", 0))
            interval = float(headers.get("X-Rate-Limit-Interval", "1s").rstrip("s"))
        except ValueError:
            return
        if limit > 0 and 0 < interval <= LONGEST_WAIT:
            self._gaps[kind] = interval / limit
            self._not_before = self._clock.now() + self._gaps[kind]

    def _raise_for_status(self, status: int, headers: httpx2.Headers, body: bytes) -> None:
        """Raise the error that a status above 399 stands for."""
        if status < 400:
            return
        name, wait = self.policy.name, self._retry_after(headers)
        detail = _detail(body)
        if status == 429 or status >= 500:
            reason = "reports too many requests" if status == 429 else "had an internal error"
            message = f"{name} {reason} ({status}){detail}"
            hint = self.policy.refusal_hint if status == 429 else _LATER
            if wait > LONGEST_WAIT:
                hint = f"it asks to wait {_duration(wait)}; {hint}"
                raise ServiceError(message, hint=hint, status=status, permanent=True, wait=wait)
            raise _TransientError(message, hint=hint, status=status, wait=wait)
        if status == 403 and b"nvalid" in body[:2000]:  # OpenAlex's answer to an invalid filter
            status = 400
        if status in (401, 403):
            message, hint = f"{name} refused access ({status}){detail}", self.policy.refusal_hint
            raise ServiceError(message, hint=hint, status=status, permanent=True)
        if status == 404:
            message = f"{self.base} has no such page (404){detail}"
            raise ServiceError(message, hint=_ADDRESS, status=status, permanent=True)
        raise ServiceError(f"{name} rejected the request ({status}){detail}", status=status)

    def _retry_after(self, headers: httpx2.Headers) -> float:
        """The seconds that it asks to wait, given as a number or as a date; 0 if it does not ask."""
        value = headers.get("Retry-After", "")
        try:
            return max(0.0, float(value))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - self._clock.today())
        except ValueError:
            return 0.0


def _is_resolution_failure(error: BaseException | None) -> bool:
    """Whether the host name could not be resolved."""
    while error and not isinstance(error, socket.gaierror):
        error = error.__cause__ or error.__context__
    return error is not None


_ADDRESS = "check the address in `[enrich]` or the environment"
_LATER = "run the command again later; answered look-ups are cached"
_NO_NETWORK = "check the network, then run the command again; --offline uses the cache alone"


@cache
def _ssl_context() -> SSLContext:
    """The trusted certificates, read once for all connections."""
    return httpx2.create_ssl_context()


def _retry_wait(state: RetryCallState) -> float:
    """The wait that the service asked for, else exponential backoff; with jitter, so clients do not synchronise."""
    error = state.outcome.exception() if state.outcome else None
    requested = error.wait if isinstance(error, ServiceError) else 0.0
    wait = requested or 2.0 ** (state.attempt_number - 1)
    return wait + random.uniform(0, min(wait, 2.0) / 2)


def printable(text: str) -> str:
    """A text from a service without control characters, which a terminal would interpret."""
    return _CONTROL.sub(" ", text)


def _detail(body: bytes) -> str:
    """The text of an error response in one line; empty for a web page."""
    text = printable(" ".join(body[:2000].decode("utf-8", "replace").split()))
    return f": {text[:200]}" if text and not text.startswith("<") else ""


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 5400 else f"{max(seconds / 60, 1):.0f} min"
