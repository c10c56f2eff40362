r"""The documents beside .bib files: those in the same folder, and what they include.

They are read to learn which paper a key stands for and which keys are in use; refsync never changes them.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from refsync.cites.bibliographies import bibliography_of
from refsync.cites.scan import syntax_of

MOST_FILES = 200
MOST_BYTES = 5_000_000
"""Of one document; larger ones are left out, as are documents beyond the first `MOST_FILES` of a folder."""

_INCLUDES = re.compile(r"\\(?:input|include|subfile)\s*\{([^{}\\%]{1,500})\}")


def documents_beside(sources: Sequence[str]) -> list[str]:
    """The documents in the folders of these files, those that they include, and those one folder above that name them.

    Args:
        sources: the .bib files that are read.
    """
    files = [path for path in map(Path, sources) if path.is_file()]
    found: dict[Path, str] = {}
    for folder in dict.fromkeys(path.parent for path in files):
        for document in _in_folder(folder):
            found.setdefault(document.resolve(), str(document))
            for included in included_documents(document):
                found.setdefault(included.resolve(), str(included))
    resolved = {path.resolve() for path in files}
    for folder in dict.fromkeys(path.parent.resolve().parent for path in files):
        for document in _in_folder(folder) if folder not in {path.parent.resolve() for path in files} else ():
            if document.resolve() not in found and resolved & _named(document):
                found.setdefault(document.resolve(), str(document))
                for included in included_documents(document):
                    found.setdefault(included.resolve(), str(included))
    return [*found.values()]


def _in_folder(folder: Path) -> list[Path]:
    try:
        inside = sorted(path for path in folder.iterdir() if syntax_of(path.name) and _is_readable(path))
    except OSError:
        return []
    return inside[:MOST_FILES]


def _is_readable(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size <= MOST_BYTES
    except OSError:
        return False


def included_documents(document: Path) -> Iterator[Path]:
    """The documents below its folder that a LaTeX document includes, directly or through others."""
    base = document.parent
    waiting, seen = [document], {document.resolve()}
    while waiting and len(seen) < MOST_FILES:
        current = waiting.pop()
        for name in _INCLUDES.findall(_text(current)) if syntax_of(current.name) == "tex" else ():
            path = base / name.strip()
            path = path if syntax_of(path.name) else path.with_name(f"{path.name}.tex")
            if _is_readable(path) and path.resolve() not in seen and path.resolve().is_relative_to(base.resolve()):
                seen.add(path.resolve())
                waiting.append(path)
                yield path


def _named(document: Path) -> set[Path]:
    """The .bib files that a document names as its bibliography."""
    files = bibliography_of(_text(document), syntax_of(document.name)).files
    return {(document.parent / (name if name.endswith(".bib") else f"{name}.bib")).resolve() for name in files}


def _text(path: Path) -> str:
    """The text of a document, for looking into it; characters that are not UTF-8 are replaced."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
