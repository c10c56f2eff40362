"""The words of a paper that speak for an area."""

import re
from collections.abc import Iterable

COUNT = 5
_BETWEEN = r"(?:[\s-]+\w{1,5}){0,3}[\s-]+"  # function words may stand between the two words of a pair


def reasons(terms: Iterable[str], text: str) -> tuple[str, ...]:
    """Up to five of the terms, strongest first, as they stand in the text, none of them within another.

    Terms that are not to be found as they are (`schrodinger` where the text has `Schrödinger`) stay as they are if
    they are single words, and are left out if they are pairs.

    >>> reasons(["image segmentation", "image", "art", "state art"], "Image segmentation: the state of the art")
    ('image segmentation', 'art')
    """
    chosen: list[tuple[str, set[str]]] = []
    lowered = text.lower()
    for term in terms:
        parts = set(term.split())
        if any(parts & others for _, others in chosen):
            continue
        if (surface := _surface(term, lowered)) is not None:
            chosen.append((surface, parts))
        if len(chosen) == COUNT:
            break
    return tuple(surface for surface, _ in chosen)


def _surface(term: str, lowered: str) -> str | None:
    if term in lowered:
        return term
    first, _, second = term.partition(" ")
    if not second:
        return term
    found = re.search(rf"\b{re.escape(first)}{_BETWEEN}{re.escape(second)}\b", lowered)
    return " ".join(found[0].split()) if found else None
