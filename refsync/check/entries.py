"""What rules see: a file with its text and records, and each entry in it with its spans."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from refsync.formats.bibtex.scan import Block, Field
from refsync.records import Record, Snapshot, keys_in

BIBLATEX_FIELDS = frozenset({"date", "journaltitle", "location", "eventtitle", "eprinttype", "langid", "xdata"})
BIBLATEX_TYPES = frozenset(
    "online report thesis mvbook mvcollection mvproceedings collection suppbook suppcollection periodical "
    "suppperiodical reference mvreference inreference bookinbook dataset software patent set xdata".split()
)


@dataclass(frozen=True, slots=True)
class BibFile:
    """One source that is looked at. `text` is empty where it is no BibTeX file."""

    snapshot: Snapshot
    text: str = ""

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
    """What the rules for single entries need to know of all files together.

    `keys` are the citation keys (and aliases), case folded; `parents` the entries by key, case folded; `macros` the
    macros with the files that define them.
    """

    keys: Collection[str] = frozenset()
    parents: Mapping[str, Record] = field(default_factory=dict)
    macros: Mapping[str, Collection[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Sequence[BibFile], macros: Mapping[str, Collection[str]]) -> "Library":
        """What these files hold."""
        parents: dict[str, Record] = {}
        aliases: set[str] = set()
        for file in files:
            for record in file.records:
                parents.setdefault(record.id.casefold(), record)
                aliases.update(key.casefold() for key in keys_in(record.get("ids")))
        return cls(parents.keys() | aliases, parents, macros)

    def inherited(self, record: Record) -> dict[str, str]:
        """The fields that `crossref` and `xdata` hand down, two generations deep; a parent's title is a `booktitle`."""
        found: dict[str, str] = {}
        heirs = [record]
        for _ in range(2):
            named = [
                (name, key.casefold())
                for heir in heirs
                for name in ("crossref", "xdata")
                for key in keys_in(heir.get(name))
            ]
            parents = [(name, self.parents[key]) for name, key in named if key in self.parents]
            for name, parent in parents:
                for inherited, value in parent.fields.items():
                    found.setdefault(inherited, value)
                    if name == "crossref" and inherited == "title":
                        found.setdefault("booktitle", value)
            heirs = [parent for _, parent in parents]
        return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its spans, and what it may refer to."""

    text: str
    block: Block
    record: Record
    library: Library
    biblatex: bool = False

    @property
    def key_position(self) -> int:
        """Where its key stands; the entry's own beginning where it has none."""
        return self.block.key_start if self.block.key else self.block.start

    def field(self, name: str) -> Field:
        """The first field of this name, which is the one that the record has."""
        return next(item for item in self.block.fields if item.name.lower() == name)

    def value_position(self, name: str) -> int:
        """Where the value of a field begins, behind its brace or quote."""
        start = self.field(name).value_start
        return start + (self.text[start : start + 1] in ("{", '"'))


def is_biblatex(records: Sequence[Record]) -> bool:
    """Whether a file uses types or fields that BibTeX's own styles don't know."""
    return any(record.type in BIBLATEX_TYPES or not BIBLATEX_FIELDS.isdisjoint(record.fields) for record in records)
