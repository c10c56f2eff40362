"""Journals and meetings: full names, ISO 4 abbreviations, initials."""

import re
from functools import lru_cache

from refsync.text.abbreviations import abbreviates, align_words, is_subsequence
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
# words so frequent that two journals of unlike subjects share them
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
# what stands before it is a name of its own: a parallel title, a subtitle, the society that publishes
_SET_OFF = re.compile(r"\s*([/=]|\s[-‐‑‒–—−]\s|[—–]|:\s)\s*")
_DESCRIPTION = re.compile(r"(?:the |an? )?(?:official|international journal|journal of the)\b")
_STOPPED = re.compile(r"(?<=\w{4})\.\s+(?=\w{3})")
_ELISION = re.compile(r"\b(?:l|d|dell|nell|all)['’](?=\w)", re.IGNORECASE)  # `l'Académie` is abbreviated `Acad.`
_LOST = re.compile(r"(?<=\w)[?\ufffd](?=\w)")  # a letter that a source could not write: `espa?ola`
_BRACKET = re.compile(r"[\[(][^\[\]()]*[\])]?")
_CONFERENCE = re.compile(r"[.:;]\s*conference\b.*$", re.IGNORECASE)
_INITIALS = 0.9  # initials for a name
_VOWELS = frozenset("aeiouy")
_GENERAL_WEIGHT, _FREQUENT_WEIGHT = 0.3, 0.5
_ONE_WORD = 0.5  # `Moss` and `Moss Research` may be one, cut short, or two
_QUALIFIED = 0.6  # a word more before the others leaves this much of a likeness
_TELLING = 4  # names that share so many words are one, whatever precedes
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

    A slash stands between names that the source sets off from each other: parallel titles, subtitles, societies.

    >>> fold_venue("Annals of Moss (Online). 12 (3) (pp 4-5), 2001.")
    'annals of moss'
    >>> fold_venue("Moosblatt = Moss Letters")
    'moosblatt / moss letters'
    """
    value = strip_markup(value[:500])
    short = _TAIL.sub("", value)
    short = _CONFERENCE.sub("", short) or short
    short = _BRACKET.sub(" ", short) if not short.startswith(("[", "(")) else short
    short = _LOST.sub("", short)
    short = _ELISION.sub(" ", _YEARS.sub(" ", short))
    if short.count(".") * 5 < len(short.split()) * 2:  # else the stops are an abbreviated name's
        short = _STOPPED.sub(" : ", short)
    name, *rest = _SET_OFF.split(short)
    names = [_bare(name)]
    for sign, part in zip(rest[::2], rest[1::2], strict=True):
        mark = sign.strip()
        if not (words := _bare(part)):
            continue
        first = names[-1]
        if _DESCRIPTION.match(words) or mark == "=":
            alone = _telling(first) > 0
        else:  # `Hematology/Oncology`, `Circulation: Heart Failure` and `Vld - Long Days` are one name
            alone = _telling(words) > 1 and (_telling(first) > 1 or (mark in "-—–" and " " in first))
        names[-1:] = [first, words] if alone else [f"{first} {words}".strip()]
    return " / ".join(names).strip() or fold(value)


def _bare(value: str) -> str:
    return " ".join(_NUMBERED.sub(" ", fold(value)).split())


def _telling(words: str) -> int:
    return sum(word not in _MEETING_GENERAL for word in words.split())


def is_preprint(venue: str, doi: str = "") -> bool:
    """Whether a (folded) venue or a DOI's prefix is a preprint server's."""
    return bool(_PREPRINT_DOI.match(doi)) or bool(venue and _is_server(venue))


@lru_cache(maxsize=65536)
def _is_server(venue: str) -> bool:
    return bool(_PREPRINT.search(venue))


def venue_similarity(a: str, b: str) -> float:
    """How likely two folded venues name one journal or meeting, from 0 to 1; symmetric.

    ISO 4 shortens words to their beginnings and drops articles, so the words of the shorter are aligned, in order,
    with words of the longer that begin alike; initials (`vld`) stand for a run of words. Names that a source sets off
    from each other are compared one by one too.

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


@lru_cache(maxsize=65536)
def _names(value: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The whole, and each of the names that it holds: its letters, and its words."""
    names = [value] if " / " not in value else [value.replace(" / ", " "), *value.split(" / ")]
    return tuple(
        (name.replace(" ", ""), tuple(_without_short([word for word in name.split() if word not in _ARTICLES])))
        for name in names
    )


def _names_similarity(a: tuple[str, tuple[str, ...]], b: tuple[str, tuple[str, ...]]) -> float:
    if a[0] == b[0]:
        return 1.0
    left, right = list(a[1]), list(b[1])
    if not left or not right:
        return 0.0
    meeting = not (_MEETINGS.isdisjoint(left) and _MEETINGS.isdisjoint(right))
    general = _MEETING_GENERAL if meeting else _GENERAL
    best = _aligned(left, right, general)
    if best >= _INITIALS:
        return best
    return max(best, _initials(left, right, general), _initials(right, left, general))


def _without_short(words: list[str]) -> list[str]:
    """A name without the initials of the rest that lead it: `VLD Very Long Days`, `BNR British Neuroradiology`."""
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
    """The share of words that align, in order; general words (`journal`, in meetings `annual`) weigh little."""
    if (len(left), left) > (len(right), right):
        left, right = right, left
    pairs = align_words(left, right)
    meeting = general is _MEETING_GENERAL
    taken = {i for i, _ in pairs}, {j for _, j in pairs}
    told = {i for i in taken[0] if _tells(left[i], general)}
    if not pairs or not (told or meeting):
        return 0.0
    matched = all_ = 0.0
    for words, found in zip((left, right), taken, strict=True):
        for i, word in enumerate(words):
            weight = _GENERAL_WEIGHT if word in general else _FREQUENT_WEIGHT if i in found and word in _FREQUENT else 1
            all_ += weight
            matched += weight * (i in found)
    share = matched / all_
    if meeting:
        return share
    if len(told) < _TELLING and any(_qualified(*side, general) for side in zip((left, right), taken, strict=True)):
        return share * _QUALIFIED
    if (
        len(told) == 1
        and share < 1
        and any(
            _tells(word, general)
            for words, found in zip((left, right), taken, strict=True)
            for i, word in enumerate(words)
            if i not in found
        )
    ):
        return min(share, _ONE_WORD)
    return share


def _tells(word: str, general: frozenset[str]) -> bool:
    return len(word) > 1 and word not in general


def _qualified(words: list[str], taken: set[int], general: frozenset[str]) -> bool:
    """Whether a telling word that the other name lacks stands before one that both have: `British Moss Research`.

    What follows is rather shortened away; what precedes names another journal. Meetings have so many forms that
    there it says little.
    """
    last = max((i for i in taken if _tells(words[i], general)), default=0)
    return any(i not in taken and _tells(words[i], general) for i in range(last))


def _initials(short: list[str], long: list[str], general: frozenset[str]) -> float:
    """`vld j` or `acm tods` against the full name: one word of the short form is the initials of words of the long."""
    content = [word for word in long if word not in general]
    for word in short:
        if 3 <= len(word) <= 8:
            for words in (content, long):
                initials = "".join(w[0] for w in words)
                if (initials.startswith(word) or (word in initials and len(word) > 3)) and len(word) >= 0.6 * len(
                    initials
                ):
                    others = (w for w in short if w != word and _tells(w, general) and not _VOWELS.isdisjoint(w))
                    explained = all(any(abbreviates(w, x) for x in long) for w in others)
                    return _INITIALS if explained or general is _MEETING_GENERAL else 0.0
    if len(short) == 1 and len(short[0]) >= 3 and short[0] in long:
        # a short title before the full one; but `Moss` is not `Moss Research`
        return 0.8 if general is _MEETING_GENERAL or (short[0] == long[0] and len(content) > 4) else 0.0
    return 0.0
