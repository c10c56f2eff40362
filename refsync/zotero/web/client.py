"""One Zotero library over the Web API, through pyzotero, with every answer looked into.

pyzotero (1.16) takes a write for done when objects in it failed or when the server refused it for its rate, does not
repeat what timed out, and puts the API key into the address of its permission check. So writes go through the calls
whose map of failures is read here, over a client that waits and repeats (`refsync.zotero.web.http`).
"""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import httpx2
from pyzotero.zotero import Zotero
from pyzotero.zotero_errors import PyZoteroError

from refsync.errors import ConfigError, RefsyncError
from refsync.zotero.web.address import Address, key_hint
from refsync.zotero.web.http import PatientClient

MOST_OBJECTS = 50  # of one write, and of one list of keys
PAGE = 100

Kind = Literal["items", "collections"]
Data = dict[str, Any]


class RemoteError(RefsyncError):
    """The server refused, or did not answer.

    Attributes:
        status: the HTTP status; 0 where there was no answer.
    """

    def __init__(self, message: str, *, status: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one object of a write was not taken."""

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of the objects of one write, by their position; `version` is the library's after it."""

    done: Mapping[int, Data]
    failed: Mapping[int, Failure]
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """Objects read, and the version of the library that they are of; `total` counts those of all pages."""

    objects: list[Data]
    version: int
    total: int
    schema: int


class Library:
    """A library. One object for one thread; requests go one after another."""

    def __init__(self, address: Address, key: str = "") -> None:
        self.address = address
        self.http = PatientClient(trust_env=address.kind != "local")
        kind = "group" if address.kind == "group" else "user"
        local = address.kind == "local"
        self._zotero = Zotero(address.id, kind, None if local else key or None, local=local, client=self.http)
        self._zotero.endpoint = address.endpoint
        self._key = "" if local else key

    def close(self) -> None:
        self.http.close()

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check_access(self, *, write: bool) -> None:
        """Make sure, before anything else, that the key opens this library.

        Raises:
            ConfigError: there is no key, or it may not do this.
            RemoteError: the server could not be asked.
        """
        if self.address.kind == "local":
            if write:
                raise ConfigError("zotero:local can be read, not written", hint="push to zotero:user/ID instead")
            return
        if not self._key:
            if not write:
                return  # public libraries are open to all
            raise ConfigError(f"writing to {self.address} needs an API key", hint=key_hint())
        reply = self._get("keys/current", allowed=(403, 404))
        if reply.status_code != 200:
            raise ConfigError(f"Zotero does not know this API key ({self._said(reply.text)})", hint=key_hint())
        facts = reply.json()
        access = facts.get("access", {})
        if self.address.kind == "user":
            rights = access.get("user", {})
            if str(facts.get("userID")) != self.address.id:
                whose = f"zotero:user/{facts.get('userID')} ({facts.get('username', '')})"
                raise ConfigError(f"the API key opens {whose}, not {self.address}", hint="check the number or the key")
        else:
            groups = access.get("groups", {})
            rights = groups.get(self.address.id) or groups.get("all") or {}
        if not rights.get("library"):
            raise ConfigError(f"the API key may not read {self.address}", hint=_RIGHTS_HINT)
        if write and not rights.get("write"):
            raise ConfigError(f"the API key may read {self.address}, but not write to it", hint=_RIGHTS_HINT)

    def page(
        self, kind: Kind, start: int = 0, since: int = 0, unless: int | None = None, limit: int = PAGE
    ) -> Page | None:
        """Some objects in a stable order, trashed ones too; None where the library is still of the version `unless`.

        A Zotero on this computer gives all at once.

        Raises:
            RemoteError: the server refused or did not answer.
        """
        params: dict[str, Any] = {"start": start, "sort": "dateAdded", "direction": "asc"}
        params |= {} if self.address.kind == "local" else {"limit": limit}
        params |= {"since": since} if since else {}
        if kind == "items":
            params |= {"includeTrashed": 1}
        else:
            del params["sort"], params["direction"]
        headers = {} if unless is None else {"If-Modified-Since-Version": str(unless)}
        reply = self._get(f"{self.address.path}/{kind}", params, headers)
        if reply.status_code == 304:
            return None
        return Page(
            [_data(found) for found in reply.json()],
            int(reply.headers.get("Last-Modified-Version", 0)),
            int(reply.headers.get("Total-Results", 0)),
            int(reply.headers.get("Zotero-Schema-Version", 0)),
        )

    def by_key(self, kind: Kind, keys: Sequence[str]) -> dict[str, Data]:
        """The objects of these keys that there are, trashed ones too."""
        found: dict[str, Data] = {}
        name = "itemKey" if kind == "items" else "collectionKey"
        for start in range(0, len(keys), MOST_OBJECTS):
            params: dict[str, Any] = {name: ",".join(keys[start : start + MOST_OBJECTS]), "limit": PAGE}
            params |= {"includeTrashed": 1} if kind == "items" else {}
            reply = self._get(f"{self.address.path}/{kind}", params)
            found |= {data["key"]: data for data in map(_data, reply.json())}
        return found

    def deleted(self, since: int) -> tuple[dict[str, list[str]], int]:
        """The keys of what was erased since a version, by kind; and the library's version."""
        reply = self._get(f"{self.address.path}/deleted", {"since": since})
        return reply.json(), int(reply.headers.get("Last-Modified-Version", 0))

    def schema(self, etag: str = "") -> tuple[Data, str] | None:
        """The server's item types and their ETag; None where they are those of the ETag given."""
        reply = self._get("schema", headers={"If-None-Match": etag} if etag else {})
        return None if reply.status_code == 304 else (reply.json(), reply.headers.get("ETag", ""))

    def write(self, kind: Kind, objects: Sequence[Data]) -> Reply:
        """Send at most 50 objects, each with its own `key` and `version` (0 for a new one).

        Raises:
            RemoteError: the whole write was refused, or was never answered; what became of it is unknown then.
        """
        send = self._zotero.create_items if kind == "items" else self._zotero.create_collections
        try:
            reply = send([dict(item) for item in objects])
        except (PyZoteroError, json.JSONDecodeError) as error:  # the latter is what it makes of a 429
            request = self._zotero.request
            status, text = (request.status_code, request.text) if request is not None else (0, str(error))
            raise self._refused(status, text) from None
        except httpx2.HTTPError as error:
            raise self._unanswered(error) from None
        done: dict[int, Data] = {int(at): _data(found) for at, found in reply.get("successful", {}).items()}
        done |= {int(at): {} for at in reply.get("unchanged", {})}
        failed = {
            int(at): Failure(int(fault["code"]), self._said(str(fault["message"])))
            for at, fault in reply.get("failed", {}).items()
        }
        assert self._zotero.request is not None
        return Reply(done, failed, int(self._zotero.request.headers.get("Last-Modified-Version", 0)))

    def _get(
        self,
        path: str,
        params: Mapping[str, Any] = {},
        headers: Mapping[str, str] = {},
        allowed: Sequence[int] = (),
    ) -> httpx2.Response:
        url = f"{self._zotero.endpoint}/{path}"
        try:
            reply = self.http.request(
                "GET", url, params=dict(params), headers={**self._zotero.default_headers(), **headers}
            )
        except httpx2.HTTPError as error:
            raise self._unanswered(error) from None
        if reply.status_code >= 400 and reply.status_code not in allowed:
            raise self._refused(reply.status_code, reply.text)
        return reply

    def _refused(self, status: int, text: str) -> RemoteError:
        told = {
            403: f"Zotero refuses access to {self.address}",
            404: f"there is no library {self.address}",
            412: "the library was changed meanwhile",
            413: "Zotero says that it is too much at once",
            429: "Zotero refuses requests for a while, there were too many",
            503: "Zotero is being maintained",
        }.get(status, f"Zotero answers with status {status}")
        hint = ""
        if status == 403 and not self._key:
            hint = _LOCAL_HINT if self.address.kind == "local" else key_hint()
        said = self._said(text)
        return RemoteError(f"{told} ({said})" if said else told, status=status, hint=hint)

    def _unanswered(self, error: httpx2.HTTPError) -> RemoteError:
        reason = self._said(str(error)) or type(error).__name__
        local = self.address.kind == "local"
        hint = f"is Zotero running? {_LOCAL_HINT}" if local else "run it again: it goes on where it was"
        return RemoteError(f"no answer from {self.address.endpoint} ({reason})", hint=hint)

    def _said(self, text: str) -> str:
        """What a server said, as one short line; without the key, should it say that."""
        text = text.replace(self._key, "...") if self._key else text
        return " ".join(html.unescape(text).split())[:200]


_LOCAL_HINT = "its Settings, Advanced, must allow other applications on this computer to communicate with it"
_RIGHTS_HINT = "change its rights on https://www.zotero.org/settings/keys"


def batches(objects: Sequence[Data], size: int = MOST_OBJECTS) -> Iterator[Sequence[Data]]:
    """The objects of one write after another."""
    for start in range(0, len(objects), size):
        yield objects[start : start + size]


def _data(found: Data) -> Data:
    """An object's own data; its version stands outside of it too, and there only for some."""
    data: Data = found.get("data", found)
    return {**data, "version": found.get("version", data.get("version", 0)), "key": found.get("key", data.get("key"))}
