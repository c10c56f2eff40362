"""Blocking: which pairs are worth comparing, in near-linear time.

Each record has keys of several kinds; records that share a key are candidates. A block that is too big is split by a
second key (first author, year, place in the journal) and at last cut into windows of neighbours, so that ten thousand
equal titles cost ten thousand times a constant. See Papadakis et al., "Blocking and Filtering Techniques for Entity
Resolution", ACM Computing Surveys 53(2), 2020.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from refsync.dedup.profile import Profile

Pairs = NDArray[np.int64]
"""Two columns: indices of profiles, the smaller first."""

_STRONG, _WEAK, _WINDOW = 40, 12, 6
_COMMON = frozenset("the a an of on in for and with to by from at as is are using based study analysis new".split())


def _cjk(word: str) -> bool:
    return any("\u3040" <= char <= "\u9fff" for char in word[:4])


def _tokens(text: str) -> set[str]:
    """The words of a title; two-letter runs where the script has no spaces."""
    found: set[str] = set()
    for word in text.split()[:60]:
        if _cjk(word):
            found.update(word[i : i + 2] for i in range(min(len(word) - 1, 60)))
        elif len(word) > 2 and word not in _COMMON:
            found.add(word)
    return found


def _rare(profiles: Sequence[Profile]) -> list[list[str]]:
    """Pairs of each title's four rarest words."""
    tokens = [_tokens(p.title) for p in profiles]
    frequency = Counter(token for words in tokens for token in words)
    keys = []
    for words in tokens:
        # a word that no other title has cannot find one
        rarest = sorted((word for word in words if frequency[word] > 1), key=lambda w: (frequency[w], w))[:4]
        keys.append([f"{x} {y}" if x < y else f"{y} {x}" for x, y in combinations(rarest, 2)] or rarest)
    return keys


def _titles(p: Profile) -> list[str]:
    if not p.title_key:
        return []
    keys = [p.title_key]
    if p.title_main != p.title_key and len(p.title_main) >= 10:
        keys.append(p.title_main)
    return keys


def _ends(p: Profile) -> list[str]:
    size = 8 if _cjk(p.title_key) else 20
    return [f"<{p.title_key[:size]}", f">{p.title_key[-size:]}"] if len(p.title_key) > size else []


def _identifiers(p: Profile) -> list[str]:
    keys = [f"{name}:{value}" for name, value in (("d", p.doi), ("a", p.arxiv), ("p", p.pmid), ("c", p.pmcid)) if value]
    return keys + [f"i:{isbn}" for isbn in p.isbns if p.kind not in {"paper", "chapter"}]


def _place(p: Profile) -> list[str]:
    """Year and first page with the first author or the volume."""
    keys = []
    if p.pages.number and p.year:
        if p.volume:
            keys.append(f"v{p.year}.{p.volume}.{p.pages.number}")
        if p.authors.families:
            keys.append(f"a{p.year}.{p.authors.families[0]}.{p.pages.number}")
    if p.pages.number and p.volume and p.authors.families:
        keys.append(f"f{p.volume}.{p.authors.families[0]}.{p.pages.number}")
    return keys


def _people(p: Profile) -> list[str]:
    """The author list, and the first author with the beginning of the title."""
    keys = []
    names = p.authors.families
    if len(names) >= 2 and p.year:
        keys.append(f"{p.year}:{' '.join(sorted(names[:8]))}")
    if names and p.title_key:
        keys.append(f"{names[0]}|{p.title_key[:6]}")
    return keys


def _abstracts(p: Profile) -> list[str]:
    """The beginning of the abstract, and a stretch further in: exports cut and prefix abstracts."""
    text = p.abstract
    if len(text) < 60:
        return []
    keys = [f"<{text[:50]}"]
    words = text[150:400].split()
    if len(words) > 12:
        longest = max(range(2, 9), key=lambda i: (len(words[i]), words[i]))
        keys.append(f"={' '.join(words[longest : longest + 5])}")
    return keys


_KINDS: tuple[tuple[Callable[[Profile], list[str]], int], ...] = (
    (_titles, _STRONG),
    (_identifiers, _STRONG),
    (_abstracts, _WEAK),
    (_place, _WEAK),
    (_people, _WEAK),
    (_ends, _WEAK),
)


def _refinements(p: Profile) -> tuple[str, ...]:
    """Second keys for blocks that are too big."""
    first = p.authors.families[0] if p.authors.families else ""
    place = f"{p.year} {p.volume} {p.pages.number}" if p.pages.number else ""
    return first, place, p.doi or p.arxiv or p.pmid, p.abstract[:50], p.title_key if p.authors.families else ""


def candidate_pairs(profiles: Sequence[Profile]) -> Pairs:
    """The pairs that share a key, each once, sorted. Linear in the number of profiles but for sorting keys."""
    n = len(profiles)
    found: list[NDArray[np.int64]] = []
    seconds: list[tuple[str, ...]] = []

    def add(keys: Sequence[Sequence[str]], limit: int) -> None:
        owners, codes = _encode(keys)
        blocks, oversize = _split(owners, codes, limit)
        found.append(_within(*blocks, limit, n))
        if not len(oversize[0]):
            return
        if not seconds:
            seconds.extend(map(_refinements, profiles))
        for i in range(len(seconds[0])):
            refined = [
                [f"{code} {seconds[owner][i]}"] if seconds[owner][i] else []
                for owner, code in zip(oversize[0].tolist(), oversize[1].tolist(), strict=True)
            ]
            at, codes = _encode(refined)
            small, big = _split(oversize[0][at], codes, limit)
            found.append(_within(*small, limit, n))
            found.append(_within(*big, _WINDOW, n))

    for kind, limit in _KINDS:
        add([kind(p) for p in profiles], limit)
    add(_rare(profiles), _WEAK)
    packed = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    return np.column_stack((packed // n, packed % n)) if n else np.empty((0, 2), np.int64)


def _encode(keys: Sequence[Sequence[str]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Key occurrences as two arrays: who has it, and a number for the key."""
    table: dict[str, int] = {}
    owners = [i for i, own in enumerate(keys) for _ in own]
    codes = [table.setdefault(key, len(table)) for own in keys for key in own]
    return np.array(owners, np.int64), np.array(codes, np.int64)


def _split(
    owners: NDArray[np.int64], codes: NDArray[np.int64], limit: int
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Occurrences in blocks up to the limit, and those in bigger ones; keys of one record only are dropped."""
    if not len(codes):
        return (owners, codes), (owners, codes)
    order = np.lexsort((owners, codes))
    owners, codes = owners[order], codes[order]
    size = np.bincount(codes)[codes]
    fits = (size > 1) & (size <= limit)
    return (owners[fits], codes[fits]), (owners[size > limit], codes[size > limit])


def _within(owners: NDArray[np.int64], codes: NDArray[np.int64], window: int, n: int) -> NDArray[np.int64]:
    """Pairs at most `window` apart within blocks (sorted by code, then owner), packed into one number each."""
    found = [np.empty(0, np.int64)]
    for step in range(1, window):
        together = codes[step:] == codes[:-step]
        if not together.any():
            break
        a, b = owners[:-step][together], owners[step:][together]
        found.append((a * n + b)[a != b])
    return np.unique(np.concatenate(found))
