"""The token of a citation key, which the scanner of every syntax yields, and blanking of text that is no prose."""

import re
from typing import NamedTuple

EVERYTHING = "*"
"""The key with which a document cites all entries: `\\nocite{*}`, `nocite: @*`, `bibliography(full: true)`."""


class Token(NamedTuple):
    """A citation key, `text[start:end]`. `form` names the notation, in a syntax that has several."""

    key: str
    start: int
    end: int
    form: str = ""


def blank(text: str, spans: re.Pattern[str]) -> str:
    """The text with each match of `spans` replaced by spaces (line ends stay), so that positions do not change.

    A match with the group `keep` stays as it is.
    """

    def blanked(found: re.Match[str]) -> str:
        return found[0] if found.groupdict().get("keep") else spaces(found[0])

    return spans.sub(blanked, text)


def spaces(text: str) -> str:
    """As many spaces as the text has characters; line ends stay."""
    return _VISIBLE.sub(" ", text)


_VISIBLE = re.compile(r"[^\r\n]")
