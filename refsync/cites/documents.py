"""The documents that cite: found by name, folder or pattern, and read. The only place where they are opened."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from refsync.cites.scan import SUFFIXES, Cite, scan, syntax_of
from refsync.cites.token import EVERYTHING
from refsync.errors import ConfigError
from refsync.files import digest
from refsync.formats.common.decode import Encoding, encoding_of
from refsync.records import Problem, Record, keys_in

_SKIPPED = frozenset({"node_modules", "_build", "_site", "__pycache__", "venv"})


@dataclass(frozen=True, slots=True)
class Document:
    """A file that cites. `encoding` gives back its bytes from its text; `sha256` is theirs."""

    source: str
    syntax: str
    text: str
    encoding: Encoding
    sha256: str
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Cites:
    """The citations of all documents of a run; `problems` are the documents that could not be read."""

    documents: tuple[Document, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def everything(self) -> bool:
        """Whether a document cites all entries (`\\nocite{*}`)."""
        return EVERYTHING in self.counts

    @property
    def keys(self) -> frozenset[str]:
        """Every key that is cited by its name."""
        return frozenset(self.counts) - {EVERYTHING}

    def count(self, record: Record) -> int:
        """How often a record is cited: by its key or by another that its `ids` name."""
        return sum(self.counts[key] for key in {record.id, *keys_in(record.get("ids"))})

    def places(self, key: str) -> Iterator[tuple[str, Cite]]:
        """Where a key is cited: sources with citations, in order."""
        for document in self.documents:
            for cite in document.cites:
                if cite.key == key:
                    yield document.source, cite


NO_CITES = Cites()


def read_cites(
    paths: Sequence[str], root: Path | None = None, progress: Callable[[str], None] = lambda source: None
) -> Cites:
    """The citations of documents.

    Args:
        paths: files, folders (all documents in them count, but hidden and generated folders) and patterns such as
            `chapters/*.tex` or `**/*.qmd`.
        root: what patterns and relative paths start from; the working directory if it is None.
        progress: told of each document.

    Raises:
        ConfigError: a path names nothing, or a file of a kind that is not known.
    """
    found: list[Document] = []
    problems: list[Problem] = []
    for path in documents(paths, root):
        progress(path)
        try:
            data = Path(path).read_bytes()
            encoding = encoding_of(data)
            text = encoding.decode(data)
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(path, f"its citations cannot be read: {error}", fatal=True))
            continue
        syntax = syntax_of(path)
        found.append(Document(path, syntax, text, encoding, digest(data), tuple(scan(text, syntax))))
    found = _without_labels(found)
    counts = Counter(cite.key for document in found for cite in document.cites)
    return Cites(tuple(found), tuple(problems), counts)


def documents(paths: Sequence[str], root: Path | None = None) -> list[str]:
    """The files that paths, folders and patterns name, none twice.

    Raises:
        ConfigError: a path names nothing, or a file of a kind that is not known.
    """
    listed: dict[Path, str] = {}
    for path in paths:
        for file in _files(path, root):
            listed.setdefault(file.resolve(), str(file))
    return [*listed.values()]


def _files(path: str, root: Path | None) -> list[Path]:
    named = (root / path) if root else Path(path)
    if named.is_dir():
        inside = (file for file in sorted(named.rglob("*")) if syntax_of(file.name) and file.is_file())
        return [file for file in inside if not any(_skipped(part) for part in file.relative_to(named).parts)]
    if named.is_file():
        if not syntax_of(path):
            known = ", ".join(SUFFIXES)
            raise ConfigError(f"{path}: not a document whose citations refsync can read", hint=f"it reads {known}")
        return [named]
    if any(mark in path for mark in "*?["):
        pattern = Path(path)
        base = Path(pattern.anchor) if pattern.is_absolute() else (root or Path())
        relative = str(pattern.relative_to(pattern.anchor)) if pattern.is_absolute() else path
        matched = [file for file in sorted(base.glob(relative)) if file.is_file() and syntax_of(file.name)]
        if matched:
            return matched
        raise ConfigError(f"{path}: no document is named so", hint=f"a pattern such as `paper/*{SUFFIXES[0]}`")
    raise ConfigError(f"{path}: no such file or folder", hint="name the documents that cite, or their folder")


def _skipped(part: str) -> bool:
    return part.startswith(".") or part in _SKIPPED


def _without_labels(found: Sequence[Document]) -> list[Document]:
    """Typst documents include each other: a label of one is no citation in another."""
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
