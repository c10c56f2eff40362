"""The address of a library (`zotero:user/12345`), and the API key for it."""

import hashlib
import os
import re
from dataclasses import dataclass
from typing import Literal

from refsync.errors import ConfigError
from refsync.http_rules import is_loopback, refuse_plain_http

ENDPOINT = "https://api.zotero.org"
LOCAL_ENDPOINT = "http://127.0.0.1:23119/api"

_ADDRESS = re.compile(r"zotero:(?:(user|group)/(\d+)|(local))")


@dataclass(frozen=True, slots=True)
class Address:
    """One library. `local` is the user's library in the Zotero that runs on this computer."""

    kind: Literal["user", "group", "local"]
    id: str
    endpoint: str

    def __str__(self) -> str:
        return "zotero:local" if self.kind == "local" else f"zotero:{self.kind}/{self.id}"

    @property
    def path(self) -> str:
        """The path of the library below the endpoint."""
        return f"groups/{self.id}" if self.kind == "group" else f"users/{self.id}"

    @property
    def server_digest(self) -> str:
        """The server as a journal has it: it can be compared, but not be contacted because a journal names it."""
        return hashlib.sha256(self.endpoint.encode()).hexdigest()

    @property
    def file_name(self) -> str:
        """The name of the local files about this library; different for each server."""
        server = "" if self.endpoint == ENDPOINT else "-" + re.sub(r"\W+", "-", self.endpoint.partition("://")[2])
        return f"{self.kind}-{self.id}{server}".strip("-")


def parse_address(text: str, endpoint: str = "") -> Address:
    """The library that `zotero:user/ID`, `zotero:group/ID` or `zotero:local` names.

    Args:
        text: the argument.
        endpoint: a server other than Zotero's; if empty, `ZOTERO_ENDPOINT` where that is set. For `zotero:local` it
            counts only if it is on this computer.

    Raises:
        ConfigError: the text is no such address.
    """
    found = _ADDRESS.fullmatch(text)
    if not found:
        hint = "the number of your library is on https://www.zotero.org/settings/security"
        raise ConfigError(f"{text!r} is not zotero:user/ID, zotero:group/ID or zotero:local", hint=hint)
    endpoint = (endpoint or os.environ.get("ZOTERO_ENDPOINT", "")).rstrip("/")
    if endpoint and not re.match(r"https?://[^/]", endpoint):
        raise ConfigError(f"the endpoint {endpoint!r} is not a URL", hint=f"give one such as {ENDPOINT}")
    if endpoint:
        refuse_plain_http(endpoint)
    if found[3]:
        return Address("local", "0", endpoint if is_loopback(endpoint) else LOCAL_ENDPOINT)
    return Address("group" if found[1] == "group" else "user", found[2], endpoint or ENDPOINT)


def check_server(journaled: object, text: str, endpoint: str) -> None:
    """Check that a run is finished or undone on the server that it wrote to.

    Args:
        journaled: the digest of the server in the run's journal.
        text: the library's address.
        endpoint: the server that the user named; empty for the one in force.

    Raises:
        ConfigError: it is another server.
    """
    address = parse_address(text, endpoint)
    if journaled != address.server_digest:
        raise ConfigError(
            f"the run wrote to another server than {address.endpoint}", hint="name it: --endpoint, or ZOTERO_ENDPOINT"
        )


def api_key() -> str:
    """The API key: `ZOTERO_API_KEY`, else the one in the system's keyring; empty if there is none."""
    return os.environ.get("ZOTERO_API_KEY", "").strip() or _from_keyring()[0]


def key_hint() -> str:
    """What to do if there is no API key, or one without the necessary rights."""
    hint = "create one on https://www.zotero.org/settings/keys and set ZOTERO_API_KEY"
    return f"{hint}, or {_from_keyring()[1]}"


def _from_keyring() -> tuple[str, str]:
    """The key in the keyring, and how to store one there."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return "", "store it in the keyring of the system: pip install 'refsync[keyring]'"
    try:
        key = (keyring.get_password("refsync", "zotero") or "").strip()
    except KeyringError as error:  # there is none, or it is locked
        return "", f"store it in a keyring; that of the system does not open: {' '.join(str(error).split())[:120]}"
    return key, "store it in the keyring of the system: keyring set refsync zotero"
