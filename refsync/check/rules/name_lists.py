"""Rules about lists of names (Patashnik, BibTeXing, 4.1): empty names, too many commas, separators that are none."""

import re
from collections.abc import Iterator

from refsync.check.entries import Entry
from refsync.check.findings import EntryFinding
from refsync.formats.bibtex.edit import Edit
from refsync.text.names import GROUP_NAME

NAME_FIELDS = frozenset(
    "author editor translator bookauthor annotator commentator afterword foreword introduction editora editorb editorc "
    "holder shortauthor shorteditor".split()
)

_TOKEN = re.compile(r"\\.|[{}]|\s+and(?=\s)|,|;|&", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"\\?&(?:amp;)?(?:\\?#\d{1,7}|\\?#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)
_ET_AL = re.compile(r"(?:(?<![\s,])[\s,]+(?:and\s+)?|^)(?:et(?:\.|~|\\\s|\s)+al(?!\w)\.?)", re.IGNORECASE)
_ET = re.compile(r"et[.~\\\s]")  # with these small letters: what most lists do not have is found fastest
_LONE_INITIALS = re.compile(r"(?:[A-Z]\.[ ~-]?){1,4}")
_SHORT = 16  # characters; longer than initials
_KEYED = re.compile(r"(?:family|given|prefix|suffix|id|useprefix|\w+-i)\s*=")
"""A name in biber's extended format: `family=Roe, given=Ann, prefix=van der, useprefix=true`."""

_OTHER_AND = re.compile(r"\s(und|et|y|e|i|en|og|och|oraz|и|та|ve)\s")
_BETWEEN_FULL_NAMES = (" und ", " og ", " och ", " oraz ", " и ")  # Ortega y Gasset is one person
_NOTHING_BETWEEN = re.compile(r",\s*,")
_COMPANY = re.compile(
    r"\b(?:inc|ltd|co|corp|sons?|brothers|bros|company|corporation|llc|llp|gmbh|ag|press|partners|associates|division|"
    r"software|systems|technolog\w+|research|science\w*|development|services?|bureau|museum|library|office|bank)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[^\s,]+\s*,\s*[^\s,]|[^\W\d_]\.\s*[^\W\d_]|\S+\s+\S+")
_INITIAL = re.compile(r"\b[^\W\d_]\.")


def name_lists(entry: Entry) -> Iterator[EntryFinding]:
    """RS506 and RS507: lists that BibTeX reads otherwise than meant, at most one finding of each kind for each field.

    RS506 is about the list: empty names, too many commas, wrong separators. RS507 is about names that are none:
    `et al.` and initials alone.
    """
    for name, value in entry.record.fields.items():
        if name not in NAME_FIELDS or not value or not _is_suspect(value):
            continue
        why = _malformed(value)
        if why:
            yield EntryFinding("RS506", entry.value_position(name), f"has {why} in `{name}`", name)
        yield from _et_al(entry, name, value)
        if "others" in _names(value)[:-1] and not why:
            message = f"has `others` before the last name in `{name}`, where it is read as a name"
            yield EntryFinding("RS507", entry.value_position(name), message, f"{name}:others")
        lone = next((item for item in _names(value) if _LONE_INITIALS.fullmatch(item)), "")
        if lone and not why:
            message = f"has initials without a family name in `{name}`: {lone!r}"
            yield EntryFinding("RS507", entry.value_position(name), message, f"{name}:initials")


def _is_suspect(value: str) -> bool:
    """Whether a list may have a fault: a fast test that nearly all lists fail."""
    if ";" in value or "&" in value or ",," in value or " and and " in value:
        return True
    if value.startswith("and ") or value.endswith(" and"):
        return True
    parts = value.split(" and ")
    if _ET.search(value) and any(_ET_AL.search(part) for part in parts):
        return True
    if any(word in value for word in _BETWEEN_FULL_NAMES) or " and others and " in value:
        return True
    several_commas = value.count(",") > 1
    for part in parts:
        if several_commas and ((commas := part.count(",")) > 2 or (commas == 2 and _OTHER_AND.search(part))):
            return True
        if len(part) < _SHORT:
            word = part.strip()
            if not word or (word[1:2] == "." and _LONE_INITIALS.fullmatch(word)):
                return True
    return False


def _et_al(entry: Entry, name: str, value: str) -> Iterator[EntryFinding]:
    found = _ET_AL.search(value)
    if not found or not _outside_braces(value, found.start()):
        return
    field = entry.field(name)
    edits: tuple[Edit, ...] = ()
    written = [*_ET_AL.finditer(entry.text, field.value_start, field.value_end)]
    if len(written) == 1 and not field.joined and written[0].end() == field.value_end - 1 and found.start() > 0:
        edits = (Edit(written[0].start(), written[0].end(), " and others"),)
    message = f"says `et al.` in `{name}`, which is read as a name: write `and others`"
    yield EntryFinding("RS507", entry.value_position(name), message, f"{name}:et-al", edits=edits)


def _malformed(value: str) -> str:
    """What is wrong with a list of names; empty where it is well-formed."""
    if value.startswith("{") and value.endswith("}") and len(_names(value)) == 1 and "," not in _top_level(value):
        return ""
    names = _names(value)
    if any(not item for item in names):
        return "an empty name (`and` without a name beside it)"
    for item in names:
        if _KEYED.match(item):
            continue
        plain = _top_level(item)
        if _NOTHING_BETWEEN.search(plain):
            return f"two commas with nothing between them: {_shortened(item)}"
        if plain.count(",") > 2:
            return f"too many commas in a name: {_shortened(item)}; names are joined by ` and `"
        without_entities = _ENTITY.sub("", plain)
        if ";" in without_entities:
            return f"a `;` between names: {_shortened(item)}; names are joined by ` and `"
        if "&" in without_entities and _joins_people(without_entities):
            return f"an `&` between names: {_shortened(item)}; names are joined by ` and `"
        if word := _other_and(plain):
            return f"`{word}` between names: {_shortened(item)}; names are joined by ` and `"
    return ""


def _other_and(name: str) -> str:
    """The word of another language that joins two people: `Doe, Jane und Roe, Ann`, `J. Doe und A. Roe`."""
    match name.split(","):
        case [_, middle, _]:
            sides = middle
        case [whole] if any(word in whole for word in _BETWEEN_FULL_NAMES):
            sides = whole
        case _:
            return ""
    found = _OTHER_AND.search(sides)
    if not found:
        return ""
    left, right = sides[: found.start()].strip(), sides[found.end() :].strip()
    both_people = sides is not name or (_INITIAL.search(left) and _INITIAL.search(right))
    return found[1] if left and right and both_people else ""


def _joins_people(item: str) -> bool:
    """Whether `&` joins two people, not the parts of a company's or group's name."""
    if GROUP_NAME.search(item) or _COMPANY.search(item):
        return False
    sides = re.split(r"\\?&", item)
    people = all(_PERSON.search(side.strip()) for side in sides)
    return people and any("," in side or _INITIAL.search(side) for side in sides)


def _names(value: str) -> list[str]:
    """The names of a list as BibTeX splits it: at ` and ` outside of braces."""
    names = []
    start = depth = 0
    for token in _TOKEN.finditer(value):
        match token[0]:
            case "{":
                depth += 1
            case "}":
                depth -= 1
            case word if depth == 0 and word.strip().lower() == "and":
                names.append(value[start : token.start()].strip())
                start = token.end()
    names.append(value[start:].strip())
    first, last = names[0], names[-1]
    if re.match(r"and(?:\s|$)", first, re.IGNORECASE):
        names[0:1] = ["", first[3:].strip()]
    if re.fullmatch(r"(?:.*\s)?and", last, re.IGNORECASE | re.DOTALL):
        names[-1:] = [last[:-3].strip(), ""] if last.lower() != "and" else [""]
    return names


def _top_level(item: str) -> str:
    """A name without what is in braces."""
    kept = []
    position = depth = 0
    for token in _TOKEN.finditer(item):
        if token[0] in "{}":
            if depth == 0:
                kept.append(item[position : token.start()])
            depth += 1 if token[0] == "{" else -1
            position = token.end()
    if depth <= 0:
        kept.append(item[position:])
    return "".join(kept)


def _outside_braces(value: str, position: int) -> bool:
    return value.count("{", 0, position) == value.count("}", 0, position)


def _shortened(item: str) -> str:
    return repr(item if len(item) <= 60 else f"{item[:60]}...")
