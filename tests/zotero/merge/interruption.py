"""Interrupting a command at one of its requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from refsync.zotero.web.http import RetryingClient


@contextmanager
def interrupted(number: int, *, after: bool) -> Iterator[None]:
    """Raise KeyboardInterrupt before the n-th request, or right after its response."""
    count = 0
    send = RetryingClient._once

    def send_or_interrupt(self: RetryingClient, *arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == number and not after:
            raise KeyboardInterrupt
        response = send(self, *arguments, **options)
        if count == number:
            raise KeyboardInterrupt
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RetryingClient, "_once", send_or_interrupt)
        yield
