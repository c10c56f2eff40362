"""Markdown lists as `markdown_write` writes them, read back: people (year) [title](address). *venue volume(number)*."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from refsync.formats.common.field_values import join_names
from refsync.formats.pages.plain_list import fields_in_text

LIST_MARK = "<!-- refsync: people (year) title. venue -->"
"""The first line of such a list; readers don't show it."""

_BEFORE = re.compile(r"(?P<people>.*?)\s*(?:\((?P<year>[^()]*)\))?\s*")
_VENUE = re.compile(r"(?P<venue>.*?)(?: (?P<volume>\d\S*?)(?:\((?P<number>[^()]*)\))?)?")


def item_fields(children: Sequence[Any]) -> dict[str, Any]:
    """The fields of one item.

    Args:
        children: its inline tokens, of markdown-it.
    """
    parts = dict.fromkeys(("before", "title", "after", "venue", "end"), "")
    where, address = "before", ""
    for child in children:
        if child.type in ("link_open", "strong_open") and where == "before":
            where, address = "title", child.attrs.get("href", "")
        elif child.type in ("link_close", "strong_close") and where == "title":
            where = "after"
        elif child.type == "em_open" and where == "after":
            where = "venue"
        elif child.type == "em_close" and where == "venue":
            where = "end"
        else:
            parts[where] += child.content or (" " if child.type.endswith("break") else "")
    before, venue = _BEFORE.fullmatch(parts["before"].strip()), _VENUE.fullmatch(parts["venue"])
    said: dict[str, Any] = {"title": parts["title"]}
    if before:
        named = before["people"].removesuffix(" et al.")
        names = join_names(named.split(", "))
        said |= {"author": f"{names} and others" if named != before["people"] else names, "year": before["year"]}
    if venue:
        said |= {"journal": venue["venue"], "volume": venue["volume"], "number": venue["number"]}
    if address:
        found = fields_in_text(unquote(address))
        said |= {name: found[name] for name in ("doi", "archiveprefix", "eprint") if name in found}
        if len(said.keys() & {"doi", "eprint"}) == 0:
            said["url"] = address
    return said
