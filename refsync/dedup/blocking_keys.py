"""Blocking keys: what two records of one paper are likely to have in common. A new key is one more function here.

A key is any text; records that share one are candidates, whatever else they say. Each function gives the keys of one
kind, an empty list where the record says too little.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from refsync.dedup.profile import Profile

STRONG, WEAK, RARE = 40, 12, 3
"""How many records may share a key before it is too common to be worth comparing them all."""

_SMALL = 10_000  # records of a library in which a key is hardly shared by chance

_LONGEST = 4  # words of a title of which each two are a key
_COMMON = frozenset("the a an of on in for and with to by from at as is are using based study analysis new".split())


def _cjk(word: str) -> bool:
    return not word.isascii() and any("\u3040" <= char <= "\u9fff" for char in word[:4])


def words(text: str) -> set[str]:
    """The words of a folded title that can be rare; two-letter runs where the script has no spaces."""
    parts = text.split(None, 60)[:60]
    if text.isascii():
        return {word for word in parts if len(word) > 2} - _COMMON
    found: set[str] = set()
    for word in parts:
        if _cjk(word):
            found.update(word[i : i + 2] for i in range(min(len(word) - 1, 60)))
        elif len(word) > 2 and word not in _COMMON:
            found.add(word)
    return found


def _titles(p: Profile) -> list[str]:
    if not p.title_key:
        return []
    keys = [p.title_key]
    if p.title_main != p.title_key and len(p.title_main) >= 10:
        keys.append(p.title_main)
    return keys


def _ends(p: Profile) -> list[str]:
    size = 8 if _cjk(p.title_key) else 20
    return [f"<{p.title_key[:size]}", f">{p.title_key[-size:]}"] if len(p.title_key) > size else []


def _identifiers(p: Profile) -> list[str]:
    keys = [f"{name}:{value}" for name, value in (("d", p.doi), ("a", p.arxiv), ("p", p.pmid), ("c", p.pmcid)) if value]
    return keys + [f"i:{isbn}" for isbn in p.isbns if p.kind not in {"paper", "chapter"}] if p.isbns else keys


def _place(p: Profile) -> list[str]:
    """Year and first page with the first author or the volume."""
    keys = []
    page, volume, families = p.pages.number, p.volume, p.authors.families
    if page and p.year:
        if volume:
            keys.append(f"v{p.year}.{volume}.{page}")
        if families:
            keys.append(f"a{p.year}.{families[0]}.{page}")
    if page and volume and families:
        keys.append(f"f{volume}.{families[0]}.{page}")
    return keys


def _people(p: Profile) -> list[str]:
    """The author list, with the year where it is short; the first author with the beginning of the title."""
    keys = []
    names = p.authors.families
    people = " ".join(sorted(names[:8]))
    if len(names) >= 2 and p.year:
        keys.append(f"{p.year}:{people}")
    if len(names) >= 3:
        keys.append(f":{people}")
    if names and p.title_key:
        keys.append(f"{names[0]}|{p.title_key[:6]}")
    return keys


def _abstracts(p: Profile) -> list[str]:
    """The beginning of the abstract, and a stretch further in: exports cut and prefix abstracts."""
    text = p.abstract
    if len(text) < 60:
        return []
    keys = [f"<{text[:50]}"]
    inner = text[150:400].split(None, 13)
    if len(inner) > 12:
        first = inner[2:9]
        longest = inner.index(max(zip(map(len, first), first, strict=True))[1], 2)
        keys.append(f"={' '.join(inner[longest : longest + 5])}")
    return keys


def _long_words(p: Profile) -> list[str]:
    """Each two of a title's longest words, which are its rarest as a rule.

    Which words are rare is not counted: it would depend on what else a library holds.
    """
    chosen = sorted(words(p.title))
    chosen.sort(key=len, reverse=True)
    chosen = sorted(chosen[:_LONGEST])
    return [*map(" ".join, combinations(chosen, 2))] if len(chosen) > 1 else chosen


KINDS: tuple[tuple[Callable[[Profile], list[str]], int], ...] = (
    (_titles, STRONG),
    (_identifiers, STRONG),
    (_abstracts, WEAK),
    (_place, WEAK),
    (_people, WEAK),
    (_ends, WEAK),
    (_long_words, RARE),
)
"""The kinds of keys, each with the number of records that may share one."""


def enough(limit: int | NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """How many records may share a key for it to be all that two need to have in common.

    Args:
        limit: of the kind of a key, or of several. Titles and identifiers are always enough.
        count: the records that are deduplicated; what they share by chance grows with it.
    """
    return np.where(np.equal(limit, STRONG), limit, np.clip(limit * _SMALL // max(count, 1), 2, limit))


SECONDS = ("first author", "place", "identifier", "abstract", "title")


def refinements(p: Profile) -> tuple[str, ...]:
    """Second keys, one of each of `SECONDS`, for records whose first one is too common."""
    first = p.authors.families[0] if p.authors.families else ""
    place = f"{p.year} {p.volume} {p.pages.number}" if p.pages.number else ""
    return first, place, p.doi or p.arxiv or p.pmid, p.abstract[:50], p.title_key if p.authors.families else ""
