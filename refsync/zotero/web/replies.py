"""The form of the server's replies, checked in one place.

A network with a login page, a proxy or another program on the same port may answer in Zotero's place, also with status
200. The text of such a reply is never used as the content of a library.
"""

import html
import json
import re
from typing import Any

import httpx2

from refsync.errors import RefsyncError

Data = dict[str, Any]


class RemoteError(RefsyncError):
    """The server refused a request, or did not respond.

    Attributes:
        status: the HTTP status; 0 if there was no response.
    """

    def __init__(self, message: str, *, status: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


def objects_in(reply: httpx2.Response, required: str) -> list[Data]:
    """The objects of a list, each with its key and version; `required` is a property that each has.

    Raises:
        RemoteError: the reply is no list of objects.
    """
    received = _json(reply)
    if not isinstance(received, list):
        raise foreign_reply(reply)
    return [_object(one, reply, required) for one in received]


def report_in(reply: httpx2.Response) -> Data:
    """The report of a write: maps from positions to the objects that were written, unchanged or refused.

    Raises:
        RemoteError: the reply is no such report.
    """
    report = facts_in(reply, "successful", "failed")
    report.setdefault("unchanged", {})
    maps = [report[name] for name in ("successful", "unchanged", "failed")]
    if not all(isinstance(one, dict) and all(str(at).isdigit() for at in one) for one in maps):
        raise foreign_reply(reply)
    report["successful"] = {at: _object(one, reply) for at, one in report["successful"].items()}
    if not all(isinstance(one, dict) and str(one.get("code", "")).isdigit() for one in report["failed"].values()):
        raise foreign_reply(reply)
    return report


def facts_in(reply: httpx2.Response, *required: str) -> Data:
    """An object that has these properties.

    Raises:
        RemoteError: the reply is no such object.
    """
    received = _json(reply)
    if not isinstance(received, dict) or not all(name in received for name in required):
        raise foreign_reply(reply)
    return received


def version_in(reply: httpx2.Response) -> int:
    """The version of the library.

    Raises:
        RemoteError: the reply has none; without it an empty list would look like an empty library.
    """
    version = reply.headers.get("Last-Modified-Version", "")
    if not version.isdigit():
        raise foreign_reply(reply)
    return int(version)


def number_in(reply: httpx2.Response, header: str) -> int:
    """The number in an optional header; 0 without it."""
    value = reply.headers.get(header, "")
    return int(value) if value.isdigit() else 0


def foreign_reply(reply: httpx2.Response) -> RemoteError:
    """The error for a reply that does not have the form of Zotero's."""
    page = re.search(r"<title[^>]*>(.*?)</title", reply.text, re.IGNORECASE | re.DOTALL)
    if page or reply.text.lstrip()[:1] == "<":
        what = f"a web page, {one_line(page[1], 60)!r}" if page else "a web page"
    else:
        what = repr(one_line(reply.text, 60)) if reply.text.strip() else "nothing"
    return RemoteError(
        f"{reply.request.url.host} answers with status {reply.status_code}, but not as Zotero does: {what}",
        status=reply.status_code,
        hint="a network that asks for a login answers in Zotero's place: log in with a browser, then run it again",
    )


def one_line(text: str, length: int = 200) -> str:
    """A server's message as one short line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())[:length]


def _json(reply: httpx2.Response) -> Any:
    try:
        return json.loads(reply.content)
    except (ValueError, RecursionError):
        raise foreign_reply(reply) from None


def _object(received: Any, reply: httpx2.Response, required: str = "") -> Data:
    """An object's own data, with the key and version that some responses give only outside it."""
    data = received.get("data", received) if isinstance(received, dict) else None
    if not isinstance(data, dict) or (required and not isinstance(data.get(required), str)):
        raise foreign_reply(reply)
    version, key = received.get("version", data.get("version", 0)), received.get("key", data.get("key"))
    if not isinstance(key, str) or not isinstance(version, int):
        raise foreign_reply(reply)
    return {**data, "version": version, "key": key}
