"""Author lists: names in the forms that sources use."""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from refsync.records import Name
from refsync.text.fold import fold, strip_markup

MAX_NAMES = 60
"""How many names are read from one list: later ones add nothing to a comparison, and lists of 5,000 exist."""

_PARTICLES = frozenset(
    str.split(
        "de del della dello dei degli di da das dos do du des la le les lo van von vom der den ter ten te zu zum zur "
        "af av el al bin ibn ben abu y e und het 't op in"
    )
)
_SUFFIXES = frozenset(str.split("jr sr ii iii iv 2nd 3rd 4th jnr snr phd md prof dr"))
_OTHERS = re.compile(r"^\W*(?:and|others|et\.?\s*al\.?|and others|u\.\s*a\.|и др\.?|等|…|\.{3})\W*$", re.IGNORECASE)
_TAIL_OTHERS = re.compile(
    r"(?:[\s,;]+(?:et\.?\s*al\.?|and others|u\.\s*a\.|y otros|et coll\.?|и (?:др|соавт)\.?|та ін\.?|…|\.{3})"
    r"|\s*等)\W*$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_AMPERSAND = re.compile(r",?\s+&\s+")
_ANONYMOUS = re.compile(r"^\W*(?:anon(?:ymous)?|no authors?(?: listed)?|author unknown)\W*$", re.IGNORECASE)
_DIGIT = re.compile(r"[\d¹²³⁰-⁹]")
# `Doe, Jane`, `Doe, J. A.`, `Doe JA`: most names, for a fast path
_PLAIN = re.compile(r"([A-Z][a-z]+)(?:, (?:([A-Z][a-z]+)|([A-Z])\.?(?: ?[A-Z]\.?){0,3})| ([A-Z])[A-Z]{0,3})")
_PLAIN_WORD = re.compile(r"[A-Z][a-z]+")
_PLAIN_INITIALS = re.compile(r"[A-Z]\.?(?: ?[A-Z]\.?){0,3}")
_FOOTNOTE = re.compile(r"(?<=[^\W\d_])[\d¹²³⁰-⁹,*†‡§]*[\d¹²³⁰-⁹][*†‡§]*(?=$|[\s,])")
_HONORIFIC = re.compile(r"^(?:dr|prof|professor|sir)\b\.?\s+(?=\w)", re.IGNORECASE)
_SEPARATORS = str.maketrans({"；": ";", "、": ";", "，": ";", "؛": ";", "،": ",", "|": ";"})
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?(?:-[^\W\d_]\.?)*){1,4}$")
_STOP_BEFORE_NAME = re.compile(r"(?:(?<=\b[^\W\d_]\.)|(?<=\b[^\W\d_],)|(?<=\b[^\W\d_]\.,))\s+(?=[^\W\d_]{2})")
_FAMILY_INITIALS = re.compile(r"^[^\W\d_][^\d_,.;]+\s(?:[^\W\d_][.,\s-]*){1,4}$")
_GROUP_WORDS = frozenset(
    str.split(
        "group grp consortium collaboration investigator investigators committee team network society association "
        "organisation organization institute university department ministry agency council centre center foundation "
        "initiative project study"
    )
)
GROUP_NAME = re.compile(rf"\b(?:{'|'.join(sorted(_GROUP_WORDS))}|working party|task force)\b", re.IGNORECASE)
_EXTENDED = re.compile(r"\s*\{?\s*(?:family|given|prefix|suffix|useprefix|[a-z]+-i)\s*=", re.IGNORECASE)
_NAME_PART = re.compile(r'(?:^|[,{])\s*([a-z-]+)\s*=\s*("[^"]*"|\{[^{}]*\}|[^,{}"]*)', re.IGNORECASE)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


_TAIL = 40  # characters at the end in which `et al.` is searched for
_STOPS = " .,;:)]}*"
_ENDINGS = ("al", "others", "a", "otros", "coll", "др", "соавт", "ін", "等")  # endings of `et al.` and its like


class Authors(NamedTuple):
    """An author list for comparison: folded family names and first initials, in order.

    `truncated` if the list says `and others` or was cut at `MAX_NAMES`. `words` are all the words of two letters or
    more, of family and given names alike, so that swapping the two makes no difference.
    """

    families: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    truncated: bool = False


def split_names(value: str) -> tuple[list[str], bool]:
    """The names of an author field, and whether it says that there are more.

    Names are joined by ` and ` (BibTeX), by semicolons, or (Vancouver style) by commas between `Doe J, Roe AB`.

    >>> split_names("Doe J, Roe AB, et al.")
    (['Doe J', 'Roe AB'], True)
    """
    parts, others = _parts(value)
    read = [part for part in map(_read_part, parts) if part.name]
    kept = [part for part in read if not part.others]
    cut = others or len(kept) < len(read) or len(kept) > MAX_NAMES
    return [part.name for part in kept[:MAX_NAMES] if not part.anonymous], cut


def _parts(value: str) -> tuple[list[str], bool]:
    """The parts of an author field between separators, and whether it ends in `et al.`."""
    value = strip_markup(value[: MAX_NAMES * 200])
    if not value.isascii() or "|" in value:
        value = unicodedata.normalize("NFC", value).translate(_SEPARATORS)
    others = False
    end = value[-_TAIL:].lower()
    if "…" in end or "..." in end or end.rstrip(_STOPS).endswith(_ENDINGS):
        others = bool(_TAIL_OTHERS.search(value, max(0, len(value) - _TAIL)))
    if others:
        value = _TAIL_OTHERS.sub("", value)
    if "&" in value and not GROUP_NAME.search(value):  # `Doe, J., & Roe, M.`
        value = _AMPERSAND.sub(" and ", value)
    if ";" in value:
        parts = value.split(";")
    else:
        parts = _split_at_and(value)
        if len(parts) < 2:
            parts = _by_stops(value) or _by_commas(value)
        elif len(parts) == 2 and (parts[0].count(",") > 1 or _full_names(*parts)):
            # `Doe J, Roe A, Poe B and Moe C`
            parts = [*_by_commas(parts[0], ended=True), parts[1]]
    return parts, others


def _split_at_and(value: str) -> list[str]:
    """The names that ` and ` joins, in any case; `value` has single spaces."""
    if "and " in value:
        lower = value.lower()
        if lower.count(" and ") == value.count(" and ") and " and and " not in lower:
            return value.split(" and ")  # many times faster than the pattern
    return _AND.split(value)


def _full_names(start: str, last: str) -> bool:
    """Whether it is `Jane Doe, Mia Roe` and `Ann Poe`: with family names first, the last would have a comma."""
    return "," not in last and " " in last and all(" " in name.strip() for name in start.split(",")) and "," in start


def _by_commas(value: str, *, ended: bool = False) -> list[str]:
    """Names separated by commas; `ended` if ` and ` follows, so that there are certainly several."""
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if len(parts) < 2:
        return [value] if value.strip() else []
    if len(parts) > 2 and len(parts) % 2 == 0 and all(is_initials(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    if len(parts) >= 2 and all(" " in part and is_initials(part.split()[-1]) for part in parts):
        return parts
    if all(" " in part and is_initials(part.split()[0]) for part in parts):  # `J Doe, AB Roe`
        return parts
    if (len(parts) > 2 or ended) and all(" " in part for part in parts):
        return parts
    if all(len(part) > 1 and _CJK.match(part) for part in parts):  # `王苔, 李蘚`, but `王, 苔`
        return parts
    return [value]


def _by_stops(value: str) -> list[str]:
    """Names separated only by the full stops of initials (`Doe J. A. Roe M. Poe C.`), with some commas."""
    if value.count(". ") < 2:
        return []
    parts = [part for part in _STOP_BEFORE_NAME.split(value) if part]
    if len(parts) > 2 and all(_FAMILY_INITIALS.match(part) for part in parts):
        return parts
    return []


def is_initials(value: str) -> bool:
    """Whether a given name is initials: `JA`, `J. A.`, `J.-P.`."""
    bare = value.replace(" ", "")
    return bool(bare) and bare.replace(".", "").replace("-", "").isupper() and bool(_INITIALS.match(bare))


def is_particle(word: str) -> bool:
    """Whether a word is a particle of names in lower case (`von`, `de`)."""
    return word in _PARTICLES


def parse_name(value: str) -> Name:
    """The parts of one name in any of the usual forms; a group has only a family name.

    >>> parse_name("JA Doe"), parse_name("van der Roe, J.")
    (Name(family='Doe', given='JA', prefix='', suffix=''), Name(family='Roe', given='J.', prefix='van der', suffix=''))
    """
    if "=" in value and (extended := extended_name(value)):
        return extended
    value = " ".join(value.replace("{", " ").replace("}", " ").split())
    if GROUP_NAME.search(value):
        head, comma, tail = value.rpartition(",")  # `Group, ALTS`: a group that was parsed as a person
        return Name(family=f"{tail.strip()} {head.strip()}" if comma else value)
    if "," in value:
        parts = [part.strip() for part in value.split(",")]
        family, given, suffix = parts[0], parts[-1], " ".join(parts[1:-1])
        if given.lower().rstrip(".") in _SUFFIXES:
            family, given, suffix = parts[0], " ".join(parts[1:-1]), given
        words = family.split()
        if len(words) > 1 and words[-1].lower().rstrip(".") in _SUFFIXES:
            family, suffix = " ".join(words[:-1]), f"{words[-1]} {suffix}".strip()
        if not given and suffix and " " in family:  # `Jane Doe, PhD`
            name = parse_name(family)
            return replace(name, suffix=f"{name.suffix} {suffix}".strip())
        prefix, family = _particles(family.split())
        words = given.split()
        while words and words[-1].lower() in _PARTICLES and words[-1].islower():  # `Roe, Jane van der`
            prefix, words = f"{words[-1]} {prefix}".strip(), words[:-1]
        return Name(family, " ".join(words), prefix, suffix)
    words = value.split()
    if len(words) > 1 and words[-1].lower().rstrip(".") in _SUFFIXES:
        words, suffix = words[:-1], words[-1]
    else:
        suffix = ""
    if len(words) < 2:
        return Name(family=value if not suffix else words[0], suffix=suffix)
    if _CJK.search(value) and len(words) == 2:
        return Name(family=words[0], given=words[1], suffix=suffix)
    # `Doe JA`, `Doe J. A.`; in capitals (`DOE JA`, `LI W`) the longer word, else the first, is the family name
    if is_initials(words[-1]) and (not is_initials(words[0]) or _family_first(words)):
        start = len(words)
        while start > 1 and is_initials(words[start - 1]):
            start -= 1
        prefix, family = _particles(words[:start])
        return Name(family, " ".join(words[start:]), prefix, suffix)
    start = len(words) - 1  # `Jane A. van der Roe`
    while start > 1 and words[start - 1].lower() in _PARTICLES and words[start - 1].islower():
        start -= 1
    return Name(words[-1], " ".join(words[:start]), " ".join(words[start:-1]), suffix)


def extended_name(value: str) -> Name | None:
    """A name with its parts by name, as biblatex allows (its manual, section 3.4); None for any other.

    >>> extended_name("given=Hans, prefix=von, family=Elm")
    Name(family='Elm', given='Hans', prefix='von', suffix='')
    """
    if not _EXTENDED.match(value):
        return None
    parts = {found[1].lower(): " ".join(found[2].strip('"{} ').split()) for found in _NAME_PART.finditer(value)}
    if not (parts.get("family") or parts.get("given")):
        return None
    family, given = parts.get("family", ""), parts.get("given", "")
    return Name(family or given, given if family else "", parts.get("prefix", ""), parts.get("suffix", ""))


def _family_first(words: list[str]) -> bool:
    first, last = words[0], words[-1]
    return first.isalpha() and last.isalpha() and len(words) == 2 and len(first) > 1 and len(first) >= len(last)


def _particles(words: list[str]) -> tuple[str, str]:
    start = 0
    while start < len(words) - 1 and words[start].lower() in _PARTICLES:
        start += 1
    return " ".join(words[:start]), " ".join(words[start:])


def parse_authors(value: str) -> Authors:
    """An author field, parsed and folded. Groups keep their positions; a name that folds to nothing is left out.

    >>> parse_authors("Doe, J. A. and van Roe, Ann and others").families
    ('doe', 'roe')
    """
    parts, cut = _parts(value)
    families: list[str] = []
    initials: list[str] = []
    words: list[str] = []
    kept = 0
    for part in parts:
        written, _, given = part.partition(", ")
        initial, word = _plain_given(given)
        if initial and (family := _plain_family(written)):
            own: tuple[str, ...] = (family, word) if word else (family,)
        else:
            name, others, anonymous, family, initial, own = _read_part(part)
            cut |= others
            if not name or others:
                continue
            family = "" if anonymous else family
        kept += 1
        if family and kept <= MAX_NAMES:
            families.append(family)
            initials.append(initial)
            words += own
    return Authors(tuple(families), tuple(initials), tuple(words), cut or kept > MAX_NAMES)


@lru_cache(maxsize=65536)
def _plain_family(written: str) -> str:
    """The folded form of a family name of ASCII letters, the first one a capital; empty for any other text."""
    plain = _PLAIN_WORD.fullmatch(written) and written.lower() not in _NOT_PLAIN
    return intern(written.lower()) if plain else ""


@lru_cache(maxsize=65536)
def _plain_given(written: str) -> tuple[str, str]:
    """The initial and the folded word of a given name of such letters, or of initials, which are no word."""
    if _PLAIN_INITIALS.fullmatch(written):
        return intern(written[0].lower()), ""
    word = _plain_family(written)
    return (intern(word[0]), word) if word else ("", "")


_NOT_PLAIN = _SUFFIXES | _PARTICLES | _GROUP_WORDS | {"professor", "sir", "et"}
"""Words that the fast path does not handle."""


def parse_printed_name(value: str) -> Name:
    """The parts of a name, without honorifics and marks of footnotes (`Doe1`, `Doe²*`)."""
    if _DIGIT.search(value):
        value = _FOOTNOTE.sub("", value) or value
    return parse_name(_HONORIFIC.sub("", value))


class _Part(NamedTuple):
    """One part of an author field: its text, what it is if no name, and the folded name."""

    name: str = ""
    others: bool = False
    anonymous: bool = False
    family: str = ""
    initial: str = ""
    words: tuple[str, ...] = ()


@lru_cache(maxsize=65536)
def _read_part(part: str) -> _Part:
    """One part of an author field. Its strings are interned: a million records have few different names."""
    if (plain := _PLAIN.fullmatch(part)) and (parts := _plain_parts(plain)):
        return _interned(part, parts)
    name = part.strip(" ,;.&") + ("." if part.rstrip().endswith(".") else "")
    if not name.strip(" ."):
        return _Part()
    if _OTHERS.match(name):
        return _Part(name, others=True)
    if _ANONYMOUS.match(name):
        return _Part(name, anonymous=True)
    return _interned(name, _folded_parts(name))


def _interned(name: str, parts: tuple[str, str, tuple[str, ...]]) -> _Part:
    family, initial, words = parts
    return _Part(name, family=intern(family), initial=intern(initial), words=tuple(map(intern, words)))


def _plain_parts(name: re.Match[str]) -> tuple[str, str, tuple[str, ...]] | None:
    """The folded parts of a name that `_PLAIN` matches; None where a word is no name's (`Doe, Jr`, `Et AL`)."""
    family, full_given, first, other_first = name.groups()
    family = family.lower()
    if family in _NOT_PLAIN:
        return None
    if not full_given:
        return family, (first or other_first).lower(), (family,)
    full_given = full_given.lower()
    return None if full_given in _NOT_PLAIN else (family, full_given[0], (family, full_given))


def _folded_parts(value: str) -> tuple[str, str, tuple[str, ...]]:
    """A name's folded family name, first initial, and words of two letters or more."""
    if (plain := _PLAIN.fullmatch(value)) and (parts := _plain_parts(plain)):
        return parts
    name = parse_printed_name(value)
    family, given = fold(name.family), fold(name.given)
    if _CJK.match(name.family):  # written together or apart: `王苔`, `王, 苔`
        family, given = family + given, ""
    full = [] if is_initials(name.given) else given.split()
    words = tuple(word for word in (*family.split(), *full) if len(word) > 1 and word not in _PARTICLES)
    return family.replace(" ", ""), given[:1], words
