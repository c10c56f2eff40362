"""An HTTP client that waits: for `Backoff` and `Retry-After`, and longer each time where a server does not answer.

Requests are repeated as they were; it is for the caller to make them such that repeating does no harm.
"""

import random
import time
from typing import Any

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, retry_if_result, stop_after_attempt

TIMEOUT = 90.0
"""Seconds. A write of 50 objects takes the real server up to 30."""

TRIES = 8
LONGEST_WAIT = 60.0

_AGAIN = frozenset({429, 500, 502, 503, 504})


class PatientClient(httpx2.Client):
    """One connection. `sent` counts requests, repeated ones too; `waited` the seconds that the server asked for."""

    def __init__(self, **options: Any) -> None:
        limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1)
        super().__init__(timeout=TIMEOUT, limits=limits, follow_redirects=True, **options)
        self.sent = 0
        self.waited = 0.0
        self._not_before = 0.0

    def request(self, method: str, url: Any, **options: Any) -> httpx2.Response:
        """Send a request until there is an answer that repeating it would not change.

        Raises:
            httpx2.TransportError: there was none.
        """
        options["timeout"] = self.timeout  # pyzotero would give up after 30 s
        retrying = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=_pause,
            sleep=self._sleep,
            retry=retry_if_exception_type(httpx2.TransportError)
            | retry_if_result(lambda response: response.status_code in _AGAIN),
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
            del response.headers["Backoff"]  # or pyzotero would wait for it once more
        return response

    def _sleep(self, seconds: float) -> None:
        self.waited += seconds
        time.sleep(seconds)


def _pause(state: RetryCallState) -> float:
    """What the server asked for, else twice as long each time; a little more, so that clients don't march in step."""
    asked = 0.0
    if state.outcome and not state.outcome.failed:
        asked = _seconds(state.outcome.result(), "Retry-After")
    wait = asked or min(LONGEST_WAIT, 2.0 ** (state.attempt_number - 1))
    return wait + random.uniform(0, min(wait, 2.0) / 2)


def _seconds(response: httpx2.Response, header: str) -> float:
    try:
        return max(0.0, float(response.headers.get(header, 0)))
    except ValueError:  # a date; the real server sends none
        return 0.0
