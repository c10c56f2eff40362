r"""References between the entries of .bib files (`crossref`, `\cite` in a note, ...) when citation keys are renamed."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from refsync.cites import rewrite
from refsync.formats.bibtex.edit import Edit, entries, replace_citation_keys
from refsync.formats.bibtex.scan import Block, scan
from refsync.formats.common.positions import line_column_lookup
from refsync.records import REFERRING_FIELDS, Problem, keys_in

_GROUPS = re.compile(r"@\s*comment\s*\{\s*(?:jabref-meta:\s*groups?tree|bibdesk static groups)", re.IGNORECASE)


def removed_keys(
    replacements: Mapping[str, str], remaining: Sequence[Block], survivors: Collection[int]
) -> dict[str, str]:
    """The keys that no remaining entry has, each with its replacement.

    A key that another entry still has is left out: references to it are ambiguous. So is one whose replacement names
    another paper in this file than the one that survives, in another file.

    Args:
        replacements: the keys of deleted entries, each with that of the survivor.
        remaining: the entries of this file that are not deleted.
        survivors: the positions where those of them begin that others were merged into.
    """
    present = Counter(block.key for block in remaining)
    first: dict[str, int] = {}
    for block in remaining:
        first.setdefault(block.key, block.start)
    return {
        old: new
        for old, new in replacements.items()
        if old != new and not present[old] and not old.startswith("#") and (new not in first or first[new] in survivors)
    }


def reference_edits(text: str, block: Block, renamed: Mapping[str, str], skipped: Collection[str]) -> Iterator[Edit]:
    """The edits that rename the keys to which an entry refers, except in the fields `skipped` (in lower case)."""
    for field in block.fields:
        if field.name.lower() in skipped:
            continue
        value = text[field.value_start : field.value_end]
        if (new := with_renamed_keys(field.name.lower(), value, renamed, block.key)) != value:
            yield Edit(field.value_start, field.value_end, new)


def with_renamed_keys(name: str, value: str, renamed: Mapping[str, str], own_key: str) -> str:
    r"""A field's value with renamed keys: in fields that name entries, and in `\cite` anywhere.

    Args:
        name: the field, in lower case.
        value: as written in the file.
        renamed: old keys with the new ones.
        own_key: that of the entry.
    """
    if name in REFERRING_FIELDS:
        return replace_citation_keys(value, renamed, own_key)
    return rewrite(value, "tex", renamed)[0] if "cite" in value else value


def with_other_spellings(renamed: Mapping[str, str], text: str, entries: Sequence[Block]) -> dict[str, str]:
    """The renamed keys, also as references between entries spell them in another case, which BibTeX finds.

    Args:
        renamed: old keys with the new ones.
        text: the file.
        entries: its entries; their keys as they are spelled are no other spellings.
    """
    folded = {old.casefold(): new for old, new in renamed.items()}
    own = {block.key for block in entries}
    spelled = {
        word: folded[word.casefold()]
        for block in (entries if renamed else ())
        for field in block.fields
        if field.name.lower() in REFERRING_FIELDS
        for word in keys_in(text[field.value_start : field.value_end].strip('{}" \t\r\n'))
        if word not in own and word.casefold() in folded
    }
    return {**spelled, **renamed}


def outdated_groups(source: str, after: str, renamed: Mapping[str, str]) -> Iterator[Problem]:
    """A note for each removed key in a group of JabRef's or BibDesk's, which they keep in comments."""
    if not renamed or not _GROUPS.search(after):
        return
    place = line_column_lookup(after)
    for block in scan(after):
        if block.kind == "comment" and _GROUPS.match(after, block.start):
            listed = set(re.split(r"[\s,;\\<>{}]+", after[block.start : block.end]))
            for old in sorted(listed & renamed.keys()):
                message = f"a group in this comment lists {old!r}, which is {renamed[old]!r} now"
                yield Problem(source, message, place(block.start)[0], kind="note")


def parents_before_children(source: str, after: str, new_parents: Collection[str]) -> Iterator[Problem]:
    """A note for each entry whose `crossref` names an earlier entry: BibTeX requires the parent to come later.

    Args:
        source: the file.
        after: its text.
        new_parents: the keys to which references were added or changed.
    """
    seen: dict[str, int] = {}
    place = line_column_lookup(after)
    for block in entries(after) if new_parents else ():
        line, _ = place(block.start)
        for field in block.fields:
            parent = after[field.value_start : field.value_end].strip('{}" \t\r\n')
            if field.name.lower() == "crossref" and parent in new_parents and parent in seen:
                message = (
                    f"{block.key!r} now refers to {parent!r} (line {seen[parent]}), which must come after it for BibTeX"
                )
                yield Problem(source, message, line, kind="note")
        seen[block.key] = line
