"""Journals and meetings: full names, ISO 4 abbreviations, initials."""

import re

from refsync.text.fold import fold, plain

_STOP = frozenset(
    str.split(
        "the a an of on in for and und et de des du la le les l d der die das di del della y e to at with zu zur fur "
        "international conference proceedings proc annual symposium workshop journal j"
    )
)
_ARTICLES = frozenset(
    str.split("the a an of on in for and und et de des du la le les l d der die das di del della y e to zu")
)
_NUMBERED = re.compile(r"\b(?:\d+(?:st|nd|rd|th)?|[ivx]+th)\b")
_YEARS = re.compile(r"\b(?:19|20)\d\d\b|'\d\d\b")
_TAIL = re.compile(
    r"\.?\s*\d+\s*\([^()]*\)\s*\(?(?:pp?\b|\().*$|\.?\s*Date of .*$|[.,]?\s+vol(?:ume)?\.?\s+\d.*$", re.IGNORECASE
)
_BRACKET = re.compile(r"[\[(][^\[\]()]*[\])]?")
_CONFERENCE = re.compile(r"[.:;]\s*conference\b.*$", re.IGNORECASE)
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

    >>> fold_venue("Annals of Moss (Online). 12 (3) (pp 4-5), 2001.")
    'annals of moss'
    """
    value = plain(value[:500])
    value = _TAIL.sub("", value)
    value = _BRACKET.sub(" ", value) if not value.startswith(("[", "(")) else value
    words = fold(_YEARS.sub(" ", value))
    return " ".join(_NUMBERED.sub(" ", words).split()) or fold(value)


def acronyms(value: str) -> frozenset[str]:
    """What a venue calls itself in short: words in capitals, in brackets or not (`Very Long Days (VLD)`, `VLD '99`)."""
    return frozenset(word.lower() for word in re.findall(r"\b[A-Z][A-Z&-]{1,9}\b|\b[A-Z]{2,}[a-z]?[A-Z]*\b", value)) - {
        "of",
        "and",
        "the",
        "on",
    }


def is_preprint(venue: str, doi: str = "") -> bool:
    """Whether a (folded) venue or a DOI's prefix is a preprint server's."""
    return bool(_PREPRINT_DOI.match(doi)) or bool(venue and _PREPRINT.search(venue))


def venue_similarity(a: str, b: str) -> float:
    """How likely two folded venues name one journal or meeting, from 0 to 1; symmetric.

    ISO 4 shortens words to their beginnings and drops articles, so the words of the shorter are aligned, in order,
    with words of the longer that begin alike; initials (`vld`) stand for a run of words.

    >>> venue_similarity("j moss res", "journal of moss research")
    1.0
    """
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    if a.replace(" ", "") == b.replace(" ", ""):
        return 1.0
    left = [word for word in a.split() if word not in _ARTICLES]
    right = [word for word in b.split() if word not in _ARTICLES]
    if not left or not right:
        return 0.0
    return max(_aligned(left, right), _initials(left, right), _initials(right, left))


def _aligned(left: list[str], right: list[str]) -> float:
    """The share of words that align, in order; general words (`journal`, `conference`) weigh little."""
    if (len(left), left) > (len(right), right):
        left, right = right, left
    place = matched = 0.0
    for word in left:
        for i in range(int(place), len(right)):
            if _abbreviates(word, right[i]):
                matched += _weight(word, right[i])
                place = i + 1
                break
    return min(1.0, 2 * matched / (sum(map(_own_weight, left)) + sum(map(_own_weight, right))))


def _abbreviates(a: str, b: str) -> bool:
    if a == b or a.startswith(b) or b.startswith(a):
        return True
    short, long = sorted((a, b), key=len)
    # contractions: `intl` international, `zbl` zentralblatt; and endings that differ: ital. -a against -us
    if (
        len(short) >= 2
        and short[0] == long[0]
        and short[-1] == long[-1]
        and len(short) <= 5
        and _subsequence(short, long)
    ):
        return True
    common = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        common += 1
    # endings: `surgical` and `surgery`; but `diabetes` is not `diabetologia`
    return common >= 5 and common >= len(long) - 3


def _subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)


def _own_weight(word: str) -> float:
    return 0.3 if word in _STOP else 1.0


def _weight(a: str, b: str) -> float:
    return (_own_weight(a) + _own_weight(b)) / 2


def _initials(short: list[str], long: list[str]) -> float:
    """`vld j` or `acm tods` against the full name: one word of the short form is the initials of words of the long."""
    content = [word for word in long if word not in _STOP]
    for word in short:
        if 3 <= len(word) <= 8:
            for words in (content, long):
                initials = "".join(w[0] for w in words)
                if word in initials and len(word) >= 0.6 * len(initials):
                    return 0.9
    if len(short) == 1 and len(short[0]) >= 3 and short[0] in long:
        return 0.8
    return 0.0
