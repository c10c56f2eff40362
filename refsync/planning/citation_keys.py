"""Citation keys: those of the user's files, else generated from author, year and title.

Keys do not depend on the order of the input: if two papers want the same key, their content decides which gets it.
"""

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from string import ascii_lowercase
from typing import Literal

from refsync.errors import ConfigError
from refsync.formats.bibtex.write import SOURCE_FIELD, safe_key
from refsync.records import Record
from refsync.text.inline_markup import mark_html, plain_markup
from refsync.text.latex import latex_to_text
from refsync.text.names import parse_name, split_names
from refsync.text.script_folding import fold_letters

_STOP_WORDS = frozenset(
    "a an and are as at be by can do does for from how in into is it its of on or our that the their this to toward "
    "towards using via we what when where which why with without".split()
)


def assign_keys(
    records: Sequence[Record],
    kept: Sequence[bool],
    taken: Collection[str] = (),
    template: str = "",
    *,
    wanted: Sequence[str] = (),
    avoided: Collection[str] = (),
) -> list[str]:
    """A key for each record, unique even if case is ignored (as BibTeX does).

    Args:
        records: the papers of one library.
        kept: for each record, whether its id is a key of the user's, which is kept if possible.
        taken: keys that no record may get.
        template: the template of keys, see `parse_template`; if given, no key is kept.
        wanted: for each record whose key is not kept, what its key is made from; empty for its content.
        avoided: keys that only the record that keeps them may get; not for keys from a template.

    Raises:
        ConfigError: the template is malformed.
    """
    if template:
        parts = parse_template(template)
        kept, avoided = [False] * len(records), ()
        wanted = [_key_from_template(parts, record) for record in records]
    else:
        ids = [record.id if keep else "" for record, keep in zip(records, kept, strict=True)]
        bases = [key or base for key, base in zip(ids, wanted or [""] * len(ids), strict=True)]
        wanted = [safe_key(base) if base else "" for base in bases]
        wanted = [key or generated_key(record) for key, record in zip(wanted, records, strict=True)]
    # Users' keys first, then by content: the order of the files does not matter.
    order = sorted(range(len(records)), key=lambda i: (not kept[i], wanted[i].casefold(), content_digest(records[i])))
    variants: dict[str, Iterator[str]] = {}  # shared by all records that want a key, so that the time stays linear
    used, owned = {key.casefold() for key in taken}, {key.casefold() for key in avoided}
    keys = [""] * len(records)
    for i in order:
        candidates = variants.setdefault(wanted[i].casefold(), _variants(wanted[i]))
        keys[i] = next(
            key
            for key in candidates
            if (folded := key.casefold()) not in used and (folded not in owned or (kept[i] and key == wanted[i]))
        )
        used.add(keys[i].casefold())
    return keys


def renamed_keys(old_and_new: Iterable[tuple[str, str]], taken: Sequence[str]) -> dict[str, str]:
    """The keys that no entry has any more and that named only one paper, each with that paper's new key.

    A key whose new key several entries have is left out: a reference to that would be ambiguous.

    Args:
        old_and_new: keys of the user's, each with the new key of its paper.
        taken: the keys that entries have now, of each entry one.
    """
    new_keys: dict[str, set[str]] = {}
    for old, new in old_and_new:
        new_keys.setdefault(old, set()).add(new)
    present = Counter(taken)
    unique = {old: new.pop() for old, new in new_keys.items() if len(new) == 1 and old not in present}
    return {old: new for old, new in unique.items() if present[new] < 2}


def _plain_text(record: Record) -> Callable[[str], str]:
    """What makes plain text of a record's values, without LaTeX or HTML."""
    return latex_to_text if record.markup == "latex" else lambda value: plain_markup(mark_html(value))


def generated_key(record: Record) -> str:
    """A key such as `vaswani2017attention`; without an author, the first words of the title.

    >>> generated_key(Record("a.csv", 1, "#1", fields={"title": "Training Chain of Thought in Latent Space"}))
    'training-chain-thought-latent'
    """
    plain = _plain_text(record)
    title = _words(plain(record.get("title")))
    year = re.search(r"\d{4}", record.get("year", "date"))
    names, _ = split_names(plain(record.get("author", "editor")))
    author = "".join(_words(parse_name(names[0]).family)) if names else ""
    if author:
        return author + (year[0] if year else "") + "".join(title[:1])
    key = "-".join(title[:4]) + (year[0] if year else "")
    return key or f"ref-{content_digest(record)[:8]}"


_WORD = re.compile(r"[a-z0-9]+")
_SYLLABLE_END = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FIELDS = ("volume", "number", "pages", "doi", "eprint", "isbn")
_PLACEHOLDERS = ("auth", "auths", "year", "yy", "title", "venue", "type", "key", *_FIELDS)
_PLACEHOLDER = re.compile(r"\{([A-Za-z]+)(?::([1-9]\d*))?([-_.:+/]?)\}")
_SEPARATORS = "-_.:+/"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePart:
    """One placeholder of a template with the text before it.

    Attributes:
        before: the text before the placeholder.
        name: that of the placeholder, in lower case; empty for the text at the end of the template.
        count: how many words or characters to use; 0 for the default of the placeholder.
        separator: what joins the words.
        case: the case in which the name was written, and the words are.
    """

    before: str
    name: str = ""
    count: int = 0
    separator: str = ""
    case: Literal["lower", "title", "upper"] = "lower"


def parse_template(template: str) -> tuple[TemplatePart, ...]:
    """The parts of a template for citation keys, such as `{auth}{year}{title}` or `{Auth}_{yy}_{title:3-}`.

    `{NAME}`, `{NAME:COUNT}` and `{NAME:COUNT SEPARATOR}` are replaced by parts of the entry, in the case of the name:
    `{auth}` gives doe, `{Auth}` Doe, `{AUTH}` DOE. All other text is literal.

    Raises:
        ConfigError: it is malformed or has an unknown placeholder.
    """
    parts = []
    position = 0
    for found in _PLACEHOLDER.finditer(template):
        given = found[1]
        name = given.lower()
        if name not in _PLACEHOLDERS:
            near = difflib.get_close_matches(name, _PLACEHOLDERS, 1)
            hint = f"did you mean `{{{near[0]}}}`?" if near else f"the placeholders are {', '.join(_PLACEHOLDERS)}"
            raise ConfigError(f"keys: unknown placeholder `{found[0]}` in {template!r}", hint=hint)
        case: Literal["lower", "title", "upper"] = "lower"
        if given[0].isupper():
            case = "upper" if given.isupper() and len(given) > 1 else "title"
        before = template[position : found.start()]
        parts.append(TemplatePart(before=before, name=name, count=int(found[2] or 0), separator=found[3], case=case))
        position = found.end()
    parts.append(TemplatePart(before=template[position:]))
    text = "".join(part.before for part in parts)
    if template and (len(parts) == 1 or re.search(r"[{}]", text) or (text and safe_key(f"x{text}x") != f"x{text}x")):
        raise ConfigError(
            f"keys: {template!r} is not a template", hint="for example {auth}{year}{title} or {Auth}_{yy}"
        )
    return tuple(parts)


def _key_from_template(parts: Sequence[TemplatePart], record: Record) -> str:
    """The key of a record; where a part is missing, the separators around it become one, or none at an end."""
    key = "".join(part.before + _part_of_key(part, record) for part in parts)
    key = re.sub(rf"([{_SEPARATORS}])[{_SEPARATORS}]+", r"\1", key).strip(_SEPARATORS)
    return safe_key(key) if key else f"ref-{content_digest(record)[:8]}"


def _part_of_key(part: TemplatePart, record: Record) -> str:
    """The value of a placeholder for a record; empty where the record lacks it."""
    plain = _plain_text(record)
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
            words = [re.sub(rf"[^a-z0-9{_SEPARATORS}]+", "", fold_letters(plain(record.get(name))))[: count or None]]
    if part.case != "lower":
        words = [word.upper() if part.case == "upper" else word[:1].upper() + word[1:] for word in words]
    return part.separator.join(word for word in words if word)


def _variants(key: str) -> Iterator[str]:
    """The key itself, then with a letter after it (`smith2020deepa`), then with a number."""
    yield key
    yield from (key + letter for letter in ascii_lowercase)
    yield from (f"{key}-{number}" for number in count(27))


def content_digest(record: Record) -> str:
    """A hash of a record's content, but not of its source or key, so that a second run gives the same."""
    content_fields = sorted(item for item in record.fields.items() if item[0] not in ("ids", SOURCE_FIELD))
    content = "\x1f".join(f"{name}={value}" for name, value in content_fields)
    return hashlib.sha256(f"{record.type}\x1e{content}".encode()).hexdigest()


def _words(text: str) -> list[str]:
    """The significant words of a text in ASCII; words in other scripts count only where there are no others."""
    words = _ascii_words(text)
    return [word for word in words if word not in _STOP_WORDS] or words


def _ascii_words(text: str) -> list[str]:
    folded = fold_letters(text)
    words = _WORD.findall(folded.encode("ascii", "ignore").decode().lower().replace("'", ""))
    if folded.isascii() or any(word.isalpha() for word in words):
        return words
    from anyascii import anyascii  # its tables are read per script

    syllables = _SYLLABLE_END.sub(" ", anyascii(folded))  # a capital begins each character of Chinese
    return _WORD.findall(syllables.lower().replace("'", "")) or words
