"""Records as plain text with BibTeX's types and field names, for the writers of other formats."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from refsync.formats.common.dialect import UNKNOWN_DATE, has_no_bibtex_type, to_dialect
from refsync.formats.common.field_values import PAGE_RANGE, bibtex_name, group_name
from refsync.records import Name, Record
from refsync.text.bare_identifiers import bare_identifier
from refsync.text.citation_keys import looks_like_citation_key
from refsync.text.dates import DATE_FIELDS, is_edtf
from refsync.text.inline_markup import has_marks, html_markup, mark_html, mark_latex, plain_markup
from refsync.text.latex import VERBATIM_FIELDS, latex_to_text
from refsync.text.lists import join_words, split_words, without_braces
from refsync.text.months import month_and_day
from refsync.text.names import GROUP_NAME, extended_name, is_particle, parse_name, split_names

_PEOPLE = frozenset({"author", "editor", "translator"})
_SUBTITLES = {"subtitle": "title", "booksubtitle": "booktitle", "journalsubtitle": "journal"}
# `;`, an ampersand, or so many commas that they part people: no name has more than two
_BETWEEN_PEOPLE = re.compile(r";|\s\\?&\s|(?:,[^,]*){3}")
_OTHERS = re.compile(r"(?:(?:and|&)\s+)?(?:et\.?\s*al\.?|others)", re.IGNORECASE)
_MORE_AT_END = re.compile(
    r"(?:[\s,;]*\\?&\s*(?:others|et\.?\s?al\.?)|[\s,;]+et\.?\s+al\.?|[\s,;]+\{et\.?\s+al\.?\})\s*$", re.IGNORECASE
)
_AT_END = 40  # characters
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_BRACED_FAMILY = re.compile(r"(.*\S)\s+\{([^\\{}$][^{}]*)\}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class TextRecord:
    """A record as text. `type` is BibTeX's, or BibLaTeX's if BibTeX has none; creators are not in `fields`.

    `says_key`: the id is a citation key, but does not look like one, so that a format has to mark it.
    """

    id: str
    type: str
    fields: dict[str, str]
    creators: dict[str, tuple[Name, ...]]
    says_key: bool = False

    def get(self, name: str) -> str:
        return self.fields.get(name, "")


def to_text_record(
    record: Record, creators: tuple[str, ...] = ("author", "editor", "translator"), *, tags: bool = False
) -> TextRecord:
    """The record as text, with an empty id if a reader numbered it (`#3`).

    Args:
        record: in any markup.
        creators: the fields of names.
        tags: whether styled parts get the tags of CSL; else they are plain text.
    """
    converted = to_dialect(record, "bibtex")
    render = html_markup if tags else plain_markup
    fields = {
        name: text for name, value in converted.fields.items() if (text := _clean(render(_marked(record, name, value))))
    }
    for name in invented_fields(record):
        fields.pop(name, None)
    people = {name: creator_names(converted, name) for name in creators if name in fields}
    for name in people:
        del fields[name]
    type_ = converted.type
    if has_no_bibtex_type(record.type):
        type_ = record.type
        if fields.get("entrysubtype") == type_:
            del fields["entrysubtype"]
    for part, whole in _SUBTITLES.items():
        if part in fields and whole in fields:
            fields[whole] = _with_subtitle(fields[whole], fields.pop(part))
    key = "" if record.id.startswith("#") else record.id
    return TextRecord(_CONTROL.sub("", key), type_, fields, people, says_key=needs_statement(record))


def _with_subtitle(title: str, subtitle: str) -> str:
    if title.endswith(subtitle):
        return title
    return f"{title} {subtitle}" if title.endswith(("?", "!", ":", ".")) else f"{title}: {subtitle}"


def invented_fields(record: Record) -> list[str]:
    """The fields that only BibTeX's programs need: a sort key that repeats the title, and an unknown date."""
    key = record.get("key")
    invented = bool(key) and (key == record.id or field_text(record, "key") == field_text(record, "title"))
    names = ["key"] if invented else []
    return [*names, "date"] if record.get("date") == UNKNOWN_DATE else names


def needs_statement(record: Record) -> bool:
    """Whether the id is a citation key that does not look like one: a number, or with unusual characters."""
    known = (record.markup == "latex" or record.id_is_key) and not record.id.startswith("#")
    return known and bool(record.id) and not looks_like_citation_key(record.id)


def _clean(value: str) -> str:
    return (value if value.isprintable() else _CONTROL.sub("", value)).strip()


def _marked(record: Record, name: str, value: str) -> str:
    """The value as text, with marks for its inline markup."""
    value = bare_identifier(name, value)
    if name == "keywords" and record.markup == "latex" and "{" in value:
        return join_words(latex_to_text(mark_latex(word)) for word in split_words(value))
    if name in VERBATIM_FIELDS or (name in DATE_FIELDS and is_edtf(value.strip())):
        return value
    return latex_to_text(mark_latex(value)) if record.markup == "latex" else mark_html(value)


def field_text(record: Record, name: str) -> str:
    """A field as text that reads back as the same value: LaTeX decoded, groups in braces."""
    value = record.fields.get(name, "")
    if not value:
        return ""
    value = bare_identifier(name, value)
    if record.markup != "latex" and "<" not in value and "&" not in value and (value.isascii() or not has_marks(value)):
        return value
    if name in DATE_FIELDS and is_edtf(value.strip()):
        return value
    if record.markup != "latex" or name in VERBATIM_FIELDS:
        return value if name in VERBATIM_FIELDS else plain_markup(mark_html(value))
    if name in _PEOPLE and "{" in value:
        return " and ".join(
            group_name(latex_to_text(part)) if _is_group(part) else latex_to_text(part) for part in split_at_and(value)
        )
    return plain_markup(_marked(record, name, value))


def _is_group(part: str) -> bool:
    return part.startswith("{") and part.endswith("}") and part.find("}") == len(part) - 1


def creator_names(record: Record, field: str) -> tuple[Name, ...]:
    """All names of a field; a name in braces is that of a group, with a family name only."""
    parts = split_at_and(record.get(field))
    if len(parts) == 1 and record.markup == "text" and not parts[0].startswith("{"):
        parts = split_names(parts[0])[0] or parts  # tables have `Doe J; Roe AB` and `Doe J, Roe AB`
    else:
        parts = [person for part in parts for person in _people_in_part(part)]
    end = max(0, len(parts[-1]) - _AT_END) if parts else 0
    if parts and (more := _MORE_AT_END.search(parts[-1], end)) and more.start():
        parts = [*parts[:-1], parts[-1][: more.start()], "others"]
    return tuple(_name(part, latex=record.markup == "latex") for part in parts)


def _people_in_part(part: str) -> list[str]:
    """The people in the text between two ` and `, where it certainly names several: `Roe, Ann; Poe, Ed`.

    BibTeX reads one person; `check` reports it.
    """
    if not _BETWEEN_PEOPLE.search(part) or "{" in part or _is_extended(part):
        return [part]
    if ";" in part:
        return [name for one in part.split(";") if (name := one.strip(" ,"))]
    names, _ = split_names(part.replace("\\&", "&"))
    several = len(names) > 1 and all(" " in name for name in names) and not GROUP_NAME.search(part)
    return names if several and ("&" in part or all("," in name for name in names)) else [part]


def _is_extended(part: str) -> bool:
    return "=" in part and extended_name(part) is not None


def _name(value: str, *, latex: bool) -> Name:
    if "=" in value and (extended := extended_name(latex_to_text(value) if latex else value)):
        return extended
    if _OTHERS.fullmatch(value.strip("{}")):
        return Name("others")
    text = _clean(" ".join((latex_to_text(value) if latex else plain_markup(mark_html(value))).split()))
    if _is_group(value):
        return Name(text.strip("{}"))
    whole = text.startswith("{") or value.lstrip().startswith("{")  # `{van der Roe}, Ann` has no particle
    text = text.replace("{", "").replace("}", "")
    family, *others = map(str.strip, text.split(","))
    if others and family:
        prefix, family = ("", family) if whole else _particle(family)
        return Name(family, others[-1], prefix, " ".join(others[:-1]))
    if GROUP_NAME.search(text):
        return Name(text)
    if latex and "," not in text and (name := _bibtex_parts(value, text)):
        return name
    return parse_name(text)


def _bibtex_parts(value: str, text: str) -> Name | None:
    """The parts of `First von Last` where braces or the particle show where the family name begins, as in BibTeX."""
    if braced := _BRACED_FAMILY.fullmatch(value):
        family = " ".join(latex_to_text(braced[2]).split())
        given = " ".join(latex_to_text(braced[1]).replace("{", "").replace("}", "").split())
        if text == f"{given} {family}" and not parse_name(text).suffix:
            words = given.split()
            count = len(words)
            while count > 1 and words[count - 1].islower():
                count -= 1
            return Name(family, " ".join(words[:count]), " ".join(words[count:]))
    words = text.split()
    particles = [place for place, word in enumerate(words[:-1]) if place and is_particle(word)]
    if particles and particles[-1] < len(words) - 2 and not parse_name(text).suffix:
        first, last = particles[0], particles[-1] + 1
        if all(map(is_particle, words[first:last])):
            return Name(" ".join(words[last:]), " ".join(words[:first]), " ".join(words[first:last]))
    return None


def _particle(family: str) -> tuple[str, str]:
    """The particle before a family name, of words in lower case as in BibTeX, and the rest."""
    words = family.split()
    count = 0
    while count < len(words) - 1 and words[count][:1].islower():
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def split_at_and(value: str) -> list[str]:
    """The names of a list, split as BibTeX does it: not at an `and` within braces.

    >>> split_at_and("Doe, Jane and {Kelp and Moss Ltd} and others")
    ['Doe, Jane', '{Kelp and Moss Ltd}', 'others']
    """
    value = " ".join(value.split())
    cuts = [found.span() for found in _AND.finditer(value)]
    if cuts and "{" in value:
        cuts = [(start, end) for start, end in cuts if value.count("{", 0, start) <= value.count("}", 0, start)]
    ends = [(0, 0), *cuts, (len(value), len(value))]
    return [part for (_, start), (end, _) in pairwise(ends) if (part := value[start:end].strip())]


def inverted_name(name: Name) -> str:
    """A name as `Family, Given, Suffix`, with the particle before the family name."""
    family = f"{name.prefix} {name.family}".strip()
    if not name.given and not name.suffix and " " in family and not bibtex_name(family).startswith("{"):
        return f"{family},"  # EndNote's sign of a body
    return ", ".join([family, name.given, name.suffix] if name.suffix else [family, name.given]).strip(", ")


def first_and_last_page(pages: str) -> tuple[str, str]:
    """First and last page of one range; pages in any other form are returned as the first page."""
    found = PAGE_RANGE.fullmatch(pages.strip())
    return (found[1], found[2]) if found else (pages, "")


def date_parts(fields: Mapping[str, str]) -> tuple[str, int, int, bool]:
    """The year as it is written, month and day as numbers, 0 if missing, and whether `month` and `day` say no more."""
    month, day, whole = month_and_day(fields.get("month", ""), fields.get("day", ""))
    return fields.get("year", ""), month, day, whole


def split_keywords(value: str) -> list[str]:
    """The keywords of a text: see `split_words`; without the braces that protect their commas."""
    return [without_braces(word) for word in split_words(value)]
