"""Citation keys: kept where the user's files have them, else made of author, year and title.

Keys do not depend on the order of the input: where two papers would get one key, their content decides who keeps it.
"""

import difflib
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from string import ascii_lowercase
from typing import Literal

from refsync.errors import ConfigError
from refsync.formats.bibtex.write import SOURCE_FIELD, safe_key
from refsync.records import Record
from refsync.text.latex import to_text
from refsync.text.names import parse_name, split_names
from refsync.text.script_folding import letters

_STOP_WORDS = frozenset(
    "a an and are as at be by can do does for from how in into is it its of on or our that the their this to toward "
    "towards using via we what when where which why with without".split()
)


def assign_keys(
    records: Sequence[Record], kept: Sequence[bool], taken: Collection[str] = (), template: str = ""
) -> list[str]:
    """A key for each record, unique even where case does not count (as BibTeX holds).

    Args:
        records: the papers of one library.
        kept: whether a record's id is a key of the user's, to be kept if it can be.
        taken: keys that none of them may get.
        template: what keys are made of, see `parse_template`; then none is kept.

    Raises:
        ConfigError: the template is malformed.
    """
    if template:
        parts = parse_template(template)
        kept = [False] * len(records)
        wanted = [_filled(parts, record) for record in records]
    else:
        wanted = [safe_key(record.id) if keep else "" for record, keep in zip(records, kept, strict=True)]
        wanted = [key or generated_key(record) for key, record in zip(wanted, records, strict=True)]
    # Users' keys come first, then content decides: never the order in which files were named.
    order = sorted(range(len(records)), key=lambda i: (not kept[i], wanted[i].casefold(), _digest(records[i])))
    variants: dict[str, Iterator[str]] = {}  # one for all that want a key, so that many are no slower than few
    used = {key.casefold() for key in taken}
    keys = [""] * len(records)
    for i in order:
        candidates = variants.setdefault(wanted[i].casefold(), _variants(wanted[i]))
        keys[i] = next(key for key in candidates if key.casefold() not in used)
        used.add(keys[i].casefold())
    return keys


def renamed_keys(became: Iterable[tuple[str, str]], taken: Collection[str]) -> dict[str, str]:
    """The keys that no entry has any more and that meant one paper only, each with that paper's key.

    Args:
        became: keys of the user's with the key that their paper has now.
        taken: the keys that entries have now.
    """
    meant: dict[str, set[str]] = {}
    for old, new in became:
        meant.setdefault(old, set()).add(new)
    has = set(taken)
    return {old: new.pop() for old, new in meant.items() if len(new) == 1 and old not in has}


def generated_key(record: Record) -> str:
    """`vaswani2017attention`; without an author the first words of the title: `training-chain-thought-latent`."""
    plain: Callable[[str], str] = to_text if record.markup == "latex" else str
    title = _words(plain(record.get("title")))
    year = re.search(r"\d{4}", record.get("year", "date"))
    names, _ = split_names(plain(record.get("author", "editor")))
    author = "".join(_words(parse_name(names[0]).family)) if names else ""
    if author:
        return author + (year[0] if year else "") + "".join(title[:1])
    key = "-".join(title[:4]) + (year[0] if year else "")
    return key or f"ref-{_digest(record)[:8]}"


_FIELDS = ("volume", "number", "pages", "doi", "eprint", "isbn")
_PLACEHOLDERS = ("auth", "auths", "year", "yy", "title", "venue", "type", "key", *_FIELDS)
_PLACEHOLDER = re.compile(r"\{([A-Za-z]+)(?::([1-9]\d*))?([-_.:+/]?)\}")
_SEPARATORS = "-_.:+/"


@dataclass(frozen=True, slots=True)
class TemplatePart:
    """One placeholder of a template, with the text before it; a nameless one is the text at the end."""

    before: str
    name: str = ""
    count: int = 0
    joint: str = ""
    case: Literal["lower", "title", "upper"] = "lower"


def parse_template(template: str) -> tuple[TemplatePart, ...]:
    """The parts of a template for citation keys, such as `{auth}{year}{title}` or `{Auth}_{yy}_{title:3-}`.

    `{NAME}`, `{NAME:COUNT}` and `{NAME:COUNT SEPARATOR}` stand for parts of the entry, written as the name is: `{auth}`
    gives doe, `{Auth}` Doe, `{AUTH}` DOE. All else stands for itself.

    Raises:
        ConfigError: it is malformed or names what there is not.
    """
    parts = []
    position = 0
    for found in _PLACEHOLDER.finditer(template):
        given = found[1]
        name = given.lower()
        if name not in _PLACEHOLDERS:
            near = difflib.get_close_matches(name, _PLACEHOLDERS, 1)
            hint = f"did you mean `{{{near[0]}}}`?" if near else f"there are {', '.join(_PLACEHOLDERS)}"
            raise ConfigError(f"keys: unknown placeholder `{found[0]}` in {template!r}", hint=hint)
        case: Literal["lower", "title", "upper"] = "lower"
        if given[0].isupper():
            case = "upper" if given.isupper() and len(given) > 1 else "title"
        parts.append(TemplatePart(template[position : found.start()], name, int(found[2] or 0), found[3], case))
        position = found.end()
    parts.append(TemplatePart(template[position:]))
    text = "".join(part.before for part in parts)
    if template and (len(parts) == 1 or re.search(r"[{}]", text) or (text and safe_key(f"x{text}x") != f"x{text}x")):
        raise ConfigError(f"keys: {template!r} is no template", hint="for example {auth}{year}{title} or {Auth}_{yy}")
    return tuple(parts)


def _filled(parts: Sequence[TemplatePart], record: Record) -> str:
    """A template filled in; where a part is missing, the separators around it are one, or none at an end."""
    key = "".join(part.before + _placed(part, record) for part in parts)
    key = re.sub(rf"([{_SEPARATORS}])[{_SEPARATORS}]+", r"\1", key).strip(_SEPARATORS)
    return safe_key(key) if key else f"ref-{_digest(record)[:8]}"


def _placed(part: TemplatePart, record: Record) -> str:
    """What a placeholder stands for in a record; empty where the record has nothing of the kind."""
    plain: Callable[[str], str] = to_text if record.markup == "latex" else str
    count = part.count
    match part.name:
        case "auth" | "auths":
            names, others = split_names(plain(record.get("author", "editor")))
            families = ["".join(_ascii_words(parse_name(name).family)) for name in names]
            if part.name == "auth":
                words = [families[0][: count or None]] if families else []
            else:
                more = len(families) > count > 0 or others
                words = [*families[: count or None], *(["etal"] if more else [])]
        case "year" | "yy":
            year = re.search(r"\d{4}", record.get("date", "year"))
            words = [year[0][-2:] if part.name == "yy" else year[0]] if year else []
        case "title":
            words = _words(plain(record.get("title")))[: count or 1]
        case "venue":
            venue = _words(plain(record.get("journal", "journaltitle", "booktitle")))
            words = ["".join(word[0] for word in venue)[: count or None]]
        case "type":
            words = [record.type]
        case "key":
            return "" if record.id.startswith("#") else safe_key(record.id)
        case name:
            words = [re.sub(rf"[^a-z0-9{_SEPARATORS}]+", "", letters(plain(record.get(name))))[: count or None]]
    if part.case != "lower":
        words = [word.upper() if part.case == "upper" else word[:1].upper() + word[1:] for word in words]
    return part.joint.join(word for word in words if word)


def _variants(key: str) -> Iterator[str]:
    """The key itself, then with a letter behind it (`smith2020deepa`), then with a number."""
    yield key
    yield from (key + letter for letter in ascii_lowercase)
    yield from (f"{key}-{number}" for number in count(27))


def _digest(record: Record) -> str:
    """A hash of what a record says; not of where it is from or how it was called, so that a second run agrees."""
    said = sorted(item for item in record.fields.items() if item[0] not in ("ids", SOURCE_FIELD))
    content = "\x1f".join(f"{name}={value}" for name, value in said)
    return hashlib.sha256(f"{record.type}\x1e{content}".encode()).hexdigest()


def _words(text: str) -> list[str]:
    """The significant words of a text in ASCII; a word that has none (in another script) is left out."""
    words = _ascii_words(text)
    return [word for word in words if word not in _STOP_WORDS] or words


def _ascii_words(text: str) -> list[str]:
    ascii_text = letters(text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", ascii_text.replace("'", ""))
