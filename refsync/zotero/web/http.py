"""An HTTP client that retries: it obeys `Backoff` and `Retry-After`, and waits longer before each repetition.

Requests are repeated unchanged; the caller makes sure that a repetition does no harm.
"""

import random
import time
from typing import Any

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, retry_if_result, stop_after_attempt

from refsync.http_rules import refuse_foreign_redirect

TIMEOUT = 90.0
"""Seconds. Zotero's server takes up to 30 for a write of 50 objects."""

MAX_ATTEMPTS = 8
MAX_WAIT = 60.0  # seconds

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

    def request(self, method: str, url: Any, **options: Any) -> httpx2.Response:
        """Send a request until its response is final or all attempts are used; the last response.

        Raises:
            httpx2.TransportError: the last attempt got no response.
        """
        options["timeout"] = self.timeout  # pyzotero would give up after 30 s
        retrying = Retrying(
            stop=stop_after_attempt(MAX_ATTEMPTS),
            wait=_pause,
            sleep=self._sleep,
            retry=retry_if_exception_type(httpx2.TransportError)
            | retry_if_result(lambda response: response.status_code in _RETRIED),
            retry_error_callback=lambda state: state.outcome and state.outcome.result(),
        )
        response: httpx2.Response = retrying(self._once, method, url, **options)
        return response

    def _once(self, method: str, url: Any, **options: Any) -> httpx2.Response:
        if (wait := self._not_before - time.monotonic()) > 0:
            self._sleep(wait)
        self.sent += 1
        response = super().request(method, url, **options)
        if backoff := _seconds(response, "Backoff"):
            self._not_before = time.monotonic() + backoff
            del response.headers["Backoff"]  # or pyzotero would wait a second time
        return response

    def _sleep(self, seconds: float) -> None:
        self.waited += seconds
        time.sleep(seconds)


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
