"""One comparison a field: two values as their sources write them, and how alike they are, from 0 to 1.

Each is symmetric, 1 for what folds alike and 0 where either side says nothing, and has one threshold, from which on
the two are taken for the same. Deduplication compares columns of profiles instead
(`refsync.dedup.comparison_vectors`); these say what the rules of a field come to for a single pair. What kind of notice
a title announces (an erratum, a reply) is no matter of similarity and left to its vetoes.
"""

import re

from rapidfuzz.distance import Indel

from refsync.text.fold import fold
from refsync.text.folded_names import FoldedName, fold_names
from refsync.text.pages import parse_pages
from refsync.text.titles import fold_title, title_parts
from refsync.text.venues import fold_venue, venue_similarity

TITLE = 0.82
"""Titles of one work differ in a few letters, in a word, or in whether the subtitle is given."""
AUTHORS = 0.45
"""Sources of one work share about half of its names at least, unless one cuts the list."""
VENUE = 0.55
"""More of the telling words than not are the same, shortened or in full."""
PAGES = 0.5
"""The first pages are the same."""
ABSTRACT = 0.93
"""Sources print one abstract, but for headings, mark-up and how much they keep; sister trials share sentences."""

_ALONE = 15  # letters that a main title or a subtitle must have to stand for the whole
_APART = 0.75  # titles whose numbers differ are no likelier one work than this
_NUMBERS = {
    word: str(i)
    for i, word in enumerate(str.split("one two three four five six seven eight nine ten eleven twelve"), 1)
}
_NUMBER = re.compile(rf"\d+|\b(?:{'|'.join(_NUMBERS)})\b")
_BEGINNING = 0.8  # names of a short list that the beginning of the other has, for it to be a list that was cut
_ABSTRACT_LETTERS = 60  # a shorter one is a heading or a remnant


def title_similarity(a: str, b: str) -> float:
    """The letters that two titles share; .9 where one is the other's main title or subtitle.

    Titles that each have a number of their own (`Five years of rain`, `Six years of rain`) are of different works.

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
    if len(short) >= _ALONE and short in title_parts(long):
        return max(ratio, 0.9)
    left, right = _numbers(x.text), _numbers(y.text)
    return min(ratio, _APART) if left - right and right - left else ratio


def _numbers(text: str) -> set[str]:
    return {_NUMBERS.get(found, found) for found in _NUMBER.findall(text)}


def author_similarity(a: str, b: str) -> float:
    """The share of names in common (Dice); of the names given where a list is the beginning of the other.

    >>> author_similarity("Doe, Jane A. and Roe, Mia", "JA Doe, M Roe")
    1.0
    """
    (left, cut_left), (right, cut_right) = fold_names(a), fold_names(b)
    left, right = _persons(left), _persons(right)
    if not left or not right:
        return 0.0
    matched = _matched(left, right)
    dice = 2 * matched / (len(left) + len(right))
    size = min(len(left), len(right))
    if len(left) == len(right):
        return dice
    start = _matched(left[:size], right[:size]) / size
    said = cut_right if len(right) == size else cut_left
    if start < _BEGINNING:
        return dice
    return max(dice, start * (0.95 if said else 0.9 if size > 2 else 0.8))


def _persons(names: list[FoldedName]) -> list[FoldedName]:
    """Names without those of groups, which one source lists and another leaves out, unless there are no others."""
    return [name for name in names if not name.group] or names


def _matched(left: list[FoldedName], right: list[FoldedName]) -> float:
    """Names that find their like in the other list, each at most once."""
    return max(_taken(left, right), _taken(right, left))


def _taken(left: list[FoldedName], right: list[FoldedName]) -> float:
    total, free = 0.0, list(right)
    for name in left:
        scores = [name_similarity(name, other) for other in free]
        best = max(scores, default=0.0)
        if best > 0:
            total += best
            del free[scores.index(best)]
    return total


def name_similarity(p: FoldedName, q: FoldedName) -> float:
    """How alike two names are, as sources write them."""
    if p == q or (p.letters == q.letters and p.letters):
        return 1.0
    initials = not p.initials or not q.initials or p.initials[0] == q.initials[0]
    if p.family == q.family or p.full_family == q.full_family:  # `Di Roe` and `diroe`
        return 1.0 if initials else 0.3
    if _moved(p, q) or _moved(q, p):
        return 1.0
    if _swapped(p, q) or _swapped(q, p):
        return 0.95
    close = len(p.family) > 4 and len(q.family) > 4 and Indel.normalized_similarity(p.family, q.family) >= 0.85
    return 0.8 if close and initials else 0.0


def _moved(p: FoldedName, q: FoldedName) -> bool:
    """`Moss Fern, J. M.` is cited as `Fern, J. M. M.` by those who take the first of two family names for a given."""
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
    """`Doe, J.` and `Jane, Doe`: the second's family name is the given one."""
    return len(q.given) > 1 and p.family == q.given and "".join(p.initials[:1]) == q.family[:1]


def journal_similarity(a: str, b: str) -> float:
    """How alike two names of a journal or meeting are, shortened or not, with what databases hang on them.

    >>> journal_similarity("J. Moss Res.", "The Journal of Moss Research")
    1.0
    """
    return venue_similarity(fold_venue(a), fold_venue(b))


def page_similarity(a: str, b: str) -> float:
    """1 for the same first page (and last, where both say it), .7 for the same number under other letters or ends.

    >>> page_similarity("S221-8", "221--228")
    0.7
    """
    x, y = parse_pages(a), parse_pages(b)
    if not x.first or not y.first or x.number != y.number:
        return 0.0
    same_end = not x.last or not y.last or x.last == y.last
    return 1.0 if x.first == y.first and same_end else 0.7


def abstract_similarity(a: str, b: str) -> float:
    """The letters that two abstracts share, over the length of the shorter.

    >>> abstract_similarity("Rain fell on the moss. " * 9, "RAIN FELL ON THE MOSS. " * 5)
    1.0
    """
    x, y = fold(a[:4000]), fold(b[:4000])
    size = min(len(x), len(y))
    if size < _ABSTRACT_LETTERS:
        return float(x == y != "")
    return Indel.normalized_similarity(x[:size], y[:size])
