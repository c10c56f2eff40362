"""Reads the documents that cite, named by path, folder or pattern."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from refsync.cites.bibliographies import NO_BIBLIOGRAPHY, Bibliography, bibliography_of
from refsync.cites.nearby import documents_beside
from refsync.cites.scan import SUFFIXES, Cite, scan, syntax_of
from refsync.cites.token import EVERYTHING
from refsync.errors import ConfigError
from refsync.files import digest
from refsync.formats.common.decode import Encoding, detect_encoding
from refsync.records import Problem, Record, keys_in

_SKIPPED = frozenset({"node_modules", "_build", "_site", "__pycache__", "venv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that cites.

    Attributes:
        source: its path.
        syntax: the name of its syntax.
        text: its text.
        encoding: converts the text back to its bytes.
        sha256: the digest of these.
        cites: its citations.
        bibliography: what it says about its bibliography.
    """

    source: str
    syntax: str
    text: str
    encoding: Encoding
    sha256: str
    cites: tuple[Cite, ...]
    bibliography: Bibliography = NO_BIBLIOGRAPHY


@dataclass(frozen=True, slots=True)
class Cites:
    """The citations of all documents of a run.

    Attributes:
        documents: those that the user named; they may be rewritten.
        problems: the documents that could not be read.
        counts: how often each key is cited, by all documents.
        beside: documents that were found beside the inputs; they are never changed.
    """

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    beside: tuple[Document, ...] = ()

    @property
    def all_documents(self) -> tuple[Document, ...]:
        """Those that the user named, and those beside the inputs."""
        return (*self.documents, *self.beside)

    @property
    def everything(self) -> bool:
        """Whether a document cites all entries (`\\nocite{*}`)."""
        return EVERYTHING in self.counts

    @property
    def keys(self) -> frozenset[str]:
        """Every key that is cited by name."""
        return frozenset(self.counts) - {EVERYTHING}

    def count(self, record: Record) -> int:
        """How often a record is cited: by its key or by another that its `ids` name."""
        return sum(self.counts[key] for key in {record.id, *keys_in(record.get("ids"))})

    def places(self, key: str) -> Iterator[tuple[str, Cite]]:
        """The citations of a key, each with its document's path, in order."""
        for document in self.documents:
            for cite in document.cites:
                if cite.key == key:
                    yield document.source, cite

    def first_places(self) -> dict[str, tuple[str, Cite]]:
        """The first citation of each key, with its document's path."""
        first: dict[str, tuple[str, Cite]] = {}
        for document in self.documents:
            for cite in document.cites:
                first.setdefault(cite.key, (document.source, cite))
        return first


NO_CITES = Cites()


def read_cites(
    paths: Sequence[str],
    root: Path | None = None,
    progress: Callable[[str], None] = lambda source: None,
    beside: Sequence[str] = (),
) -> Cites:
    """The citations of documents.

    Args:
        paths: files, folders (with all documents in them, except in hidden and generated folders) and patterns such as
            `chapters/*.tex` or `**/*.qmd`.
        root: the folder for patterns and relative paths; the working directory if it is None.
        progress: called with the path of each document.
        beside: .bib files; the documents found beside them are read too.

    Raises:
        ConfigError: a path does not exist, or is a file of an unknown kind.
    """
    named: list[Document] = []
    problems: list[Problem] = []
    for path in documents(paths, root):
        progress(path)
        try:
            named.append(_read(path))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(path, f"its citations cannot be read: {error}", fatal=True))
    found: list[Document] = []
    known = {Path(document.source).resolve() for document in named}
    for path in documents_beside(beside) if beside else ():
        if Path(path).resolve() not in known:
            progress(path)
            try:
                found.append(_read(path))
            except (OSError, UnicodeDecodeError):  # nobody asked for it
                continue
    cleaned = _without_labels([*named, *found])
    counts = Counter(cite.key for document in cleaned for cite in document.cites)
    return Cites(tuple(cleaned[: len(named)]), tuple(problems), counts, tuple(cleaned[len(named) :]))


def _read(path: str) -> Document:
    """Read a document.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not text in its encoding.
    """
    return document_of(path, Path(path).read_bytes())


def document_of(path: str, data: bytes) -> Document:
    """A document of these bytes, in the syntax of its file name.

    Raises:
        UnicodeDecodeError: it is not text in its encoding.
    """
    encoding = detect_encoding(data)
    text = encoding.decode(data)
    syntax = syntax_of(path)
    return Document(
        source=path,
        syntax=syntax,
        text=text,
        encoding=encoding,
        sha256=digest(data),
        cites=tuple(scan(text, syntax)),
        bibliography=bibliography_of(text, syntax),
    )


def documents(paths: Sequence[str], root: Path | None = None) -> list[str]:
    """The files that paths, folders and patterns name, without repetition.

    Raises:
        ConfigError: a path does not exist, or is a file of an unknown kind.
    """
    listed: dict[Path, str] = {}
    for path in paths:
        for file in _files(path, root):
            listed.setdefault(file.resolve(), str(file))
    return [*listed.values()]


def _files(path: str, root: Path | None) -> list[Path]:
    location = (root / path) if root else Path(path)
    if location.is_dir():
        inside = (file for file in sorted(location.rglob("*")) if syntax_of(file.name) and file.is_file())
        return [file for file in inside if not any(_skipped(part) for part in file.relative_to(location).parts)]
    if location.is_file():
        if not syntax_of(path):
            known = ", ".join(SUFFIXES)
            raise ConfigError(f"{path}: not a document whose citations refsync can read", hint=f"it reads {known}")
        return [location]
    if any(mark in path for mark in "*?["):
        pattern = Path(path)
        base = Path(pattern.anchor) if pattern.is_absolute() else (root or Path())
        relative = str(pattern.relative_to(pattern.anchor)) if pattern.is_absolute() else path
        matched = [file for file in sorted(base.glob(relative)) if file.is_file() and syntax_of(file.name)]
        if matched:
            return matched
        raise ConfigError(f"{path}: no document matches", hint=f"a pattern such as `paper/*{SUFFIXES[0]}`")
    raise ConfigError(f"{path}: no such file or folder", hint="name the documents that cite, or their folder")


def _skipped(part: str) -> bool:
    return part.startswith(".") or part in _SKIPPED


def _without_labels(found: Sequence[Document]) -> list[Document]:
    """The documents, of which Typst ones can include each other: a label of one is no citation in another."""
    typst = [document for document in found if document.syntax == "typst"]
    if len(typst) < 2:
        return [*found]
    from refsync.cites.typst import labels

    defined = frozenset().union(*(labels(document.text) for document in typst))
    return [
        replace(document, cites=tuple(cite for cite in document.cites if cite.key not in defined))
        if document.syntax == "typst"
        else document
        for document in found
    ]
