"""Names of meetings: whether two are surely not one meeting's."""

import re
from functools import lru_cache

from refsync.dedup.title_words import SMALL_WORDS

GENERAL_WORDS = frozenset(
    "proceedings proc conference conf symposium symp workshop workshops meeting congress colloquium international "
    "intl int annual ann national european ieee acm usenix aaai ifip springer the of on in for and a an at first "
    "second third fourth fifth sixth seventh eighth ninth tenth th st nd rd lecture notes computer science lncs "
    "companion extended abstracts".split()
)
"""Words that the names of many meetings have."""
_PARTIAL = re.compile(r"\b(?:workshops?|doctoral|posters?|demos?|companion|adjunct|tutorials?)\b")
_TRACK = re.compile(r"(?!ieee|acm)(\w{4,}) (?:proceedings|track)\b")  # `music proceedings of` a meeting


def of_the_rest(name: str) -> frozenset[str]:
    """What a folded name says of the part of a meeting: workshops, the companion volume, the posters."""
    return frozenset(word.removesuffix("s") for word in _PARTIAL.findall(name))


def other_track(a: str, b: str) -> bool:
    """Whether two folded names are those of two volumes of one meeting: its music and its installation proceedings."""
    tracks = [match[1] for match in map(_TRACK.match, (a, b)) if match]
    return len(tracks) == 2 and tracks[0] != tracks[1]


@lru_cache(maxsize=65536)
def other_meeting(a: str, b: str) -> bool:
    """Whether two folded names are surely those of two meetings; an acronym and a name may be one's.

    >>> other_meeting("international conference on management of data", "sigmod conference")
    False
    """
    if not a or not b or a == b:
        return False
    parts_a, parts_b = of_the_rest(a), of_the_rest(b)
    if bool(parts_a) != bool(parts_b) or (parts_a and not parts_a & parts_b):
        return True
    if other_track(a, b):
        return True
    left, right = ({w for w in name.split() if w not in GENERAL_WORDS and not w[0].isdigit()} for name in (a, b))
    if acronyms(a) & right or acronyms(b) & left:
        return False
    few, many = sorted((left, right), key=len)
    if not few or (len(few) == 1 and len(many) > 1):
        return False
    return len(few & many) / len(few) < 0.34 and not any(w.startswith(v[:4]) for w in few for v in many)


def acronyms(name: str) -> set[str]:
    """The acronyms that a name of a meeting may have."""
    general = {*SMALL_WORDS, "proceedings", "proc", "/"}
    words = [word for word in name.split() if word not in general]
    whole = "".join(word[0] for word in words)
    return {whole[i:j] for i in range(3) for j in range(max(i + 3, len(whole) - 2), len(whole) + 1)}
