"""An HTTP client that retries: it follows `Backoff` and `Retry-After`, and waits longer before each repetition.

Requests are repeated unchanged; the caller makes sure that a repetition does no harm. Waiting for more than two seconds
is logged as a warning: for what, which attempt it is, and how long it may take.
"""

import logging
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception, retry_if_result, stop_after_attempt

from refsync.http_rules import refuse_foreign_redirect

TIMEOUT = 90.0
"""Seconds. Zotero's server takes up to 30 for a write of 50 objects."""

MAX_ATTEMPTS = 8
MAX_WAIT = 60.0  # seconds
SHOWN_AFTER = 2.0  # seconds of waiting

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""The names of this computer. If it refuses a connection, the program is not running, and trying again is no use."""

_log = logging.getLogger(__name__)
_RETRIED = frozenset({429, 500, 502, 503, 504})


class RetryingClient(httpx2.Client):
    """One connection. `sent` counts requests with their repetitions; `waited` is the total wait in seconds."""

    def __init__(self, **options: Any) -> None:
        limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1)
        hooks = {"response": [refuse_foreign_redirect]}
        super().__init__(timeout=TIMEOUT, limits=limits, follow_redirects=True, event_hooks=hooks, **options)
        self.sent = 0
        self.waited = 0.0
        self._not_before = 0.0
        self._attempt = 0

    def request(self, method: str, url: Any, **options: Any) -> httpx2.Response:
        """Send a request until its response is final or all attempts are used; the last response.

        Raises:
            httpx2.TransportError: the last attempt got no response.
        """
        options["timeout"] = self.timeout  # pyzotero would give up after 30 s
        host = urlsplit(str(url)).hostname or ""
        self._attempt = 0

        def may_pass(error: BaseException) -> bool:
            refused = host in LOOPBACK and isinstance(error, httpx2.ConnectError)
            return isinstance(error, httpx2.TransportError) and not refused

        def announce(state: RetryCallState) -> None:
            seconds = state.next_action.sleep if state.next_action else 0.0
            if state.idle_for + seconds > SHOWN_AFTER:
                _log.warning("%s %s; attempt %d of %d in %.0f s", host, _reason(state), *self._next, seconds)

        retrying = Retrying(
            stop=stop_after_attempt(MAX_ATTEMPTS),
            wait=_pause,
            sleep=self._sleep,
            before_sleep=announce,
            retry=retry_if_exception(may_pass) | retry_if_result(lambda response: response.status_code in _RETRIED),
            retry_error_callback=lambda state: state.outcome and state.outcome.result(),
        )
        response: httpx2.Response = retrying(self._once, method, url, **options)
        return response

    def _once(self, method: str, url: Any, **options: Any) -> httpx2.Response:
        self._attempt += 1
        host = urlsplit(str(url)).hostname or ""
        if (wait := self._not_before - time.monotonic()) > 0:
            if wait > SHOWN_AFTER:
                _log.warning("%s asks for a pause of %.0f s", host, wait)
            self._sleep(wait)
        self.sent += 1
        message = f"waiting for {host}: attempt {self._attempt} of {MAX_ATTEMPTS}, for at most {TIMEOUT:.0f} s"
        with _shown_if_slow(message):
            response = super().request(method, url, **options)
        if backoff := _seconds(response, "Backoff"):
            self._not_before = time.monotonic() + backoff
            del response.headers["Backoff"]  # or pyzotero would wait a second time
        return response

    @property
    def _next(self) -> tuple[int, int]:
        """The number of the next attempt, and how many there are."""
        return self._attempt + 1, MAX_ATTEMPTS

    def _sleep(self, seconds: float) -> None:
        self.waited += seconds
        time.sleep(seconds)


@contextmanager
def _shown_if_slow(message: str) -> Iterator[None]:
    """Log a message if what is inside takes long."""
    timer = threading.Timer(SHOWN_AFTER, _log.warning, ("%s", message))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _reason(state: RetryCallState) -> str:
    """Why a request is repeated."""
    if state.outcome is None or not state.outcome.failed:
        return f"answers with status {state.outcome.result().status_code}" if state.outcome else "does not answer"
    error = state.outcome.exception()
    return f"does not answer ({' '.join(str(error).split())[:80] or type(error).__name__})"


def _pause(state: RetryCallState) -> float:
    """Seconds to wait: what the server asked for, else twice as long each time; with jitter."""
    asked = 0.0
    if state.outcome and not state.outcome.failed:
        asked = _seconds(state.outcome.result(), "Retry-After")
    wait = asked or min(MAX_WAIT, 2.0 ** (state.attempt_number - 1))
    return wait + random.uniform(0, min(wait, 2.0) / 2)


def _seconds(response: httpx2.Response, header: str) -> float:
    try:
        return max(0.0, float(response.headers.get(header, 0)))
    except ValueError:  # a date; Zotero's server sends none
        return 0.0
