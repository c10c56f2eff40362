"""The words of a paper that support an area."""

import re
import unicodedata
from collections.abc import Iterable

from refsync.classify.terms import FUNCTION_WORDS

MAX_REASONS = 5
_GENERIC_WORDS = """
    al able achieve achieved achieves achieving across address addresses addressing advances aim aims analyses analysis
    analyze applied apply approach approaches art available baseline baselines benchmark benchmarks better challenge
    challenges challenging comparable compared comparison competitive comprehensive conduct consider considered
    consistent consistently contribution contributions current demonstrate demonstrated demonstrates demonstrating
    design designed develop developed different effective effectively effectiveness efficient efficiently enable
    enables enabling evaluate evaluated evaluation evaluations existing experiment experimental experiments explore
    extensive finally find findings first following framework general github given good high higher however
    important improve improved improvement improvements improves improving including introduce introduced introduces
    introducing investigate key known large leading leverage leverages leveraging limitations limited main make
    makes method methodology methods multiple namely new notably novel obtain obtained open outperform outperforming
    outperforms paper performance perform performs potential practical present presented presents previous
    principled prior problem problems promising propose proposed proposes proposing provide provided provides
    providing publicly range real recent recently related remarkable report require requires respectively result
    results second setting settings several show showing shown shows significant significantly similar simple single
    sota specific specifically standard state strong studied studies study superior task tasks technique techniques
    term terms three towards two understanding use used useful using various varying verify wide widely wise work
    works world
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
"""Words of papers on any subject. Styles differ by area, so these words have weights, but they explain nothing."""
_WORD = re.compile(r"\w+")
_ENDING = re.compile(r"(?<=\w{4})(?:s|ed|ing|able)$|(?<=\w{2})s$")
_STOP = re.compile(r"[^\w\s-]")  # punctuation between two words: they are no pair
_SPECIAL = re.compile(r"[^\W\d_]*[^\W\d_a-zA-Z][^\W\d_]*")  # words with letters beyond ASCII


def reasons(terms: Iterable[str], text: str) -> tuple[str, ...]:
    """Up to five of the terms, strongest first, as they are written in the text (in lower case), none within another.

    A pair is left out if the text does not contain it (function words may be between its words), and so are words of
    papers on any subject (`extensive experiments`).

    >>> reasons(["image segmentation", "image", "state art", "bag words"], "Image segmentation by a bag of words")
    ('image segmentation', 'bag of words')
    """
    chosen: list[str] = []
    seen: set[str] = set()
    lowered = text.lower()
    for term in terms:
        parts = term.split()
        stems = {_ENDING.sub("", part) for part in parts}  # `learning` and `learned` add nothing to `learn`
        if len(term) < 2 or not seen.isdisjoint(stems) or _GENERIC.issuperset(parts):
            continue
        surface = _word(term, lowered) if len(parts) == 1 else _pair(parts[0], parts[1], lowered)
        if surface:
            chosen.append(surface)
            seen.update(stems)
            if len(chosen) == MAX_REASONS:
                break
    return tuple(chosen)


def _word(word: str, lowered: str) -> str:
    if word in lowered or lowered.isascii():
        return word
    return next((found for found in _SPECIAL.findall(lowered) if _folded(found) == word), word)


def _pair(first: str, second: str, lowered: str) -> str:
    if (pair := f"{first} {second}") in lowered or (pair := f"{first}-{second}") in lowered:
        start = lowered.index(pair)
        around = lowered[max(start - 1, 0) : start] + lowered[start + len(pair) : start + len(pair) + 1]
        if not any(map(str.isalnum, around)):
            return pair
    matches = list(_WORD.finditer(lowered))
    words = [match[0] for match in matches]
    for index, word in enumerate(words):
        if word == first:
            following = index + 1
            while words[following : following + 1] and words[following] in FUNCTION_WORDS:
                following += 1
            between = lowered[matches[index].end() : matches[min(following, len(words) - 1)].start()]
            if words[following : following + 1] == [second] and not _STOP.search(between):
                return " ".join(lowered[matches[index].start() : matches[following].end()].split())
    return ""


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
