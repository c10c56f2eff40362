"""Conversion between BibTeX's name lists and Zotero's creators, which have one field for groups and two for people."""

import re
from collections.abc import Sequence
from typing import Any

from refsync.records import Markup
from refsync.text.latex import latex_to_text, text_to_latex
from refsync.text.names import extended_name, parse_name

Creator = dict[str, Any]

_AND = re.compile(r"\s+and(?=\s)", re.IGNORECASE)
_OTHERS = re.compile(r"(?:(?:and|&)\s+)?(?:et\.?\s*al\.?|others)", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|[ivx]+|\d(?:nd|rd|th))\.?", re.IGNORECASE)


def to_creators(value: str, role: str, markup: Markup) -> list[Creator]:
    """The creators of a name list. `and others` has no counterpart and is left out.

    Args:
        value: the names, joined by ` and `.
        role: such as `author`.
        markup: `latex`, where braces make a group and BibTeX's rules split a name; or `text`.
    """
    creators = []
    for name in _top_level(value):
        if _OTHERS.fullmatch(name):
            continue
        if "=" in name and (extended := extended_name(latex_to_text(name) if markup == "latex" else name)):
            given = ", ".join(part for part in (extended.given, extended.suffix) if part)
            family = f"{extended.prefix} {extended.family}".strip()
            creators.append({"creatorType": role, "firstName": given, "lastName": family})
            continue
        parts = _from_latex(name) if markup == "latex" else _from_text(name)
        if any(parts.values()):
            creators.append({"creatorType": role, **parts})
    return creators


def from_creators(creators: Sequence[Creator]) -> str:
    """The name list, in LaTeX, of creators of one role."""
    return " and ".join(filter(None, map(_to_latex, creators)))


def _from_latex(name: str) -> dict[str, str]:
    if _is_group(name):
        return {"name": latex_to_text(name)}
    parts = [part.strip() for part in _split(name, ",")]
    if len(parts) == 1:
        words = [word for word in _split(name, " \t\r\n~") if word]
        if len(words) == 1:
            return {"name": latex_to_text(name)}
        # `First von Last`: the particles are the words in lower case before the last one
        start = next((i for i, word in enumerate(words[:-1]) if i and _is_small(word)), len(words) - 1)
        return {"firstName": latex_to_text(" ".join(words[:start])), "lastName": latex_to_text(" ".join(words[start:]))}
    family, *suffix, given = parts if len(parts) < 4 else (parts[0], parts[1], ", ".join(parts[2:]))
    # Zotero recognises a suffix by the comma before it
    first = ", ".join(part for part in (latex_to_text(given), *map(latex_to_text, suffix)) if part)
    return {"firstName": first, "lastName": latex_to_text(family)}


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
        text = text_to_latex(group)
        return text if re.fullmatch(r"[^\W\d_][\w.'-]*", group) and group.lower() != "others" else f"{{{text}}}"
    if not last:
        return f"{{{text_to_latex(first)}}}" if first else ""
    given, comma, suffix = first.rpartition(", ")
    parts = [last, suffix, given] if comma and given and _SUFFIX.fullmatch(suffix) else [last, first]
    return ", ".join(_guarded(text_to_latex(part)) for part in parts)


def _guarded(part: str) -> str:
    """A part of a name, in braces if a comma or `and` in it would split it."""
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
    letters = [character for character in latex_to_text(word) if character.isalpha()]
    return bool(letters) and letters[0].islower() and not word.startswith("{")


def _top_level(value: str) -> list[str]:
    """The names between each ` and ` outside braces."""
    names, start = [], 0
    for match in _AND.finditer(value):
        if value.count("{", start, match.start()) == value.count("}", start, match.start()):
            names.append(value[start : match.start()].strip())
            start = match.end()
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
