"""Journals and conferences: full names, ISO 4 abbreviations, initials."""

import re
from functools import lru_cache
from typing import NamedTuple

from refsync.text.abbreviations import DIGRAPHS, abbreviates, align_words, is_subsequence
from refsync.text.fold import fold, strip_markup

_ARTICLES = frozenset(
    str.split("the a an of on in for and und et de des du la le les l d der die das dem den di del della y e i u to zu")
)
_GENERAL = _ARTICLES | frozenset(
    str.split(
        "at with zur fur fuer auf aus journal j part pt section sect sec series ser supplement "
        "supplements suppl supplementum "
        # learned societies that some sources leave out before the name of their journal
        "acm ieee ifip siam"
    )
)
_MEETINGS = frozenset(
    str.split("conference conf proceedings proc symposium symp workshop workshops congress cong meeting colloquium")
)
_MEETING_GENERAL = _GENERAL | _MEETINGS | frozenset(str.split("international int intl annual ann"))
# words so frequent that journals of different subjects share them
_FREQUENT = frozenset(
    str.split(
        "international int intl american am amer british br brit european eur canadian can asian clinical clin klin "
        "research res medical medicine med science sciences sci annals annales ann archives arch acta reviews rev"
    )
)
_NUMBERED = re.compile(r"\b(?:\d+(?:st|nd|rd|th)?|[ivx]+th)\b")
_YEARS = re.compile(r"\b(?:19|20)\d\d\b|'\d\d\b")
_TAIL = re.compile(
    r"\.?\s*\d+\s*\([^()]*\)\s*\(?(?:pp?\b|\().*$|\.?\s*Date of .*$|[.,]?\s+vol(?:ume)?\.?\s+\d.*$", re.IGNORECASE
)
# separates names: a parallel title, a subtitle, the society that publishes
_SEPARATOR = re.compile(r"\s*([/=]|\s[-‐‑‒–—−]\s|[—–]|:\s)\s*")
_DESCRIPTION = re.compile(r"(?:the |an? )?(?:official|international journal|journal of the)\b")
_FULL_STOP = re.compile(r"(?<=\w{4})\.\s+(?=\w{3})")
_ELISION = re.compile(r"\b(?:l|d|dell|nell|all)['’](?=\w)", re.IGNORECASE)  # `l'Académie` is abbreviated `Acad.`
_LOST_LETTER = re.compile(r"(?<=\w)[?\ufffd](?=\w)")  # a letter outside a source's encoding: `espa?ola`
_BRACKET = re.compile(r"[\[(][^\[\]()]*[\])]?")
_CONFERENCE = re.compile(r"(?<!\bproc)[.:;]\s*conference\b.*$", re.IGNORECASE)
_INITIALS = 0.9  # similarity of a name and its initials
_VOWELS = frozenset("aeiouy")
_GENERAL_WEIGHT, _FREQUENT_WEIGHT = 0.3, 0.5
_ONE_WORD = 0.5  # `Moss` and `Moss Research` may be the same journal, truncated, or two
_QUALIFIED = 0.6  # factor for an additional word before the others
_MIN_DISTINCTIVE = 4  # names that share so many words are the same, whatever precedes them
_PREPRINT = re.compile(
    r"\b(?:ar|bio|med|chem|psy|soc|eco|engr|earth|techr)[\s-]?a?r?xiv\b|\barxiv|\bcorr\b"
    r"|\bcomputing research repository"
    r"|\bssrn\b|\bresearch square\b|\bpreprints?(?:\.org)?\b|\bosf\b|\btechrxiv\b|\bzenodo\b|\bhal\b|\bauthorea\b",
)
_PREPRINT_DOI = re.compile(
    r"^10\.(?:48550|1101|21203|2139|20944|31234|31219|31235|31222|26434|36227|22541|31223|31224|48448)/"
)


def fold_venue(value: str) -> str:
    """The words of a venue, folded, without volume tails, years and ordinals.

    A slash separates names that the source separates: parallel titles, subtitles, societies.

    >>> fold_venue("Annals of Moss (Online). 12 (3) (pp 4-5), 2001.")
    'annals of moss'
    >>> fold_venue("Moosblatt = Moss Letters")
    'moosblatt / moss letters'
    """
    value = strip_markup(value[:500])
    short = _TAIL.sub("", value)
    short = _CONFERENCE.sub("", short) or short
    short = _BRACKET.sub(" ", short) if not short.startswith(("[", "(")) else short
    short = _LOST_LETTER.sub("", short)
    short = _ELISION.sub(" ", _YEARS.sub(" ", short))
    if short.count(".") * 5 < len(short.split()) * 2:  # else they are the full stops of an abbreviated name
        short = _FULL_STOP.sub(" : ", short)
    name, *rest = _SEPARATOR.split(short)
    names = [_bare(name)]
    for sign, part in zip(rest[::2], rest[1::2], strict=True):
        mark = sign.strip()
        if not (words := _bare(part)):
            continue
        first = names[-1]
        if _DESCRIPTION.match(words) or mark == "=":
            alone = _distinctive_words(first) > 0
        else:  # `Hematology/Oncology`, `Circulation: Heart Failure` and `Vld - Long Days` are one name
            alone = _distinctive_words(words) > 1 and (
                _distinctive_words(first) > 1 or (mark in "-—–" and " " in first)
            )
        names[-1:] = [first, words] if alone else [f"{first} {words}".strip()]
    return " / ".join(names).strip() or fold(value)


def _bare(value: str) -> str:
    return " ".join(_NUMBERED.sub(" ", fold(value)).split())


def _distinctive_words(words: str) -> int:
    return sum(word not in _MEETING_GENERAL for word in words.split())


def is_preprint(venue: str, doi: str = "") -> bool:
    """Whether a (folded) venue or a DOI's prefix is a preprint server's."""
    return bool(doi and _PREPRINT_DOI.match(doi)) or bool(venue and _is_server(venue))


@lru_cache(maxsize=65536)
def _is_server(venue: str) -> bool:
    return bool(_PREPRINT.search(venue))


def venue_similarity(a: str, b: str) -> float:
    """How likely two folded venues name the same journal or conference, from 0 to 1; symmetric.

    ISO 4 abbreviates words to their beginnings and drops articles, so the words of the shorter are aligned, in order,
    with words of the longer that begin alike; initials (`vld`) match a run of words. Names that a source separates are
    also compared one by one.

    >>> venue_similarity("j moss res", "journal of moss research")
    1.0
    >>> venue_similarity("moss research", "british moss research") < 0.5
    True
    """
    if a == b:
        return float(bool(a))
    if not a or not b:
        return 0.0
    return max(_names_similarity(x, y) for x in _names(a) for y in _names(b))


class _Name(NamedTuple):
    """One name as its comparison with many others needs it.

    `acronyms` are its words that may be the initials of another name. `content` are the initials of its words of
    content, among journals and among meetings, `initials` those of all. `starts` are the first letters of its words,
    `distinctive` those of the words that only some journals have.
    """

    letters: str
    words: tuple[str, ...]
    meeting: bool
    acronyms: tuple[str, ...]
    content: tuple[str, str]
    initials: str
    starts: frozenset[str]
    distinctive: frozenset[str]
    digraph: bool


@lru_cache(maxsize=65536)
def _names(value: str) -> tuple[_Name, ...]:
    """The whole value and each of its names."""
    names = [value] if " / " not in value else [value.replace(" / ", " "), *value.split(" / ")]
    return tuple(map(_name, names))


def _name(name: str) -> _Name:
    words = tuple(_without_initials([word for word in name.split() if word not in _ARTICLES]))
    content = ["".join(word[0] for word in words if word not in general) for general in (_GENERAL, _MEETING_GENERAL)]
    return _Name(
        letters=name.replace(" ", ""),
        words=words,
        meeting=not _MEETINGS.isdisjoint(words),
        acronyms=tuple(word for word in words if 3 <= len(word) <= 8),
        content=(content[0], content[1]),
        initials="".join(word[0] for word in words),
        starts=frozenset(word[0] for word in words),
        distinctive=frozenset(word[0] for word in words if _is_distinctive(word, _GENERAL)),
        digraph=any(word.startswith(DIGRAPHS) for word in words),
    )


def _names_similarity(a: _Name, b: _Name) -> float:
    if a.letters == b.letters:
        return 1.0
    if not a.words or not b.words:
        return 0.0
    meeting = a.meeting or b.meeting
    best = (
        _aligned(list(a.words), list(b.words), _MEETING_GENERAL if meeting else _GENERAL) if _may_align(a, b) else 0.0
    )
    if best >= _INITIALS:
        return best
    return max(best, _initials(a, b, meeting=meeting), _initials(b, a, meeting=meeting))


def _may_align(a: _Name, b: _Name) -> bool:
    """Whether any words that count can be aligned, by their first letters; those of most names cannot."""
    if a.digraph or b.digraph:
        return True
    if a.meeting or b.meeting:
        return not a.starts.isdisjoint(b.starts)
    return not (a.distinctive.isdisjoint(b.starts) and b.distinctive.isdisjoint(a.starts))


def _without_initials(words: list[str]) -> list[str]:
    """The words without initials of the rest at the start: `VLD Very Long Days`, `BNR British Neuroradiology`."""
    if len(words) > 2 and 2 < len(words[0]) < 9:
        rest = words[1:]
        initials = "".join(word[0] for word in rest)
        if initials.startswith(words[0]):
            return rest
        if (
            initials[0] == words[0][0]
            and is_subsequence(initials, words[0])
            and is_subsequence(words[0], "".join(rest))
        ):
            return rest
    return words


def _aligned(left: list[str], right: list[str], general: frozenset[str]) -> float:
    """The share of words that align in order; general words (`journal`, `annual` of conferences) have little weight."""
    if (len(left), left) > (len(right), right):
        left, right = right, left
    pairs = align_words(left, right)
    meeting = general is _MEETING_GENERAL
    aligned = {i for i, _ in pairs}, {j for _, j in pairs}
    distinctive = {i for i in aligned[0] if _is_distinctive(left[i], general)}
    if not pairs or not (distinctive or meeting):
        return 0.0
    matched = all_ = 0.0
    for words, found in zip((left, right), aligned, strict=True):
        for i, word in enumerate(words):
            weight = _GENERAL_WEIGHT if word in general else _FREQUENT_WEIGHT if i in found and word in _FREQUENT else 1
            all_ += weight
            matched += weight * (i in found)
    share = matched / all_
    if meeting:
        return share
    if len(distinctive) < _MIN_DISTINCTIVE and any(
        _qualified(*side, general) for side in zip((left, right), aligned, strict=True)
    ):
        return share * _QUALIFIED
    if (
        len(distinctive) == 1
        and share < 1
        and any(
            _is_distinctive(word, general)
            for words, found in zip((left, right), aligned, strict=True)
            for i, word in enumerate(words)
            if i not in found
        )
    ):
        return min(share, _ONE_WORD)
    return share


def _is_distinctive(word: str, general: frozenset[str]) -> bool:
    return len(word) > 1 and word not in general


def _qualified(words: list[str], aligned: set[int], general: frozenset[str]) -> bool:
    """Whether a distinctive word that the other name lacks precedes one that both have: `British Moss Research`.

    Words at the end are often left out; words at the start name another journal. Names of conferences have so many
    forms that this says little about them.
    """
    last = max((i for i in aligned if _is_distinctive(words[i], general)), default=0)
    return any(i not in aligned and _is_distinctive(words[i], general) for i in range(last))


def _initials(short: _Name, long: _Name, *, meeting: bool) -> float:
    """The similarity of `vld j` or `acm tods` and the full name: one word of the short form is initials of the long."""
    content = long.content[meeting]
    for word in short.acronyms:
        for initials in (content, long.initials):
            if word not in initials or len(word) < 0.6 * len(initials):
                continue
            if len(word) > 3 or initials.startswith(word):
                general = _MEETING_GENERAL if meeting else _GENERAL
                others = (
                    w for w in short.words if w != word and _is_distinctive(w, general) and not _VOWELS.isdisjoint(w)
                )
                explained = meeting or all(any(abbreviates(w, x) for x in long.words) for w in others)
                return _INITIALS if explained else 0.0
    words = short.words
    if len(words) == 1 and len(words[0]) >= 3 and words[0] in long.words:
        # a short title before the full one; but `Moss` is not `Moss Research`
        return 0.8 if meeting or (words[0] == long.words[0] and len(content) > 4) else 0.0
    return 0.0
