"""What one editor has open, and what is known of it. Knows nothing of the protocol."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from refsync.cites.documents import Document, document_of
from refsync.cites.scan import syntax_of
from refsync.errors import RefsyncError
from refsync.files import digest
from refsync.lsp.change_sets import ProjectDocuments
from refsync.lsp.citing import UnknownCitation, merged_keys, unknown_citations
from refsync.lsp.library import (
    CheckedLibrary,
    LibraryChecker,
    bibliographies_of_document,
    files_of_bibliography,
    is_bibliography,
    project_documents,
)
from refsync.lsp.live_file import LiveFile, Rules
from refsync.lsp.positions import Change, Lines, Place, Unit, analysable

Inputs = tuple[str, ...]
"""The .bib files that belong together."""


class SupersededError(Exception):
    """A check was ended because a text was changed meanwhile."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is open in the editor."""

    uri: str
    version: int
    lines: Lines


@dataclass(frozen=True, slots=True)
class OpenState:
    """All open texts at one time, with their versions: what a check in the background works on."""

    texts: Mapping[str, str]
    versions: Mapping[str, int]


class Session:
    """The open files and the libraries that they belong to.

    Attributes:
        files: the open files, by path relative to the working directory.
        live: the open .bib files with their findings.
        libraries: the last check of each library.
    """

    def __init__(self, unit: Unit = "utf-16") -> None:
        self.unit: Unit = unit
        self.files: dict[str, OpenFile] = {}
        self.live: dict[str, LiveFile] = {}
        self.libraries: dict[Inputs, CheckedLibrary] = {}
        self._inputs: dict[str, Inputs] = {}
        self._checkers: dict[Inputs, LibraryChecker] = {}
        self._merged: dict[Inputs, dict[str, str]] = {}
        self._documents: dict[Inputs, ProjectDocuments] = {}

    def open(self, source: str, uri: str, version: int, text: str) -> None:
        """A file was opened, or its whole text replaced."""
        lines = Lines(analysable(text), self.unit)
        self.files[source] = OpenFile(uri, version, lines)
        if is_bibliography(source):
            self.live[source] = LiveFile.of(source, lines)
        self.forget_structure()

    def change(self, source: str, version: int, start: Place, end: Place, new: str) -> None:
        """A stretch of a text was replaced."""
        file = self.files[source]
        first, last = sorted((file.lines.offset(start), file.lines.offset(end)))
        change = Change(first, last, analysable(new))
        if live := self.live.get(source):
            self.live[source] = live = live.changed(change)
            lines = live.lines
        else:
            lines = file.lines.changed(change)
            self.forget_structure()  # it may name another bibliography now
        self.files[source] = OpenFile(file.uri, version, lines)

    def close(self, source: str) -> None:
        """A file was closed."""
        self.files.pop(source, None)
        self.live.pop(source, None)
        self.forget_structure()

    def forget_structure(self) -> None:
        """Look again for documents and for what they name: files were saved, opened or closed."""
        self._inputs.clear()
        self._documents.clear()

    def state(self) -> OpenState:
        """The texts as they are now."""
        return OpenState(
            {source: file.lines.text for source, file in self.files.items()},
            {source: file.version for source, file in self.files.items()},
        )

    def is_current(self, state: OpenState, sources: Sequence[str]) -> bool:
        """Whether these files have not changed since then."""
        return all(
            state.versions.get(source) == (file.version if (file := self.files.get(source)) else None)
            for source in sources
        )

    def inputs_of(self, source: str, texts: Mapping[str, str]) -> Inputs:
        """The .bib files that a file belongs to. Reads the project's documents."""
        if (known := self._inputs.get(source)) is not None:
            return known
        if is_bibliography(source):
            found = files_of_bibliography(source, project_documents(source, texts))
        else:
            found = bibliographies_of_document(source, texts)
        self._inputs[source] = found
        return found

    def check(self, inputs: Inputs, state: OpenState, publish: Callable[[CheckedLibrary], None]) -> CheckedLibrary:
        """Check a library, outside of the main thread.

        Raises:
            SupersededError: one of its texts was changed meanwhile.
            RefsyncError: a configuration or a file of answers cannot be read.
        """

        def progress(stage: str, done: int, total: int) -> None:
            if not self.is_current(state, inputs):
                raise SupersededError

        checker = self._checkers.setdefault(inputs, LibraryChecker(inputs))
        self._merged[inputs] = merged_keys(inputs)
        return checker.check(state.texts, progress, publish)

    def take(self, library: CheckedLibrary, state: OpenState, own: Sequence[str]) -> None:
        """Take the result of a check; `own` are the open files that belong to the library."""
        self.libraries[library.inputs] = library
        for source in own:
            live = self.live.get(source)
            if live and self.is_current(state, (source,)):
                rules = Rules(codes=library.codes, library=library.others, biblatex=library.is_biblatex(source))
                self.live[source] = live.checked(library.findings, rules, complete=library.complete)

    def library_of(self, source: str) -> CheckedLibrary | None:
        """The last check of the library that an open file belongs to."""
        inputs = self._inputs.get(source)
        found = self.libraries.get(inputs) if inputs else None
        return found or next((item for key, item in self.libraries.items() if source in key), None)

    def fresh_library(self, source: str, state: OpenState) -> CheckedLibrary | None:
        """The library with the texts as they are now; where they changed, it is read again without its duplicates.

        Raises:
            RefsyncError: a configuration cannot be read.
        """
        inputs = self.inputs_of(source, state.texts)
        if not inputs:
            return None
        known = self.libraries.get(inputs)
        if known and is_up_to_date(known, state):
            return known
        read: list[CheckedLibrary] = []

        def keep(library: CheckedLibrary) -> None:
            read.append(library)
            raise SupersededError

        try:
            return LibraryChecker(inputs).check(state.texts, lambda *_: None, keep)
        except SupersededError:
            return read[0]

    def documents_of(self, library: CheckedLibrary, state: OpenState, *, read_again: bool = True) -> ProjectDocuments:
        """The documents of the library's project, as the editor has them; to change them, they are read again."""
        if not read_again and (known := self._documents.get(library.inputs)):
            return known
        own = frozenset(library.inputs)
        belonging: dict[str, bool] = {}

        def belongs(document: Document) -> bool:
            name = document.source
            if name not in belonging:
                belonging[name] = not own.isdisjoint(bibliographies_of_document(name, state.texts))
            return belonging[name]

        found: dict[str, Document] = {}
        for source in library.inputs:
            found |= {item.source: item for item in project_documents(source, state.texts)}
        documents = ProjectDocuments(tuple(found.values()), belongs)
        self._documents[library.inputs] = documents
        return documents

    def document(self, source: str) -> Document | None:
        """An open document with its citations."""
        file = self.files.get(source)
        if file is None or not syntax_of(source):
            return None
        document = document_of(source, file.lines.text.encode())
        return replace(document, text=file.lines.text)

    def unknown_citations(self, source: str) -> list[UnknownCitation]:
        """The citations of an open document that name no entry; none before its library was read."""
        document, library = self.document(source), self.library_of(source)
        if document is None or library is None or "RS204" not in library.codes:
            return []
        if document.syntax != "tex" and not document.bibliography.files:
            return []  # `@name` in a text without bibliography of its own is rarely a citation
        labels = self._labels() if document.syntax == "typst" else frozenset()
        merged = self._merged.get(library.inputs, {})
        return [*unknown_citations(document, library.records, merged, labels)]

    def _labels(self) -> frozenset[str]:
        from refsync.cites.typst import labels

        texts = (file.lines.text for source, file in self.files.items() if syntax_of(source) == "typst")
        return frozenset().union(*map(labels, texts))


def is_up_to_date(library: CheckedLibrary, state: OpenState) -> bool:
    """Whether all texts are as they were when the library was checked, those of files that are not open too."""
    for source, text in library.texts.items():
        if source in state.texts:
            if state.texts[source] != text:
                return False
            continue
        try:
            if digest(Path(source).read_bytes()) != library.reading.digests.get(source):
                return False
        except OSError:
            return False
    return True


def required(library: CheckedLibrary | None) -> CheckedLibrary:
    """The library that is needed.

    Raises:
        RefsyncError: there is none.
    """
    if library is None:
        raise RefsyncError("no bibliography was read yet", hint="wait for the first check, or open the .bib file")
    return library
