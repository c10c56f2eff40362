"""The words of a paper that speak for an area."""

import re
import unicodedata
from collections.abc import Iterable

from refsync.classify.terms import FUNCTION_WORDS

COUNT = 5
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
"""Words of papers on anything. Fashions of writing differ by area, so that they do weigh, but they tell nobody why."""
_WORD = re.compile(r"\w+")
_ENDING = re.compile(r"(?<=\w{4})(?:s|ed|ing|able)$|(?<=\w{2})s$")
_STOP = re.compile(r"[^\w\s-]")  # punctuation, which keeps two words from being read as one expression
_SPECIAL = re.compile(r"[^\W\d_]*[^\W\d_a-zA-Z][^\W\d_]*")  # words with letters beyond ASCII


def reasons(terms: Iterable[str], text: str) -> tuple[str, ...]:
    """Up to five of the terms, strongest first, as they stand in the text (in lower case), none of them within another.

    A pair that the text does not have in so many words (its words may have function words between them) is left out,
    and so are words that papers on anything have (`extensive experiments`).

    >>> reasons(["image segmentation", "image", "state art", "bag words"], "Image segmentation by a bag of words")
    ('image segmentation', 'bag of words')
    """
    chosen: list[str] = []
    seen: set[str] = set()
    lowered = text.lower()
    for term in terms:
        parts = term.split()
        stems = {_ENDING.sub("", part) for part in parts}  # `learning` and `learned` say no more than `learn`
        if len(term) < 2 or not seen.isdisjoint(stems) or _GENERIC.issuperset(parts):
            continue
        surface = _word(term, lowered) if len(parts) == 1 else _pair(parts[0], parts[1], lowered)
        if surface:
            chosen.append(surface)
            seen.update(stems)
            if len(chosen) == COUNT:
                break
    return tuple(chosen)


def _word(word: str, lowered: str) -> str:
    if word in lowered or lowered.isascii():
        return word
    return next((one for one in _SPECIAL.findall(lowered) if _folded(one) == word), word)


def _pair(first: str, second: str, lowered: str) -> str:
    if (pair := f"{first} {second}") in lowered or (pair := f"{first}-{second}") in lowered:
        start = lowered.index(pair)
        around = lowered[max(start - 1, 0) : start] + lowered[start + len(pair) : start + len(pair) + 1]
        if not any(map(str.isalnum, around)):
            return pair
    places = list(_WORD.finditer(lowered))
    found = [place[0] for place in places]
    for here, word in enumerate(found):
        if word == first:
            there = here + 1
            while found[there : there + 1] and found[there] in FUNCTION_WORDS:
                there += 1
            between = lowered[places[here].end() : places[min(there, len(found) - 1)].start()]
            if found[there : there + 1] == [second] and not _STOP.search(between):
                return " ".join(lowered[places[here].start() : places[there].end()].split())
    return ""


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
