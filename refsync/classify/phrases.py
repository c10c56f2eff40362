"""Phrases of a library that may name a subject: runs of content words that its papers share."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from refsync.classify.terms import FUNCTION_WORDS, words

Key = tuple[str, ...]
"""A phrase by the stems of its words."""
Run = tuple[tuple[str, ...], Key]
"""Content words without a mark or function word between them, and their stems."""

MAX_WORDS = 4  # of a phrase
_IN_TITLE, _IN_ABSTRACT, _REPEATED = 1.0, 0.4, 0.7  # how much a paper is about a phrase, by where it has it
_MAX_ABSTRACT = 4000  # characters that are read
_LAST = 0.7  # how often a noun ends a run, at least, relative to all words
_FEW = 30  # occurrences of a word, below which the share at the ends of runs may be chance
_BREAK = re.compile(r"[^\w\s'’\\{}$^-]+|\s[-–—]+\s|\d[\d.,]*")
_GENERAL = frozenset(
    """
    paper papers work works study studies article chapter book thesis method methods approach approaches result results
    propose proposed proposes proposing present presents presented show shows shown showing demonstrate demonstrates
    demonstrated introduce introduces introduced introducing novel new recent recently existing previous prior current
    first second third one two three many several various different important significant significantly better best
    improve improves improved improving improvement improvements achieve achieves achieved outperform outperforms
    use used uses using based via towards toward learn learns learned good simple effective efficient efficiently
    problem problems task tasks experiment experiments experimental extensive evaluation evaluate performance
    state art large scale high low well even still often however furthermore moreover additionally finally code
    available publicly github make makes making made need needs allow allows enable enables provide provides provided
    given find finds found understanding understand case review survey introduction overview analysis application
    applications effect effects role impact development perspective perspectives investigation comparison evidence
    author authors research researchers paper's question questions way ways goal aim aims framework frameworks
    old quality classes class fig figure table section real world proceedings international conference journal volume
    """.split()
)
_ADJECTIVES = ("ive", "ous", "able", "ible", "ical", "ful", "ly", "less", "ed")
_NOUNS = frozenset(
    """
    objective perspective narrative archive adhesive explosive seed feed bed speed weed embed cable table vegetable
    variable ensemble family assembly anomaly supply monopoly butterfly need
    """.split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a library.

    Attributes:
        key: its words' stems.
        text: its words as they occur most often, in lower case.
        papers: the indices of the papers that have it, each with how much it is about it, above 0 to 1.
        score: the C-value: how many papers have it on its own and not only within a longer phrase, by its length.
    """

    key: Key
    text: str
    papers: Mapping[int, float]
    score: float


def stem(word: str) -> str:
    """A word without the ending of its plural.

    >>> stem("policies"), stem("networks"), stem("analysis")
    ('policy', 'network', 'analysis')
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def find_phrases(papers: Sequence[tuple[str, str]], min_papers: int, max_share: float = 0.3) -> list[Phrase]:
    """The phrases that `min_papers` papers or more have, at least one in its title, and not too many, the best first.

    A phrase is one to four content words without a mark or function word between them, and ends as a noun may end:
    not with a word that is seldom the last one of its run, such as an adjective.

    Args:
        papers: title and abstract of each.
        min_papers: that a phrase needs.
        max_share: of the papers, above which a phrase distinguishes nothing.
    """
    titles = [[_stemmed(run) for run in _runs(title)] for title, _ in papers]
    abstracts = [[_stemmed(run) for run in _runs(abstract[:_MAX_ABSTRACT])] for _, abstract in papers]
    frequent = _frequent([[*one, *other] for one, other in zip(titles, abstracts, strict=True)], min_papers)
    about: defaultdict[Key, dict[int, float]] = defaultdict(dict)
    texts: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    in_titles: Counter[Key] = Counter()
    last, total = Counter[str](), Counter[str]()
    for number, (of_title, of_abstract) in enumerate(zip(titles, abstracts, strict=True)):
        for run, _ in (*of_title, *of_abstract):
            total.update(run)
            last[run[-1]] += 1
        title_keys = {key for key, _ in _ngrams(of_title) if key in frequent}
        in_titles.update(title_keys)
        counts: Counter[Key] = Counter()
        for key, text in (*_ngrams(of_title), *_ngrams(of_abstract)):
            if key in frequent:
                counts[key] += 1
                texts[key][text] += 1
        for key, count in counts.items():
            about[key][number] = _IN_TITLE if key in title_keys else _REPEATED if count > 1 else _IN_ABSTRACT
    most = max(min_papers, int(max_share * len(papers)))
    common = {key: set(of) for key, of in about.items()}
    # A noun ends a run about as often as any word does; an adjective is followed by another word.
    usual = _LAST * last.total() / max(total.total(), 1)
    noun = {
        word
        for word, count in total.items()
        if last[word] + (count**0.5 if count < _FEW else 0) >= usual * count and _may_be_noun(word)
    }
    scores = _c_values(common)
    found = []
    for key, members in common.items():
        _, text = min((-count, text) for text, count in texts[key].items())
        if not (in_titles[key] and len(members) <= most and scores[key] > 0):
            continue
        if text.split()[-1] not in noun or not _says_something(text.split()):
            continue
        found.append(Phrase(key, text, about[key], scores[key]))
    return sorted(found, key=lambda phrase: (-phrase.score, phrase.key))


def as_written(text: str, papers: Iterable[tuple[str, str]]) -> str:
    """A phrase as papers write it most often: with its hyphens, and capitals inside words.

    >>> as_written("image text models", [("Image-Text Models", ""), ("On image-text models", "")])
    'image-text models'
    >>> as_written("llms", [("Large language models", "LLMs grow. We grow LLMs.")])
    'LLMs'
    """
    joined = r"[\s\u2010-\u2014-]+".join(map(re.escape, text.split()))
    pattern = re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE)
    matches = (match for paper in papers for match in pattern.findall(" . ".join(paper)))
    found = Counter(" ".join(map(_lower, match.split())) for match in matches)
    return min(found, key=lambda form: (-found[form], form)) if found else text


def _lower(word: str) -> str:
    """A word in lower case, unless it is short and has a capital after its first letter (`LLMs`, `LiDAR`)."""
    parts = re.split(r"([\u2010-\u2014-])", word)
    return "".join(part if part[1:] != part[1:].lower() and len(part) <= 6 else part.lower() for part in parts)


def _runs(text: str) -> Iterable[list[str]]:
    """The runs of content words of a text."""
    for part in _BREAK.split(text):
        run: list[str] = []
        for word in words(part):
            if word in FUNCTION_WORDS or len(word) < 2:
                if run:
                    yield run
                run = []
            else:
                run.append(word)
        if run:
            yield run


def _stemmed(run: Sequence[str]) -> Run:
    return tuple(run), tuple(map(stem, run))


def _ngrams(runs: Iterable[Run], sizes: Iterable[int] = range(1, MAX_WORDS + 1)) -> Iterable[tuple[Key, str]]:
    for run, stems in runs:
        for size in sizes:
            for start in range(len(run) - size + 1):
                yield stems[start : start + size], " ".join(run[start : start + size])


def _frequent(papers: Sequence[Sequence[Run]], min_papers: int) -> set[Key]:
    """The phrases of at least so many papers. Parts of a frequent phrase are frequent, so few long ones are counted."""
    frequent: set[Key] = set()
    for size in range(1, MAX_WORDS + 1):
        counts: Counter[Key] = Counter()
        for runs in papers:
            keys = {key for key, _ in _ngrams(runs, [size])}
            counts.update(key for key in keys if size == 1 or {key[1:], key[:-1]} <= frequent)
        frequent.update(key for key, count in counts.items() if count >= min_papers)
    return frequent


def _c_values(common: Mapping[Key, set[int]]) -> dict[Key, float]:
    """The C-value of each phrase (Frantzi, Ananiadou and Mima, 2000), counted in papers."""
    within: defaultdict[Key, list[int]] = defaultdict(list)
    for key, members in common.items():
        for size in range(1, len(key)):
            for start in range(len(key) - size + 1):
                within[key[start : start + size]].append(len(members))
    return {
        key: (1 + 0.6 * (min(len(key), 3) - 1)) * (len(members) - (max(within[key]) if within[key] else 0))
        for key, members in common.items()
    }


def _says_something(text: Sequence[str]) -> bool:
    """Whether a phrase is no general word of papers, and does not begin or end with one."""
    specific = [word for word in text if word not in _GENERAL]
    repeated = any(one[:6] == other[:6] for one, other in pairwise(text))
    return bool(specific) and text[0] not in _GENERAL and text[-1] not in _GENERAL and not repeated


def _may_be_noun(word: str) -> bool:
    return word in _NOUNS or not word.endswith(_ADJECTIVES)
