"""What holds for every request: encrypted, except to this computer, and never passed on to another host."""

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from refsync.errors import ConfigError, RefsyncError

if TYPE_CHECKING:  # commands that send nothing start without it
    import httpx2


class ForeignRedirectError(RefsyncError):
    """A server redirects to another address."""


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback(url: str) -> bool:
    """Whether a URL is on this computer."""
    return urlsplit(url).hostname in LOOPBACK


def refuse_plain_http(url: str) -> None:
    """Check that a service's address is encrypted, or on this computer.

    Raises:
        ConfigError: it is neither, or is not a URL.
    """
    try:
        parts = urlsplit(url)
        host, plain = parts.hostname, parts.scheme != "https"
    except ValueError:
        host, plain = "", True
    if not host or (plain and not (parts.scheme == "http" and host in LOOPBACK)):
        raise ConfigError(f"{url!r} is not encrypted", hint="only https is used, and http to this computer")


def refuse_foreign_redirect(response: "httpx2.Response") -> None:
    """Refuse a redirect to another host, or to an unencrypted address: it would get the request, keys included.

    Raises:
        ForeignRedirectError: the response is such a redirect.
    """
    if not response.has_redirect_location:
        return
    here = str(response.request.url)
    there = urljoin(here, response.headers["location"])
    try:
        same = _origin(here) == _origin(there) or (
            urlsplit(here).hostname == urlsplit(there).hostname and urlsplit(there).scheme == "https"
        )
    except ValueError:
        same = False
    if not same:
        host = urlsplit(here).hostname
        raise ForeignRedirectError(
            f"{host} redirects to another address, which is refused", hint="check the address of the service"
        )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
