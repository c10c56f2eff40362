"""The scope of a check: which of the files are read by one document. Finds documents by itself where none are named."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.check.findings import Finding
from refsync.check.scope import Scope
from refsync.check.settings import ScopeKind
from refsync.config_files import FILE_NAMES
from refsync.sources import STDIN

if TYPE_CHECKING:
    from refsync.cites import Cites
    from refsync.cites.documents import Document

_ROOT_MARKS = (".git", ".hg", *FILE_NAMES)
_SKIPPED = frozenset({"node_modules", "_build", "_site", "__pycache__", "venv", "build", "dist"})
MOST_ENTRIES = 20_000  # of folders that are searched for documents
MOST_BYTES = 50_000_000  # of documents that are read
LARGEST = 5_000_000  # bytes of one document


def scope_of(sources: Sequence[str], library: Sequence[str], kind: ScopeKind, cites: "Cites | None") -> Scope:
    """Which of the files belong together.

    Args:
        sources: the files.
        library: those of them that the configuration declares.
        kind: the setting.
        cites: the documents that were named; None to search for documents in the project.
    """
    files = [source for source in sources if source != STDIN]
    if kind != "document" or len(files) < 2:
        return Scope(kind=kind, library=frozenset(library))
    from refsync.cites import documents_naming

    documents = cites.documents if cites else documents_of_project(files)
    return Scope(kind=kind, documents=documents_naming(documents, files), library=frozenset(library))


def without_cited_elsewhere(findings: Sequence[Finding], cites: "Cites") -> list[Finding]:
    """The findings without RS205 about entries that another document of the project cites, which names their file.

    A hook passes only the documents that a commit changes.
    """
    from refsync.cites import documents_naming
    from refsync.cites.token import EVERYTHING

    files = list(dict.fromkeys(item.source for item in findings if item.code == "RS205" and item.source != STDIN))
    read = {Path(document.source).resolve() for document in cites.all_documents}
    others = [item for item in documents_of_project(files) if Path(item.source).resolve() not in read] if files else []
    naming = documents_naming(others, files)
    keys_of = {item.source: {cite.key for cite in item.cites} for item in others}
    cited = {file: set().union(*(keys_of[document] for document in naming.get(file, ()))) for file in files}
    return [
        item
        for item in findings
        if item.code != "RS205" or cited.get(item.source, set()).isdisjoint((item.key, EVERYTHING))
    ]


def documents_of_project(files: Sequence[str]) -> "list[Document]":
    """The documents in the project that the files are part of: a repository, or the folder of a configuration.

    Outside of a project these are the documents in the files' own folders. Documents that cannot be read are left out.
    """
    from refsync.cites import read_cites

    paths: list[str] = []
    entries = size = 0
    for root, recursive in _roots(files):
        for path in _document_paths(root, recursive=recursive):
            entries += 1
            if entries > MOST_ENTRIES:
                break
            if path is None:
                continue
            try:
                length = path.stat().st_size
            except OSError:
                continue
            if length <= LARGEST and size + length <= MOST_BYTES:
                size += length
                paths.append(str(path))
    return [*read_cites(paths).documents] if paths else []


def _roots(files: Sequence[str]) -> dict[tuple[Path, bool], None]:
    roots: dict[tuple[Path, bool], None] = {}
    for source in files:
        folder = Path(source).resolve().parent
        home = Path.home()
        root = next(
            (
                at
                for at in (folder, *folder.parents)
                if at != home and any((at / mark).exists() for mark in _ROOT_MARKS)
            ),
            None,
        )
        roots[(root, True) if root else (folder, False)] = None
    return roots


def _document_paths(root: Path, *, recursive: bool) -> Iterator[Path | None]:
    """The documents below a folder, and None for each other file."""
    from refsync.cites import syntax_of

    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if recursive and name[0] != "." and name not in _SKIPPED)
        for name in sorted(names):
            yield Path(folder, name) if syntax_of(name) else None
