"""The input of the rules: a file with its text and records, and each entry with its spans."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from refsync.formats.bibtex.plain_entries import PlainEntry
from refsync.formats.bibtex.scan import Block, Field
from refsync.records import Record, Snapshot, keys_in


@dataclass(frozen=True, slots=True)
class BibFile:
    """One source that is checked. `text` is empty unless it is a BibTeX file.

    Where the text was made from another file, `lines` has the line there of each of its lines; it is not edited then.
    """

    snapshot: Snapshot
    text: str = ""
    lines: Sequence[int] = ()

    @property
    def source(self) -> str:
        """The path as the user gave it."""
        return self.snapshot.source

    @property
    def records(self) -> Sequence[Record]:
        """The entries, in order."""
        return self.snapshot.records


@dataclass(frozen=True, slots=True)
class Library:
    """What the rules for single entries need from all files together.

    Attributes:
        keys: the citation keys and aliases, case folded.
        spellings: the same keys as they are written, by the case-folded key.
        entries: the entries by citation key or alias, case folded.
        macros: the macros, in lower case, with the files that define them.
        file_exists: whether a file exists that an entry of a source names; None if files are not looked for.
    """

    keys: Collection[str] = frozenset()
    spellings: Mapping[str, Collection[str]] = field(default_factory=dict)
    entries: Mapping[str, Record] = field(default_factory=dict)
    macros: Mapping[str, Collection[str]] = field(default_factory=dict)
    file_exists: Callable[[str, str], bool] | None = None

    @classmethod
    def of(
        cls,
        files: Sequence[BibFile],
        macros: Mapping[str, Collection[str]],
        file_exists: Callable[[str, str], bool] | None = None,
    ) -> "Library":
        """The library that these files form."""
        entries: dict[str, Record] = {}
        spellings: dict[str, set[str]] = {}
        for file in files:
            for record in file.records:
                for key in (record.id, *keys_in(record.fields.get("ids", ""))):
                    spellings.setdefault(key.casefold(), set()).add(key)
                    entries.setdefault(key.casefold(), record)
        return cls(keys=spellings.keys(), spellings=spellings, entries=entries, macros=macros, file_exists=file_exists)

    def knows_parents(self, record: Record) -> bool:
        """Whether the entries from which a record inherits are known, over two generations."""
        children = [record]
        for _ in range(2):
            named = [key for child in children for name in ("crossref", "xdata") for key in keys_in(child.get(name))]
            if any(key.casefold() not in self.entries for key in named):
                return False
            children = [self.entries[key.casefold()] for key in named]
        return True

    def inherited_fields(self, record: Record) -> dict[str, str]:
        """The fields inherited by `crossref` and `xdata`, over two generations; a parent's title is a `booktitle`."""
        inherited: dict[str, str] = {}
        children = [record]
        for _ in range(2):
            named = [
                (name, key.casefold())
                for child in children
                for name in ("crossref", "xdata")
                for key in keys_in(child.get(name))
            ]
            parents = [(name, self.entries[key]) for name, key in named if key in self.entries]
            for name, parent in parents:
                for field_name, value in parent.fields.items():
                    inherited.setdefault(field_name, value)
                    if name == "crossref" and field_name == "title":
                        inherited.setdefault("booktitle", value)
            children = [parent for _, parent in parents]
        return inherited


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry with its spans, and the library that it may refer to."""

    text: str
    block: Block | PlainEntry
    record: Record
    library: Library
    biblatex: bool = False

    @property
    def key_position(self) -> int:
        """Where its key begins; where the entry begins if it has no key."""
        return self.block.key_position

    @property
    def is_plain(self) -> bool:
        """Whether nothing in how it is written is unusual: see `plain_entries`."""
        return isinstance(self.block, PlainEntry)

    def field(self, name: str) -> Field:
        """The first field of this name, whose value the record has."""
        return next(item for item in self.block.fields if item.name.lower() == name)

    def value_position(self, name: str) -> int:
        """Where the value of a field begins, after its brace or quote."""
        start = self.field(name).value_start
        return start + (self.text[start : start + 1] in ("{", '"'))
