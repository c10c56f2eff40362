"""What became of the citation keys of the inputs: the map from old keys to new ones, and problems to report. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from refsync.cites import RenamedKeys
from refsync.planning.key_ownership import Name, NamesInFiles
from refsync.records import Problem, Record, keys_in

MOST_NAMED = 3
"""Other papers that a message about a key names."""


@dataclass(frozen=True)
class KeyMap:
    """The names of the inputs with the keys that their papers have now.

    Attributes:
        records: what was read.
        paper_of: for each record, the number of its paper.
        keys: the key of each paper now; papers of different files that are changed in place may have the same one.
        aliases: for each paper, the names in the `ids` of its entry.
        known: how many of the first records are those of a library that is not written.
        counted: the names in the inputs, if they are there already.
    """

    records: Sequence[Record]
    paper_of: Sequence[int]
    keys: Sequence[str]
    aliases: Sequence[str]
    known: int = 0
    counted: NamesInFiles | None = None

    @cached_property
    def names(self) -> NamesInFiles:
        """The names in the inputs."""
        return self.counted or NamesInFiles(self.records, self.paper_of)

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The names that stood for one paper, each with the different key that it has now.

        Names whose new key also means a paper of another file are left out: they can only be changed where they
        are.
        """
        return {
            item.name: self.keys[item.paper]
            for item in self._changed
            if not self.names.is_ambiguous(item.name) and self._papers_with[self.keys[item.paper]] == 1
        }

    @cached_property
    def everything(self) -> dict[str, str]:
        """Every name that changed, with the key that its paper has now; by file where a name is ambiguous.

        A name that stood for several papers, and one whose new key does, is called by its file: `refs.bib:doe2020`; one
        that a file has several times, by the number of the record: `refs.bib:#3`. Of these, those that stay are there
        too.
        """
        in_file = Counter((item.source, item.name) for item in self.names.names)
        found = dict(self.renamed)
        for item in self._by_file:
            repeated = in_file[item.source, item.name] > 1
            name = f"#{self.records[item.record].index}" if repeated else item.name
            found[f"{item.source}:{name}"] = self.keys[item.paper]
        return found

    @cached_property
    def ambiguous(self) -> dict[str, str]:
        """The names that stood for several papers, or whose new key does, with what they became, as text."""
        became: dict[str, list[str]] = defaultdict(list)
        for item in self._by_file:
            key = self.keys[item.paper]
            became[item.name].append(f"that of {item.source} {'stays' if key == item.name else f'is {key!r} now'}")
        return {name: "; ".join(dict.fromkeys(texts[:MOST_NAMED])) for name, texts in became.items()}

    @property
    def for_documents(self) -> RenamedKeys:
        """What documents that cite have to know."""
        in_files: dict[tuple[str, str], str] = {}
        files_with_other_paper = self._files_with_several_papers
        for item in self._by_file:
            key, place = self.keys[item.paper], (item.source, item.name)
            unclear = self._papers_with[key] > 1 or place in files_with_other_paper
            in_files[place] = "" if unclear else key
        return RenamedKeys(everywhere=self.renamed, in_files=in_files, ambiguous=self.ambiguous)

    @cached_property
    def _files_with_several_papers(self) -> set[tuple[str, str]]:
        """The files and names where a name means several papers in one file."""
        papers: dict[tuple[str, str], set[int]] = defaultdict(set)
        for item in self.names.names:
            papers[item.source, item.name].add(item.paper)
        return {place for place, own in papers.items() if len(own) > 1}

    def problems(self) -> Iterator[Problem]:
        """What a person has to know: names that stood for several papers, and keys that stood for others before."""
        changed = {item.name.casefold() for item in self._changed}
        for name, items in self.names.contested().items():
            if name in changed:
                papers = {item.paper: item for item in reversed(items)}
                shown = [*papers.values()][: MOST_NAMED + 1]
                for item in items:
                    if item.record >= self.known:
                        yield self._contested(item, [one for one in shown if one.paper != item.paper], len(papers) - 1)
        first_with: dict[str, Name] = {}
        for item in self.names.names:
            first_with.setdefault(item.name.casefold(), item)
        for paper, key in enumerate(self.keys):
            folded = key.casefold()
            before = first_with.get(folded)
            if before and paper not in self.names.papers[folded] and self._first_record[paper] >= self.known:
                yield self._taken_over(self.records[self._first_record[paper]], key, before)
        for item in self._changed:
            key = self.keys[item.paper]
            if self._papers_with[key] > 1:
                message = f"{item.name!r} is {key!r} now, which also names another paper; where it could mean either, "
                yield self._problem(item, f"{message}citations and references stay as they are")

    @cached_property
    def _changed(self) -> list[Name]:
        """The names that are neither the key nor an alias of their paper now."""
        kept = [{key, *keys_in(ids)} for key, ids in zip(self.keys, self.aliases, strict=True)]
        return [
            item
            for item in self.names.names
            if self.keys[item.paper]
            and item.name != self.keys[item.paper]
            and not (item.alias and item.name in kept[item.paper])
            and not (item.record < self.known)
        ]

    @cached_property
    def _by_file(self) -> list[Name]:
        """The names that the map lists with their files."""
        changed = {item.name.casefold() for item in self._changed}
        new = {item for item in self._changed if self._papers_with[self.keys[item.paper]] > 1}
        return [
            item
            for item in self.names.names
            if (item.name.casefold() in changed and self.names.is_ambiguous(item.name)) or item in new
        ]

    @cached_property
    def _papers_with(self) -> Counter[str]:
        return Counter(key for key in self.keys if key)

    @cached_property
    def _first_record(self) -> dict[int, int]:
        first: dict[int, int] = {}
        for record, paper in enumerate(self.paper_of):
            first.setdefault(paper, record)
        return first

    def _contested(self, item: Name, others: Sequence[Name], count: int) -> Problem:
        kind = "alias" if item.alias else "key"
        places = ", ".join(self._place(other, item.name) for other in others[:MOST_NAMED])
        if count > MOST_NAMED:
            places += f" and {count - MOST_NAMED:,} more"
        also = "also names another paper" if count == 1 else "also names other papers"
        key = self.keys[item.paper]
        now = "this one keeps it" if key == item.name else f"this one is written as {key!r}"
        return self._problem(item, f"the {kind} {item.name!r} {also} ({places}); {now}")

    def _taken_over(self, record: Record, key: str, before: Name) -> Problem:
        now = self.keys[before.paper]
        place = self._place(before, key)
        message = f"this paper is written as {key!r}, which named another paper before ({place}), now {now!r}"
        return Problem(record.source, message, record.line, kind="repeated-id")

    def _place(self, item: Name, name: str) -> str:
        """Where a name is, with its spelling if that differs."""
        line = self.records[item.record].line
        return f"{item.source}:{line}" + (f" {item.name!r}" if item.name != name else "")

    def _problem(self, item: Name, message: str) -> Problem:
        return Problem(item.source, message, self.records[item.record].line, kind="repeated-id")


@dataclass(frozen=True, slots=True)
class KeyRenaming:
    """The new keys for references inside the records.

    Attributes:
        by_source: the new key by source and name, and by source and name in lower case.
        unambiguous: the new key by name, for names that mean one paper.
    """

    by_source: Mapping[tuple[str, str], str]
    unambiguous: Mapping[str, str]

    @classmethod
    def of(cls, names: NamesInFiles, keys: Sequence[str], aliases: Sequence[Sequence[str]]) -> "KeyRenaming":
        """The renaming.

        Args:
            names: the names in the inputs.
            keys: the new key of each paper.
            aliases: for each paper, the names that its entry keeps in `ids`.
        """
        by_source: dict[tuple[str, str], str] = {}
        unambiguous: dict[str, str] = {}
        kept = [frozenset(own) for own in aliases]
        for item in names.names:
            new = item.name if item.alias and item.name in kept[item.paper] else keys[item.paper] or item.name
            by_source.setdefault((item.source, item.name), new)  # of equal keys, BibTeX uses the first
            if not names.is_ambiguous(item.name):
                unambiguous[item.name] = new
        for item in names.names:  # BibTeX finds keys in another case too
            by_source.setdefault((item.source, item.name.casefold()), by_source[item.source, item.name])
        return cls(by_source, unambiguous)

    def new_key(self, source: str, old: str) -> str:
        """The new key for a reference in this source, also to an entry of another source."""
        return (
            self.by_source.get((source, old))
            or self.unambiguous.get(old)
            or self.by_source.get((source, old.casefold()), old)
        )
