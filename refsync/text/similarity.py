"""One comparison function for each field: the similarity of two values as their sources write them, from 0 to 1.

Each is symmetric, 1 for values that are equal when folded and 0 if either is empty, and has one threshold, from which
on the two values count as the same. Deduplication compares columns of profiles instead
(`refsync.dedup.comparison_vectors`); these functions apply the rules of a field to a single pair. The kind of notice
that a title announces (an erratum, a reply) does not affect similarity; the vetoes of deduplication treat it.
"""

import re

from rapidfuzz.distance import Indel

from refsync.text.fold import fold
from refsync.text.folded_names import FoldedName, fold_names
from refsync.text.pages import parse_pages
from refsync.text.titles import fold_title, title_parts
from refsync.text.venues import fold_venue, venue_similarity

TITLE = 0.82
"""Titles of one work differ in a few letters, in one word, or in whether the subtitle is given."""
AUTHORS = 0.45
"""Sources of one work share at least about half of its names, unless one truncates the list."""
VENUE = 0.55
"""More than half of the distinctive words are the same, abbreviated or in full."""
PAGES = 0.5
"""The first pages are the same."""
ABSTRACT = 0.93
"""Sources differ in headings, markup and length of one abstract; abstracts of related trials share sentences."""

_MIN_PART = 15  # letters that a main title or a subtitle must have to count as the whole title
_DIFFERENT_NUMBERS = 0.75  # the highest similarity of titles whose numbers differ
_NUMBERS = {
    word: str(i)
    for i, word in enumerate(str.split("one two three four five six seven eight nine ten eleven twelve"), 1)
}
_NUMBER = re.compile(rf"\d+|\b(?:{'|'.join(_NUMBERS)})\b")
_TRUNCATED = 0.8  # share of names of a short list in the beginning of the other, from which on it is a truncated list
_MIN_ABSTRACT = 60  # characters; a shorter one is a heading or a fragment


def title_similarity(a: str, b: str) -> float:
    """The share of letters that two titles have in common; at least .9 if one is the other's main title or subtitle.

    Titles with different numbers (`Five years of rain`, `Six years of rain`) are of different works.

    >>> title_similarity("Rain on moss: a study of walls", "RAIN ON MOSS - a study of walls.")
    1.0
    >>> title_similarity("Rain on old mosses: a study", "Rain on old mosses")
    0.9
    """
    x, y = fold_title(a), fold_title(b)
    if not x.key or not y.key:
        return 0.0
    if x.key == y.key:
        return 1.0
    ratio = Indel.normalized_similarity(x.key, y.key)
    short, long = (x.key, b) if len(x.key) < len(y.key) else (y.key, a)
    if len(short) >= _MIN_PART and short in title_parts(long):
        return max(ratio, 0.9)
    left, right = _numbers(x.text), _numbers(y.text)
    return min(ratio, _DIFFERENT_NUMBERS) if left - right and right - left else ratio


def _numbers(text: str) -> set[str]:
    return {_NUMBERS.get(found, found) for found in _NUMBER.findall(text)}


def author_similarity(a: str, b: str) -> float:
    """The share of names in common (Dice); if one list is the beginning of the other, the share of the shorter list.

    >>> author_similarity("Doe, Jane A. and Roe, Mia", "JA Doe, M Roe")
    1.0
    """
    (left, cut_left), (right, cut_right) = fold_names(a), fold_names(b)
    left, right = _without_groups(left), _without_groups(right)
    if not left or not right:
        return 0.0
    matched = _matched(left, right)
    dice = 2 * matched / (len(left) + len(right))
    size = min(len(left), len(right))
    if len(left) == len(right):
        return dice
    start = _matched(left[:size], right[:size]) / size
    cut = cut_right if len(right) == size else cut_left
    if start < _TRUNCATED:
        return dice
    return max(dice, start * (0.95 if cut else 0.9 if size > 2 else 0.8))


def _without_groups(names: list[FoldedName]) -> list[FoldedName]:
    """The names without groups, which not all sources list; all names if there are only groups."""
    return [name for name in names if not name.group] or names


def _matched(left: list[FoldedName], right: list[FoldedName]) -> float:
    """The number of names that match one in the other list, each at most once, weighted by similarity."""
    return max(_match_greedily(left, right), _match_greedily(right, left))


def _match_greedily(left: list[FoldedName], right: list[FoldedName]) -> float:
    total, free = 0.0, list(right)
    for name in left:
        scores = [name_similarity(name, other) for other in free]
        best = max(scores, default=0.0)
        if best > 0:
            total += best
            del free[scores.index(best)]
    return total


def name_similarity(p: FoldedName, q: FoldedName) -> float:
    """The similarity of two names as sources write them."""
    if p == q or (p.letters == q.letters and p.letters):
        return 1.0
    initials = not p.initials or not q.initials or p.initials[0] == q.initials[0]
    if p.family == q.family or p.full_family == q.full_family:  # `Di Roe` and `diroe`
        return 1.0 if initials else 0.3
    if _family_as_given(p, q) or _family_as_given(q, p):
        return 1.0
    if _swapped(p, q) or _swapped(q, p):
        return 0.95
    close = len(p.family) > 4 and len(q.family) > 4 and Indel.normalized_similarity(p.family, q.family) >= 0.85
    return 0.8 if close and initials else 0.0


def _family_as_given(p: FoldedName, q: FoldedName) -> bool:
    """Whether the first family name of one is a given name in the other: `Moss Fern, J. M.` and `Fern, J. M. M.`."""
    words = p.full_words
    if len(words) < 2 or words[-1] != q.full_words[-1] or len(q.full_words) > 1:
        return False
    rest = list(q.initials)
    for letter in [*p.initials[:1], *(word[0] for word in words[:-1])]:
        if letter not in rest:
            return False
        rest.remove(letter)
    return True


def _swapped(p: FoldedName, q: FoldedName) -> bool:
    """Whether family and given name of the second are swapped: `Doe, J.` and `Jane, Doe`."""
    return len(q.given) > 1 and p.family == q.given and "".join(p.initials[:1]) == q.family[:1]


def journal_similarity(a: str, b: str) -> float:
    """The similarity of two names of a journal or conference, abbreviated or not, with additions of databases.

    >>> journal_similarity("J. Moss Res.", "The Journal of Moss Research")
    1.0
    """
    return venue_similarity(fold_venue(a), fold_venue(b))


def page_similarity(a: str, b: str) -> float:
    """1 for the same first page (and last, if both are given), .7 for the same number with other letters or last pages.

    >>> page_similarity("S221-8", "221--228")
    0.7
    """
    x, y = parse_pages(a), parse_pages(b)
    if not x.first or not y.first or x.number != y.number:
        return 0.0
    same_end = not x.last or not y.last or x.last == y.last
    return 1.0 if x.first == y.first and same_end else 0.7


def abstract_similarity(a: str, b: str) -> float:
    """The share of letters that two abstracts have in common, over the length of the shorter.

    >>> abstract_similarity("Rain fell on the moss. " * 9, "RAIN FELL ON THE MOSS. " * 5)
    1.0
    """
    x, y = fold(a[:4000]), fold(b[:4000])
    size = min(len(x), len(y))
    if size < _MIN_ABSTRACT:
        return float(x == y != "")
    return Indel.normalized_similarity(x[:size], y[:size])
