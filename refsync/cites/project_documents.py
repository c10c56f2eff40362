"""The documents of a project and the bibliographies that they name, each document read once."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refsync.cites.documents import Document, read_cites
from refsync.cites.nearby import included_documents
from refsync.cites.scan import syntax_of
from refsync.formats.bibtex.format import FORMAT

_ABOVE = 3  # folders in which a document's bibliography and main document are looked for


@dataclass(slots=True)
class ProjectDocuments:
    """Documents that were read; each is read once, however many files of its folder are checked."""

    read: dict[str, Document | None] = field(default_factory=dict)
    naming: dict[Path, list[str]] = field(default_factory=dict)
    included: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def with_included(self, paths: Sequence[str]) -> list[Document]:
        """Documents and those that they include, without those that cannot be read."""
        names = dict.fromkeys(found for path in paths for found in (path, *self._included_by(path)))
        return [document for name in names if (document := self._document(name))]

    def with_main_document(self, name: str) -> list[Document]:
        """A document and those that it includes; if none names a bibliography, the main document that it is part of."""
        found = self.with_included([name])
        if not any(item.bibliography.files for item in found):
            found += [item for item in self.with_included(self.main_documents(name)) if item not in found]
        return found

    def main_documents(self, name: str) -> list[str]:
        """The documents that name a bibliography and include this one, else all that name one in the nearest folder."""
        home = Path(os.path.abspath(name)).parent
        target = Path(name).resolve()
        for folder in (home, *home.parents[:_ABOVE]):
            naming = self._naming(folder)
            including = [
                path for path in naming if any(Path(found).resolve() == target for found in self._included_by(path))
            ]
            if including or naming:
                return including or naming
        return []

    def _naming(self, folder: Path) -> list[str]:
        """The documents in a folder that name a bibliography."""
        if folder not in self.naming:
            beside = [os.path.relpath(path) for path in sorted(folder.glob("*")) if syntax_of(path.name)]
            documents = [item for path in beside if Path(path).is_file() and (item := self._document(path))]
            self.naming[folder] = [item.source for item in documents if item.bibliography.files]
        return self.naming[folder]

    def _document(self, name: str) -> Document | None:
        if name not in self.read:
            self.read[name] = next(iter(read_cites([name]).documents), None)
        return self.read[name]

    def _included_by(self, path: str) -> tuple[str, ...]:
        if path not in self.included:
            self.included[path] = tuple(map(str, included_documents(Path(path))))
        return self.included[path]


def bibliography_files(document: Document) -> list[str]:
    """The files that a document names: beside it, or in a folder above; as named where there is no such file."""
    home = Path(document.source).parent
    found = []
    for written in document.bibliography.files:
        name = written if written.lower().endswith((*FORMAT.suffixes, ".yml", ".yaml")) else f"{written}.bib"
        folders = (home, *(home / Path(*[".."] * count) for count in range(1, _ABOVE + 1)))
        path = next((folder / name for folder in folders if (folder / name).is_file()), home / name)
        if name.lower().endswith(FORMAT.suffixes):
            found.append(os.path.normpath(path))
    return found
