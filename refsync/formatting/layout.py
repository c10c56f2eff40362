"""The layout of one entry: lines, indent, alignment, commas, letter case; values are not touched."""

import re

from refsync.formatting.draft import EntryDraft, Gap, has_comma, without_comma
from refsync.formatting.settings import FormatSettings

_LAST_LINE = re.compile(r"[\r\n]([ \t]*)\Z")


def set_case(name: str, case: str | None) -> str:
    """The name of a type or field in lower or upper case, or with a capital; names beyond ASCII stay."""
    if case in ("lower", "upper", "capitalize") and name.isascii():
        changed: str = getattr(name, case)()
        return changed
    return name


def indent_of(draft: EntryDraft, settings: FormatSettings) -> str:
    """The white space before the fields: as set, else as in the entry, else two spaces."""
    if settings.indent == "tab":
        return "\t"
    if isinstance(settings.indent, int):
        return " " * settings.indent
    for gap in draft.gaps[:-1]:
        if found := _LAST_LINE.search(gap):
            return found[1]
    return "  "


def lay_out(draft: EntryDraft, settings: FormatSettings, line_end: str, indent: str) -> None:
    """Apply the settings of the layout to an entry whose fields and values are final, except for line breaks."""
    draft.type = set_case(draft.type, settings.type_case)
    if settings.entry_braces:
        draft.at = "@"
        if "%" not in draft.opening:
            draft.opening = "{"
        else:
            draft.opening = draft.opening.replace("(", "{", 1).lstrip()
        draft.closer = "}"
        if "%" not in draft.gaps[0] and has_comma(draft.gaps[0]):
            draft.gaps[0] = draft.gaps[0].lstrip()
    if settings.field_case not in (None, "keep"):
        for item in draft.fields:
            item.name = set_case(item.name, settings.field_case)
    _align(draft, settings)
    trailing = has_comma(draft.gaps[-1])
    if draft.fields and settings.trailing_commas in ("add", "remove"):
        wanted = settings.trailing_commas == "add"
        if wanted and not trailing:
            draft.gaps[-1] = "," + draft.gaps[-1]
        elif trailing and not wanted:
            draft.gaps[-1] = without_comma(draft.gaps[-1])
        trailing = wanted
    if settings.indent not in (None, "keep"):
        between, last = f",{line_end}{indent}", draft.gaps[-1]
        draft.gaps = [
            Gap.of(gap).render(line_end, indent, comma=True) if "%" in gap else between for gap in draft.gaps[:-1]
        ]
        draft.gaps.append(Gap.of(last).render(line_end, indent, comma=trailing, closing=line_end))


def _align(draft: EntryDraft, settings: FormatSettings) -> None:
    if settings.align in (None, "keep"):
        return
    if settings.align == "auto":
        column = max((len(item.name) for item in draft.fields), default=0) + 1
    else:
        column = int(settings.align or 0)
    for item in draft.fields:
        if "%" not in item.equals:
            item.equals = f"{' ' * (column - 1 - len(item.name))} = "
