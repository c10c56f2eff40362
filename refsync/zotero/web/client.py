"""One Zotero library over the Web API, through pyzotero, with every response checked.

pyzotero (1.16) reports a write as done when objects in it failed or when the server refused it for its rate, does not
repeat requests that timed out, and puts the API key into the URL of its permission check. So writes use the calls
whose map of failures is read here, over a client that waits and repeats requests (`refsync.zotero.web.http`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx2
from pyzotero.zotero import Zotero
from pyzotero.zotero_errors import PyZoteroError

from refsync.errors import ConfigError
from refsync.zotero.web.address import Address, key_hint
from refsync.zotero.web.http import LOOPBACK, RetryingClient
from refsync.zotero.web.replies import (
    RemoteError,
    facts_in,
    foreign_reply,
    number_in,
    objects_in,
    one_line,
    report_in,
    version_in,
)

MAX_OBJECTS = 50  # in one write, and in one list of keys
PAGE_SIZE = 100

Kind = Literal["items", "collections"]
REQUIRED: Mapping[Kind, str] = {"items": "itemType", "collections": "name"}
"""A property that each object of a kind has."""
Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the server did not accept one object of a write."""

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class WriteResponse:
    """The objects of one write that were accepted and those that failed, by position; and the library's new version."""

    done: Mapping[int, Data]
    failed: Mapping[int, Failure]
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some objects, and the version of the library that they belong to; `total` counts the objects of all pages."""

    objects: list[Data]
    version: int
    total: int
    schema: int


class ZoteroClient:
    """A client for one library, to be used by one thread; it sends one request at a time."""

    def __init__(self, address: Address, key: str = "") -> None:
        self.address = address
        here = urlsplit(address.endpoint).hostname in LOOPBACK  # no proxy is asked for it
        self.http = RetryingClient(trust_env=not here)
        kind = "group" if address.kind == "group" else "user"
        local = address.kind == "local"
        self._zotero = Zotero(address.id, kind, None if local else key or None, local=local, client=self.http)
        self._zotero.endpoint = address.endpoint
        self._key = "" if local else key

    def close(self) -> None:
        self.http.close()

    def __enter__(self) -> "ZoteroClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check_access(self, *, write: bool, notes: bool = False) -> bool:
        """Check that the API key gives access to this library; call it before anything else.

        Args:
            write: whether the library is to be written.
            notes: whether its notes have to be seen.

        Returns:
            Whether notes are seen. Without that right the server leaves them out of every reply.

        Raises:
            ConfigError: there is no key, or it lacks the right; or the group lets only its administrators write.
            RemoteError: the server refused or did not respond.
        """
        if self.address.kind == "local":
            if write:
                raise ConfigError("zotero:local can be read, not written", hint="push to zotero:user/ID instead")
            return True
        if not self._key:
            if not write:
                return self.address.kind == "group"  # public libraries need no key
            raise ConfigError(f"writing to {self.address} needs an API key", hint=key_hint())
        reply = self._get("keys/current", allowed=(403, 404))
        if reply.status_code in (403, 404):
            raise ConfigError(f"Zotero does not know this API key ({self._one_line(reply.text)})", hint=key_hint())
        facts = facts_in(reply, "userID")
        access = facts.get("access") or {}
        if self.address.kind == "user":
            rights = access.get("user", {})
            if str(facts.get("userID")) != self.address.id:
                whose = f"zotero:user/{facts.get('userID')} ({facts.get('username', '')})"
                raise ConfigError(
                    f"the API key is for {whose}, not {self.address}", hint="check the number and the key"
                )
        else:
            groups = access.get("groups", {})
            rights = groups.get(self.address.id) or groups.get("all") or {}
        if not rights.get("library"):
            raise ConfigError(f"the API key may not read {self.address}", hint=_RIGHTS_HINT)
        if write and not rights.get("write"):
            raise ConfigError(f"the API key may read {self.address}, but not write to it", hint=_RIGHTS_HINT)
        if write and self.address.kind == "group":
            self._check_group(facts["userID"])
        sees_notes = self.address.kind == "group" or bool(rights.get("notes"))
        if notes and not sees_notes:
            message = f"the API key may not see the notes of {self.address}, which would be left behind unseen"
            raise ConfigError(message, hint=_NOTES_HINT)
        return sees_notes

    def _check_group(self, user: int) -> None:
        """Check that a group lets a user write; the rights of an API key do not include that.

        Raises:
            ConfigError: it does not.
        """
        group = facts_in(self._get(self.address.path), "data")["data"]
        admins = [group.get("owner"), *(group.get("admins") or ())]
        members = [*admins, *(group.get("members") or ())]
        if group.get("libraryEditing") == "admins" and user not in admins:
            message = f"only the administrators of {self.address} ({group.get('name', '')}) may change its library"
            raise ConfigError(message, hint=_GROUP_HINT)
        if len(members) > len(admins) and user not in members:
            raise ConfigError(f"you are no member of {self.address} ({group.get('name', '')})", hint=_GROUP_HINT)

    def page(
        self, kind: Kind, start: int = 0, since: int = 0, unless: int | None = None, limit: int = PAGE_SIZE
    ) -> Page | None:
        """Some objects in a stable order, with those in the trash; None if the library's version is still `unless`.

        A Zotero on this computer returns all objects at once.

        Raises:
            RemoteError: the server refused or did not respond.
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
            objects=objects_in(reply, REQUIRED[kind]),
            version=version_in(reply),
            total=number_in(reply, "Total-Results"),
            schema=number_in(reply, "Zotero-Schema-Version"),
        )

    def by_key(self, kind: Kind, keys: Sequence[str]) -> dict[str, Data]:
        """The objects that exist of these keys, with those in the trash."""
        found: dict[str, Data] = {}
        name = "itemKey" if kind == "items" else "collectionKey"
        for start in range(0, len(keys), MAX_OBJECTS):
            params: dict[str, Any] = {name: ",".join(keys[start : start + MAX_OBJECTS]), "limit": PAGE_SIZE}
            params |= {"includeTrashed": 1} if kind == "items" else {}
            reply = self._get(f"{self.address.path}/{kind}", params)
            found |= {data["key"]: data for data in objects_in(reply, REQUIRED[kind])}
        return found

    def deleted(self, since: int) -> tuple[dict[str, list[str]], int]:
        """The keys of the objects that were erased since a version, by kind; and the library's version."""
        reply = self._get(f"{self.address.path}/deleted", {"since": since})
        return facts_in(reply, "items", "collections"), version_in(reply)

    def schema(self, etag: str = "") -> tuple[Data, str] | None:
        """The server's item types and their ETag; None if they still have the given ETag."""
        reply = self._get("schema", headers={"If-None-Match": etag} if etag else {})
        return None if reply.status_code == 304 else (facts_in(reply, "itemTypes"), reply.headers.get("ETag", ""))

    def write(self, kind: Kind, objects: Sequence[Data]) -> WriteResponse:
        """Send at most 50 objects, each with its own `key` and `version` (0 for a new one).

        Raises:
            RemoteError: the whole write was refused, or there was no response, so that its effect is unknown.
        """
        send = self._zotero.create_items if kind == "items" else self._zotero.create_collections
        self._zotero.request = None
        try:
            send([dict(item) for item in objects])
        except (PyZoteroError, ValueError) as error:  # the latter after a 429, and for a reply that is no JSON
            if self._zotero.request is None:
                raise self._refused(0, str(error)) from None
        except httpx2.HTTPError as error:
            raise self._no_response(error) from None
        reply = self._zotero.request
        assert reply is not None
        if reply.status_code != 200:
            raise self._refused(reply.status_code, reply.text)
        report = report_in(reply)
        done: dict[int, Data] = {int(at): data for at, data in report["successful"].items()}
        done |= {int(at): {} for at in report["unchanged"]}
        failed = {
            int(at): Failure(int(fault["code"]), self._one_line(str(fault.get("message", ""))))
            for at, fault in report["failed"].items()
        }
        return WriteResponse(done, failed, version_in(reply))

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
            raise self._no_response(error) from None
        if reply.status_code >= 400 and reply.status_code not in allowed:
            raise self._refused(reply.status_code, reply.text)
        if reply.status_code not in (200, 304, *allowed):
            raise foreign_reply(reply)
        return reply

    def _refused(self, status: int, text: str) -> RemoteError:
        message = {
            403: f"Zotero refuses access to {self.address}",
            404: f"there is no library {self.address}",
            412: "the library was changed meanwhile",
            413: "the write is too large for Zotero",
            429: "Zotero refuses requests for a while, there were too many",
            503: "Zotero is under maintenance",
        }.get(status, f"Zotero responds with status {status}")
        hint = ""
        if status == 403 and not self._key:
            hint = _LOCAL_HINT if self.address.kind == "local" else key_hint()
        elif status == 403:
            hint = _GROUP_HINT if self.address.kind == "group" else _RIGHTS_HINT
        detail = self._one_line(text)
        return RemoteError(f"{message} ({detail})" if detail else message, status=status, hint=hint)

    def _no_response(self, error: httpx2.HTTPError) -> RemoteError:
        reason = self._one_line(str(error)) or type(error).__name__
        local = self.address.kind == "local"
        hint = f"is Zotero running? {_LOCAL_HINT}" if local else "run the command again: it continues where it stopped"
        return RemoteError(f"no response from {self.address.endpoint} ({reason})", hint=hint)

    def _one_line(self, text: str) -> str:
        """A server's message as one short line, without the API key."""
        return one_line(text.replace(self._key, "...") if self._key else text)


_LOCAL_HINT = "its settings (Advanced) must allow other applications on this computer to communicate with it"
_RIGHTS_HINT = "change its rights on https://www.zotero.org/settings/keys"
_NOTES_HINT = "tick `Allow notes access` for it on https://www.zotero.org/settings/keys"
_GROUP_HINT = "an administrator of the group decides on its page at https://www.zotero.org/groups who may edit"
