"""Name lists of BibTeX and Zotero's creators, which have one field for groups and two for people."""

import re
from collections.abc import Sequence
from typing import Any

from refsync.records import Markup
from refsync.text.latex import from_text, to_text
from refsync.text.names import parse_name

Creator = dict[str, Any]

_AND = re.compile(r"\s+and(?=\s)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|[ivx]+|\d(?:nd|rd|th))\.?", re.IGNORECASE)


def to_creators(value: str, role: str, markup: Markup) -> list[Creator]:
    """The creators that a name list names. `and others` has no counterpart and is left out.

    Args:
        value: the names, joined by ` and `.
        role: such as `author`.
        markup: `latex`, where braces make a group and BibTeX's rules part a name; or `text`.
    """
    found = []
    for name in _top_level(value):
        if name.lower() == "others":
            continue
        parts = _from_latex(name) if markup == "latex" else _from_text(name)
        if any(parts.values()):
            found.append({"creatorType": role, **parts})
    return found


def from_creators(creators: Sequence[Creator]) -> str:
    """The name list, in LaTeX, that creators of one role make."""
    return " and ".join(filter(None, map(_to_latex, creators)))


def _from_latex(name: str) -> dict[str, str]:
    if _is_group(name):
        return {"name": to_text(name)}
    parts = [part.strip() for part in _split(name, ",")]
    if len(parts) == 1:
        words = [word for word in _split(name, " \t\r\n~") if word]
        if len(words) == 1:
            return {"name": to_text(name)}
        # `First von Last`: the particles are the words in lower case before the last one
        start = next((i for i, word in enumerate(words[:-1]) if i and _is_small(word)), len(words) - 1)
        return {"firstName": to_text(" ".join(words[:start])), "lastName": to_text(" ".join(words[start:]))}
    family, *suffix, given = parts if len(parts) < 4 else (parts[0], parts[1], ", ".join(parts[2:]))
    # Zotero's citations know a suffix by the comma before it
    first = ", ".join(part for part in (to_text(given), *map(to_text, suffix)) if part)
    return {"firstName": first, "lastName": to_text(family)}


def _from_text(name: str) -> dict[str, str]:
    parsed = parse_name(name)
    if not parsed.given and not parsed.suffix:
        return {"name": name.strip()}
    given = ", ".join(part for part in (parsed.given, parsed.suffix) if part)
    return {"firstName": given, "lastName": " ".join(filter(None, (parsed.prefix, parsed.family)))}


def _to_latex(creator: Creator) -> str:
    first, last = (" ".join(str(creator.get(part) or "").split()) for part in ("firstName", "lastName"))
    group = " ".join(str(creator.get("name") or "").split()) or ("" if first else last)
    if group:
        text = from_text(group)
        return text if re.fullmatch(r"[^\W\d_][\w.'-]*", group) and group.lower() != "others" else f"{{{text}}}"
    if not last:
        return f"{{{from_text(first)}}}" if first else ""
    given, comma, suffix = first.rpartition(", ")
    parts = [last, suffix, given] if comma and given and _SUFFIX.fullmatch(suffix) else [last, first]
    return ", ".join(_guarded(from_text(part)) for part in parts)


def _guarded(part: str) -> str:
    """A part of a name, in braces where a comma or `and` in it would part it again."""
    return f"{{{part}}}" if len(_split(part, ",")) > 1 or len(_top_level(part)) > 1 else part


def _is_group(name: str) -> bool:
    """Whether braces hold the whole name together."""
    return (
        name.startswith("{") and name.endswith("}") and not name.startswith("{\\") and _closing(name) == len(name) - 1
    )


def _closing(text: str) -> int:
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if not depth:
            return position
    return len(text)


def _is_small(word: str) -> bool:
    letters = [character for character in to_text(word) if character.isalpha()]
    return bool(letters) and letters[0].islower() and not word.startswith("{")


def _top_level(value: str) -> list[str]:
    """The names between ` and `s that stand in no braces."""
    names, start = [], 0
    for found in _AND.finditer(value):
        if value.count("{", start, found.start()) == value.count("}", start, found.start()):
            names.append(value[start : found.start()].strip())
            start = found.end()
    names.append(value[start:].strip())
    return [name for name in names if name]


def _split(text: str, marks: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character in marks and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]
