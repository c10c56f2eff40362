"""How two titles differ, word by word: what kind of words only one of them has.

Similarity of letters says little about titles of one series: `Worksheet for Iraya` and `Worksheet for Kamayo` share
most letters and are two works. What counts is which words differ: words of content, numbers, words that only name a
form (`extended abstract`), or those of a notice about the other work (`a reply to ...`).
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from refsync.dedup.title_words import (
    EDITION_WORDS,
    EVENT_WORDS,
    FORM_WORDS,
    NOTICE_WORDS,
    PART_WORDS,
    SHORTENED_WORDS,
    SMALL_WORDS,
)
from refsync.dedup.titles import numbers

Kind = Literal[
    "equal", "spelling", "typed", "form", "event", "part", "notice", "number", "subtitle", "extra", "swapped"
]


@dataclass(frozen=True, slots=True)
class Difference:
    """`left` and `right` are the content words that only one of two titles has; `kind` says what follows."""

    kind: Kind
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


_SOUNDS = (
    ("ae", "a"), ("oe", "o"), ("ue", "u"), ("our", "or"), ("isation", "ization"), ("ise", "ize"), ("isi", "izi"),
    ("yse", "yze"), ("ogue", "og"), ("tre", "ter"), ("tj", "c"), ("dj", "j"),
)  # fmt: skip
_EQUAL = Difference("equal")
_LENGTHS = frozenset("extended expanded full long short shortened complete abridged preliminary revised".split())


@lru_cache(maxsize=65536)
def title_difference(a: str, b: str) -> Difference:
    """How the folded titles differ; `left` and `right` follow the order of the arguments.

    >>> title_difference("worksheet for iraya", "worksheet for kamayo")
    Difference(kind='swapped', left=('iraya',), right=('kamayo',))
    >>> title_difference("on moss", "on moss extended abstract").kind
    'form'
    """
    if a.replace(" ", "") == b.replace(" ", ""):
        return _EQUAL
    if len(a.split()) > 5 and set(a.split()) == set(b.split()) and similarity(a, b) >= 0.8:
        return Difference("spelling")  # a word that the title has twice was left out
    left, right = _unmatched(a.split(), b.split())
    left, right = _without_compounds(left, right, a, b)
    rest_left, rest_right = list(left), list(right)
    for word in left:
        near = next((other for other in rest_right if is_spelling(word, other)), None)
        if near is not None:
            rest_left.remove(word)
            rest_right.remove(near)
    content_left = tuple(word for word in rest_left if word not in SMALL_WORDS)
    content_right = tuple(word for word in rest_right if word not in SMALL_WORDS)
    if len(content_left) + len(content_right) == 1:  # `fr` is a damaged `fur`
        (word,), others = content_left + content_right, rest_right if content_left else rest_left
        if len(word) < 4 and any(len(other) > 2 and _one_letter(word, other) for other in others):
            content_left = content_right = ()
    every = content_left + content_right
    if not every:
        same_order = similarity(a.replace(" ", ""), b.replace(" ", "")) >= 0.8
        return Difference("spelling" if same_order or left or right else "swapped")
    if NOTICE_WORDS.issuperset(every) and not (content_left and content_right):
        return Difference("notice", content_left, content_right)
    if EVENT_WORDS.issuperset(every):
        return Difference("event", content_left, content_right)
    if not (content_left and content_right) and _names_a_form(every):
        return Difference("form", content_left, content_right)
    if FORM_WORDS.issuperset(every) or (
        all(word in FORM_WORDS or _is_number(word) for word in every) and EDITION_WORDS.intersection(every)
    ):
        return Difference("form", content_left, content_right)
    if PART_WORDS.issuperset(every) and not (content_left and content_right):
        return Difference("part", content_left, content_right)
    if numbers(a) != numbers(b) and all(_is_number(word) or word in FORM_WORDS for word in every):
        return Difference("number", content_left, content_right)
    if content_left and content_right:
        return Difference("swapped", content_left, content_right)
    short, long = sorted((a, b), key=len)
    kind: Kind = "subtitle" if long.startswith(short + " ") else "extra"
    return Difference(kind, content_left, content_right)


def similarity(a: str, b: str) -> float:
    """Indel similarity of two texts, from 0 to 1."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(a, b))


def _unmatched(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    extra_left, extra_right = Counter(left) - Counter(right), Counter(right) - Counter(left)
    return list(extra_left.elements()), list(extra_right.elements())


def _without_compounds(left: list[str], right: list[str], a: str, b: str) -> tuple[list[str], list[str]]:
    """Without words that the other title writes in two (`data base`, `database`); both parts must be neighbours."""

    def parts(words: list[str], others: list[str], text: str) -> tuple[list[str], list[str]]:
        if len(others) < 2:  # most titles
            return words, others
        tokens = text.split()
        for word in list(words):
            for size in (2, 3):
                for i in range(len(tokens) - size + 1):
                    run = tokens[i : i + size]
                    if "".join(run) == word and Counter(run) <= Counter(others):
                        words = [w for w in words if w != word]
                        for part in run:
                            others.remove(part)
                        break
                else:
                    continue
                break
        return words, others

    left, right = parts(left, list(right), b)
    right, left = parts(right, list(left), a)
    return left, right


def _names_a_form(words: tuple[str, ...]) -> bool:
    """Whether words that one title has beyond the other say that it is cut or extended, and what is left of it."""
    if len(words) <= 3 and len(words) > 1 and words[-1] == "edition":
        return True  # `gold signature edition`, `second international edition`
    return not SHORTENED_WORDS.isdisjoint(words) or ("version" in words and not _LENGTHS.isdisjoint(words))


def _one_letter(a: str, b: str) -> bool:
    """Whether two words differ by one letter that one of them lacks."""
    short, long = sorted((a, b), key=len)
    if len(long) == len(short) == 3 and sorted(a) == sorted(b):
        return True  # `fro` for `for`
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _is_number(word: str) -> bool:
    return bool(numbers(f"part {word}"))


@lru_cache(maxsize=65536)
def is_spelling(a: str, b: str) -> bool:
    """Whether two words are spellings of one: a plural, an inflection, a letter wrong in a long word, an abbreviation.

    Short words and words of scripts without spaces that differ are two words: `rats` and `rates`, 上 and 下.
    """
    if a == b:
        return True
    if not (a.isascii() and b.isascii()) and (ideographic(a) or ideographic(b)):
        return False
    if not (a.isalpha() and b.isalpha()) and any(char.isdigit() for char in a + b):
        return a.lstrip("0") == b.lstrip("0")
    short, long = sorted((a, b), key=len)
    if long in (short + "s", short + "es") and len(short) > 3:
        return True
    if len(short) > 3 and transliterated(a) == transliterated(b):
        return True
    if len(short) > 4 and short[0] == long[0] and sorted(short) == sorted(long):  # letters exchanged
        return sum(x != y for x, y in zip(short, long, strict=True)) == 2
    if len(short) < 6:
        return False
    if long.startswith(short) and len(long) - len(short) <= 3:
        return True
    from rapidfuzz.distance import OSA

    return OSA.distance(a, b) <= (1 if len(short) < 9 else 2) and not _is_negation(short, long)


def near(a: str, b: str) -> bool:
    """Whether two words of letters are one or two letters apart, by their length: one may be the other mistyped."""
    from rapidfuzz.distance import OSA

    size = min(len(a), len(b))
    if size < 3 or not (a.isalpha() and b.isalpha()) or ideographic(a) or ideographic(b):
        return False
    return OSA.distance(a, b) <= (1 if size < 6 else 2) and not _is_negation(*sorted((a, b), key=len))


def _is_negation(short: str, long: str) -> bool:
    """`symmetric` and `asymmetric`, `linear` and `nonlinear` are no spellings of one word."""
    return long.endswith(short) and long != short


def transliterated(word: str) -> str:
    """A word with the common ways to write one sound made equal: `ae` for `ä`, British and American endings."""
    for pattern, into in _SOUNDS:
        word = word.replace(pattern, into)
    return re.sub(r"(.)\1", r"\1", word)


def ideographic(word: str) -> bool:
    """Whether a word has Chinese, Japanese or Korean letters."""
    return any("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" for char in word)
