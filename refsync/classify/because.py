"""The words of a paper that speak for an area."""

import re
import unicodedata
from collections.abc import Iterable

from refsync.classify.features import FUNCTION_WORDS

COUNT = 5
_SPECIAL = re.compile(r"[^\W\d_]*[^\W\d_a-zA-Z][^\W\d_]*")  # words with letters beyond ASCII


def reasons(terms: Iterable[str], text: str) -> tuple[str, ...]:
    """Up to five of the terms, strongest first, as they stand in the text (in lower case), none of them within another.

    A pair that the text does not have in so many words (its words may have function words between them) is left out.

    >>> reasons(["image segmentation", "image", "state art"], "Image segmentation: the state of the art")
    ('image segmentation', 'state of the art')
    """
    chosen: list[str] = []
    seen: set[str] = set()
    lowered = text.lower()
    for term in terms:
        parts = term.split()
        if len(term) < 2 or not seen.isdisjoint(parts):
            continue
        surface = _word(term, lowered) if len(parts) == 1 else _pair(parts[0], parts[1], lowered)
        if surface:
            chosen.append(surface)
            seen.update(parts)
            if len(chosen) == COUNT:
                break
    return tuple(chosen)


def _word(word: str, lowered: str) -> str:
    if word in lowered or lowered.isascii():
        return word
    return next((one for one in _SPECIAL.findall(lowered) if _folded(one) == word), word)


def _pair(first: str, second: str, lowered: str) -> str:
    for found in re.finditer(rf"\b{first}((?:[\s-]+\w+){{0,3}}?[\s-]+){second}\b", lowered):
        if FUNCTION_WORDS.issuperset(found[1].replace("-", " ").split()):
            return " ".join(found[0].split())
    return ""


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
