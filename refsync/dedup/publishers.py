"""Names of publishers, institutions and schools, as sources shorten and extend them."""

from functools import lru_cache

from rapidfuzz import fuzz

from refsync.dedup.title_words import SMALL_WORDS

_GENERAL = frozenset(
    "press verlag university publisher publishers publishing company co inc ltd gmbh and books editions new york "
    "london oxford berlin paris amsterdam".split()
)


@lru_cache(maxsize=65536)
def publisher_similarity(a: str, b: str) -> float:
    """How much of the shorter name's distinctive words the other has, from 0 to 1; acronyms count as names."""
    left, right = ({word for word in text.split() if word.isalpha()} for text in (a, b))
    if not (left and right):
        return 0.0 if a != b else 1.0
    for words, other in ((left, b), (right, a)):
        initials = "".join(word[0] for word in other.split() if word not in SMALL_WORDS)
        if any(initials == word or (len(word) > 2 and initials.endswith(word)) for word in words):
            return 1.0  # `BBHS` and `Oslo: Borealis Board of Harbour Studies`
    few, many = sorted((left - _GENERAL or left, right - _GENERAL or right), key=len)
    shared = len(few & many) / len(few)
    if shared < 0.5 and a[:3] == b[:3] and min(len(a), len(b)) > 3:
        return max(shared, fuzz.partial_ratio(a, b) / 100)
    return shared
