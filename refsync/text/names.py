"""Author lists: who wrote it, whatever form the source gives the names."""

import re
from dataclasses import dataclass
from functools import lru_cache

from refsync.records import Name
from refsync.text.fold import fold, plain

LIMIT = 60
"""Names read from one list: later ones add nothing to a comparison, and lists of 5,000 exist."""

_PARTICLES = frozenset(
    str.split(
        "de del della dello dei degli di da das dos do du des la le les lo van von vom der den ter ten te zu zum zur "
        "af av el al bin ibn ben abu y e und het 't op in"
    )
)
_SUFFIXES = frozenset(str.split("jr sr ii iii iv 2nd 3rd 4th jnr snr phd md prof dr"))
_OTHERS = re.compile(r"^\W*(?:and|others|et\.?\s*al\.?|and others|u\.\s*a\.|и др\.?|等|…|\.{3})\W*$", re.IGNORECASE)
_TAIL_OTHERS = re.compile(r"[\s,;]+(?:et\.?\s*al\.?|and others|u\.\s*a\.|и др\.?|等|…|\.{3})\W*$", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?(?:-[^\W\d_]\.?)*){1,4}$")
_STOP_BEFORE_NAME = re.compile(r"(?:(?<=\b[^\W\d_]\.)|(?<=\b[^\W\d_],)|(?<=\b[^\W\d_]\.,))\s+(?=[^\W\d_]{2})")
_FAMILY_INITIALS = re.compile(r"^[^\W\d_][^\d_,.;]+\s(?:[^\W\d_][.,\s-]*){1,4}$")
_GROUP = re.compile(
    r"\b(?:group|grp|consortium|collaboration|investigators?|committee|team|network|society|association|"
    r"organi[sz]ation|institute|university|department|ministry|agency|council|centre|center|foundation|initiative|"
    r"working party|task force|project|study)\b",
    re.IGNORECASE,
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Authors:
    """An author list for comparison: folded family names and first initials, in order.

    `truncated` where the list says `and others` or was cut at `LIMIT`. `words` are all the words of two letters or
    more, families and given names alike: who swaps them changes nothing there.
    """

    families: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    truncated: bool = False


def split_names(value: str) -> tuple[list[str], bool]:
    """The single names of an author field, and whether it says that there are more.

    Names are joined by ` and ` (BibTeX), by semicolons, or (Vancouver style) by commas between `Doe J, Roe AB`.

    >>> split_names("Doe J, Roe AB, et al.")
    (['Doe J', 'Roe AB'], True)
    """
    value = plain(value[: LIMIT * 200])
    others = bool(_TAIL_OTHERS.search(value))
    value = _TAIL_OTHERS.sub("", value)
    if ";" in value:
        parts = value.split(";")
    elif _AND.search(value):
        parts = _AND.split(value)
        if len(parts) == 2 and parts[0].count(",") > 1:  # `Doe J, Roe A, Poe B and Moe C`
            parts = [*_by_commas(parts[0]), parts[1]]
    else:
        parts = _by_stops(value) or _by_commas(value)
    names = [part.strip(" ,;.&") + ("." if part.rstrip().endswith(".") else "") for part in parts]
    names = [name for name in names if name.strip(" .")]
    kept = [name for name in names if not _OTHERS.match(name)]
    return kept[:LIMIT], others or len(kept) < len(names) or len(kept) > LIMIT


def _by_commas(value: str) -> list[str]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if len(parts) < 2:
        return [value] if value.strip() else []
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_is_initials(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) >= 2 and all(" " in part and _is_initials(part.split()[-1]) for part in parts):
        return parts
    if all(" " in part and _is_initials(part.split()[0]) for part in parts):  # `J Doe, AB Roe`
        return parts
    if len(parts) > 2 and all(" " in part for part in parts):
        return parts
    return [value]


def _by_stops(value: str) -> list[str]:
    """`Doe J. A. Roe M. Poe C.`: names that only their initials' full stops part, with a comma here or there."""
    if value.count(". ") < 2:
        return []
    parts = [part for part in _STOP_BEFORE_NAME.split(value) if part]
    if len(parts) > 2 and all(_FAMILY_INITIALS.match(part) for part in parts):
        return parts
    return []


def _is_initials(value: str) -> bool:
    bare = value.replace(" ", "")
    return bool(bare) and bare.replace(".", "").replace("-", "").isupper() and bool(_INITIALS.match(bare))


def parse_name(value: str) -> Name:
    """One name in any of the usual forms; a group has only a family name.

    >>> parse_name("JA Doe"), parse_name("van der Roe, J.")
    (Name(family='Doe', given='JA', prefix='', suffix=''), Name(family='Roe', given='J.', prefix='van der', suffix=''))
    """
    value = " ".join(value.replace("{", " ").replace("}", " ").split())
    if "," in value:
        parts = [part.strip() for part in value.split(",")]
        family, given, suffix = parts[0], parts[-1], " ".join(parts[1:-1])
        if given.lower().rstrip(".") in _SUFFIXES:
            family, given, suffix = parts[0], " ".join(parts[1:-1]), given
        words = family.split()
        if len(words) > 1 and words[-1].lower().rstrip(".") in _SUFFIXES:
            family, suffix = " ".join(words[:-1]), words[-1]
        if _GROUP.search(value):  # `Group, ALTS`: a group that a parser took for a person
            return Name(family=f"{given} {family}".strip())
        prefix, family = _particles(family.split())
        words = given.split()
        while words and words[-1].lower() in _PARTICLES and words[-1].islower():  # `Roe, Jane van der`
            prefix, words = f"{words[-1]} {prefix}".strip(), words[:-1]
        return Name(family, " ".join(words), prefix, suffix)
    if _GROUP.search(value):
        return Name(family=value)
    words = value.split()
    if len(words) > 1 and words[-1].lower().rstrip(".") in _SUFFIXES:
        words, suffix = words[:-1], words[-1]
    else:
        suffix = ""
    if len(words) < 2:
        return Name(family=value if not suffix else words[0], suffix=suffix)
    if _CJK.search(value) and len(words) == 2:
        return Name(family=words[0], given=words[1], suffix=suffix)
    if _is_initials(words[-1]) and not _is_initials(words[0]):  # `Doe JA`, `Doe J. A.`
        start = len(words)
        while start > 1 and _is_initials(words[start - 1]):
            start -= 1
        prefix, family = _particles(words[:start])
        return Name(family, " ".join(words[start:]), prefix, suffix)
    start = len(words) - 1  # `Jane A. van der Roe`
    while start > 1 and words[start - 1].lower() in _PARTICLES and words[start - 1].islower():
        start -= 1
    return Name(words[-1], " ".join(words[:start]), " ".join(words[start:-1]), suffix)


def _particles(words: list[str]) -> tuple[str, str]:
    start = 0
    while start < len(words) - 1 and words[start].lower() in _PARTICLES:
        start += 1
    return " ".join(words[:start]), " ".join(words[start:])


def parse_authors(value: str) -> Authors:
    """An author field, parsed and folded. Groups keep their place; a name that folds to nothing is left out.

    >>> parse_authors("Doe, J. A. and van Roe, Ann and others").families
    ('doe', 'roe')
    """
    names, truncated = split_names(value)
    people = [person for person in map(_person, names) if person[0]]
    return Authors(
        tuple(family for family, _, _ in people),
        tuple(initial for _, initial, _ in people),
        tuple(word for _, _, words in people for word in words),
        truncated,
    )


@lru_cache(maxsize=65536)
def _person(value: str) -> tuple[str, str, tuple[str, ...]]:
    """One name's folded family, first initial, and words of two letters or more."""
    name = parse_name(value)
    family, given = fold(name.family), fold(name.given)
    spelt = [] if _is_initials(name.given) else given.split()
    words = tuple(word for word in (*family.split(), *spelt) if len(word) > 1 and word not in _PARTICLES)
    return family.replace(" ", ""), given[:1], words


@dataclass(frozen=True, slots=True)
class Person:
    """One name in all its parts, folded; `full_words` the family name's with its particles, `letters` all of it."""

    family: str
    full_words: tuple[str, ...]
    given: str
    initials: tuple[str, ...]
    group: bool

    @property
    def full_family(self) -> str:
        return "".join(self.full_words)

    @property
    def letters(self) -> str:
        return self.full_family + self.given


def people(value: str) -> tuple[list[Person], bool]:
    """The names of an author field with what a comparison of two of them asks for, and whether there are more."""
    names, truncated = split_names(value)
    found = [_parts(name) for name in names]
    return [person for person in found if person.family], truncated


def _parts(value: str) -> Person:
    name = parse_name(value)
    family, given = fold(name.family).split(), fold(name.given).split()
    if _is_initials(name.given):
        initials = tuple("".join(given))
    else:
        initials = tuple(letter for word in name.given.split() for letter in _letters(word))
    return Person(
        "".join(family), (*fold(name.prefix).split(), *family), "".join(given), initials, bool(_GROUP.search(value))
    )


def _letters(word: str) -> str:
    """The initials that a part of a given name stands for: all of `JA`, the first of each part of `Jean-Paul`."""
    parts = fold(word).split()
    return "".join(parts) if _is_initials(word) else "".join(part[0] for part in parts)
