"""Reads lists that `markdown_write` wrote: people (year) [title](address). *venue volume(number)*."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from refsync.formats.common.field_values import join_names
from refsync.formats.pages.plain_list import fields_in_text

LIST_MARK = "<!-- refsync: people (year) title. venue -->"
"""The first line of such a list, which is not displayed."""

_BEFORE = re.compile(r"(?P<people>.*?)\s*(?:\((?P<year>[^()]*)\))?\s*")
_VENUE = re.compile(r"(?P<venue>.*?)(?: (?P<volume>\d\S*?)(?:\((?P<number>[^()]*)\))?)?")


def item_fields(children: Sequence[Any]) -> dict[str, Any]:
    """The fields of one item.

    Args:
        children: its inline tokens, of markdown-it.
    """
    parts = dict.fromkeys(("before", "title", "after", "venue", "end"), "")
    section, address = "before", ""
    for child in children:
        if child.type in ("link_open", "strong_open") and section == "before":
            section, address = "title", child.attrs.get("href", "")
        elif child.type in ("link_close", "strong_close") and section == "title":
            section = "after"
        elif child.type == "em_open" and section == "after":
            section = "venue"
        elif child.type == "em_close" and section == "venue":
            section = "end"
        else:
            parts[section] += child.content or (" " if child.type.endswith("break") else "")
    before, venue = _BEFORE.fullmatch(parts["before"].strip()), _VENUE.fullmatch(parts["venue"])
    fields: dict[str, Any] = {"title": parts["title"]}
    if before:
        named = before["people"].removesuffix(" et al.")
        names = join_names(named.split(", "))
        fields |= {"author": f"{names} and others" if named != before["people"] else names, "year": before["year"]}
    if venue:
        fields |= {"journal": venue["venue"], "volume": venue["volume"], "number": venue["number"]}
    if address:
        found = fields_in_text(unquote(address))
        fields |= {name: found[name] for name in ("doi", "archiveprefix", "eprint") if name in found}
        if not fields.keys() & {"doi", "eprint"}:
            fields["url"] = address
    return fields
