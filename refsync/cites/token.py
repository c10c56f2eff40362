"""What every syntax gives: the span of one citation key in a text, and how it is written there."""

import re
from typing import NamedTuple

EVERYTHING = "*"
"""The key by which a document cites all entries: `\\nocite{*}`, `nocite: @*`, `bibliography(full: true)`."""


class Token(NamedTuple):
    """A citation key, `text[start:end]`. `form` says how it is written, for a syntax that has several ways."""

    key: str
    start: int
    end: int
    form: str = ""


def blank(text: str, spans: re.Pattern[str]) -> str:
    """The text with each match of `spans` turned into spaces (line ends stay), so that positions hold.

    A match of the group `keep` stays as it is.
    """

    def blanked(found: re.Match[str]) -> str:
        return found[0] if found.groupdict().get("keep") else spaces(found[0])

    return spans.sub(blanked, text)


def spaces(text: str) -> str:
    """As many spaces as the text has characters; line ends stay."""
    return _VISIBLE.sub(" ", text)


_VISIBLE = re.compile(r"[^\r\n]")
