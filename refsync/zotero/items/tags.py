"""Conversion between keywords and Zotero's tags; research areas are automatic tags with a prefix."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from refsync.records import Markup
from refsync.text.lists import split_words
from refsync.zotero.items.values import from_value, to_value

Tag = dict[str, Any]


def split_keywords(value: str) -> list[str]:
    """The keywords of a list as they are written: see `split_words`."""
    return split_words(value)


def keyword_tags(value: str, markup: Markup, areas: Collection[str] = ()) -> list[Tag]:
    """The tags for a list of keywords, without those that are research areas."""
    words = (to_value("keywords", word, markup).strip("{}").strip() for word in split_keywords(value))
    return [{"tag": word} for word in dict.fromkeys(words) if word and word not in areas]


def area_tags(areas: Iterable[str], prefix: str) -> list[Tag]:
    """The automatic tags for research areas."""
    return [{"tag": f"{prefix}{area}", "type": 1} for area in areas]


def keywords(tags: Iterable[Mapping[str, Any]], prefix: str) -> str:
    """The list of keywords for tags: areas without their prefix, and tags with a comma in braces."""
    words: dict[str, None] = {}
    for tag in tags:
        word = str(tag["tag"])
        if tag.get("type") == 1:
            word = word.removeprefix(prefix)
        word = from_value("keywords", word)
        words[f"{{{word}}}" if re.search(r"[,;]", word) else word] = None
    return ", ".join(words)
