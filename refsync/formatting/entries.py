"""Formatting one entry: its values, then which fields it has in which order, then its layout."""

from collections.abc import Iterator

from refsync.formatting.draft import EntryDraft, FieldDraft
from refsync.formatting.layout import indent_of, lay_out
from refsync.formatting.settings import DEFAULT, FIELD_ORDER, FormatSettings
from refsync.formatting.values import ValueFormatter, is_verbatim
from refsync.formatting.wrapping import join_parts, wrap_value
from refsync.text.whitespace import collapse_whitespace

_ONE_LINE = frozenset("doi eprint eprinttype archiveprefix primaryclass isbn issn pmid pmcid url urlraw".split())
"""Numbers and addresses: `wrap` only joins their lines, and removes white space at their ends."""


class EntryFormatter:
    """Formats entries by complete settings; lines get the file's line ends."""

    def __init__(self, values: ValueFormatter, line_end: str) -> None:
        self.values = values
        self.settings: FormatSettings = values.settings
        self.line_end = line_end
        settings = self.settings
        names = (
            name.lower()
            for item in settings.sort_fields or ()
            for name in (FIELD_ORDER if item == DEFAULT else [item.lstrip("-")])
        )
        self._rank = {name: rank for rank, name in enumerate(dict.fromkeys(names))}
        self._dropped = {name.lower() for name in settings.drop_fields or ()}
        self._kept = {name.lower() for name in settings.keep_fields or ()}

    def format(self, draft: EntryDraft) -> Iterator[str]:
        """Change an entry; the results are notes about what was not done."""
        for item in draft.fields:
            item.value = self.values.format(item.name.lower(), item.value, joined=item.joined)
        chosen, notes = self._chosen(draft)
        if self._rank:
            last = len(self._rank)
            chosen.sort(key=lambda i: self._rank.get(draft.fields[i].name.lower(), last))
        indent = indent_of(draft, self.settings)
        draft.arrange(chosen, self.line_end, indent)
        lay_out(draft, self.settings, self.line_end, indent)
        if isinstance(self.settings.wrap, int):
            for item in draft.fields:
                self._wrap(item, indent, self.settings.wrap)
        yield from notes

    def _chosen(self, draft: EntryDraft) -> tuple[list[int], list[str]]:
        """The positions of the fields that stay, and notes."""
        settings = self.settings
        chosen: list[int] = []
        notes: list[str] = []
        first: dict[str, str] = {}
        for i, item in enumerate(draft.fields):
            name = item.name.lower()
            if name in self._dropped or (self._kept and name not in self._kept):
                continue
            plain = _plain(item)
            if settings.drop_empty_fields and not plain:
                continue
            if settings.drop_repeated_fields and name in first:
                if first[name] == plain:
                    continue
                notes.append(f"a second `{item.name}` with another value stays; BibTeX ignores it")
            first.setdefault(name, plain)
            chosen.append(i)
        return chosen, notes

    def _wrap(self, item: FieldDraft, indent: str, width: int) -> None:
        if item.joined:
            if "%" not in item.value and not is_verbatim(item.name.lower()):
                item.value = join_parts(item.value)
        elif item.value[:1] in ("{", '"') and (not is_verbatim(item.name.lower()) or item.name.lower() in _ONE_LINE):
            width = 0 if item.name.lower() in _ONE_LINE else width
            prefix = len(indent) + len(item.name) + len(item.equals)
            item.value = wrap_value(item.value, prefix, width, indent, self.line_end)


def _plain(item: FieldDraft) -> str:
    """A value for comparison: without its delimiters, with white space collapsed."""
    value = item.value
    if not item.joined and value[:1] in ("{", '"'):
        return collapse_whitespace(value[1:-1])
    return value if value.isdecimal() else value and f"#{value}"
