"""What is checked: the files, folders and documents on the command line as .bib files, by the configuration of each."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.cli.common.named_files import files_below
from refsync.cli.common.options import Citing, Common, print_ignored
from refsync.config import load_with_origins
from refsync.config_files import project_file
from refsync.errors import ConfigError
from refsync.records import Problem
from refsync.sources import STDIN, is_remote

if TYPE_CHECKING:
    from refsync.cites.documents import Document

SUFFIXES = (".bib", ".bibtex")
_ABOVE = 3  # folders in which a document's bibliography and main document are looked for


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Files with one configuration, which are checked together: their inputs, settings and documents that cite."""

    inputs: tuple[str, ...]
    common: Common
    citing: Citing


@dataclass(slots=True)
class _Named:
    """The .bib files that the inputs stand for, and the documents that cite them."""

    files: dict[str, None] = field(default_factory=dict)
    documents: dict[str, list[str]] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)


def file_groups(inputs: tuple[str, ...], common: Common, citing: Citing) -> tuple[list[FileGroup], list[Problem]]:
    """The files to check, grouped by the configuration nearest to each, and notes about inputs that name none.

    A folder stands for all .bib files in it and below, except in hidden and generated folders; a document for the
    bibliographies that it names, which it and what it includes cite.

    Raises:
        ConfigError: a folder has no .bib file.
    """
    named = _named_files(inputs)
    if common.config_path:
        by_config: dict[str, list[str]] = {"": [*named.files]} if named.files else {}
    else:
        by_config = {}
        for name in named.files:
            by_config.setdefault(str(project_file((name,)) or ""), []).append(name)
    groups = []
    for files in by_config.values():
        group = common
        if len(by_config) > 1 or files[0] not in inputs:
            loaded = load_with_origins(common.config_path, common.profile, near=files)
            if not common.quiet:
                print_ignored(loaded)
            group = replace(common, config=loaded.config)
        here = set(files)
        cited_by = [document for document, own in named.documents.items() if not here.isdisjoint(own)]
        paths = (*(citing.paths or group.config.cites), *cited_by) if cited_by else citing.paths
        groups.append(FileGroup(tuple(files), group, replace(citing, paths=tuple(dict.fromkeys(paths)))))
    return groups, named.notes


def _named_files(inputs: tuple[str, ...]) -> _Named:
    named, project = _Named(), _Documents()
    for name in inputs:
        if name != STDIN and not is_remote(name) and Path(name).is_dir():
            found = [str(path) for path in files_below(name, SUFFIXES)]
            if not found:
                raise ConfigError(f"{name}: no .bib file in this folder")
            named.files.update(dict.fromkeys(found))
        elif name != STDIN and not name.lower().endswith(SUFFIXES) and _is_document(name):
            _add_bibliographies(name, named, project)
        else:
            named.files[name] = None
    return named


def _is_document(name: str) -> bool:
    from refsync.cites import syntax_of

    return bool(syntax_of(name)) and Path(name).is_file()


def _add_bibliographies(name: str, named: _Named, project: "_Documents") -> None:
    """The bibliographies of a document, else of the main document that it belongs to, in its folder or above."""
    found = project.with_included([name])
    if not any(item.bibliography.files for item in found):
        found += [item for item in project.with_included(project.main_documents(name)) if item not in found]
    files = [file for item in found for file in _bibliographies(item)]
    if not files:
        named.notes.append(Problem(name, "names no .bib file, and neither does a document beside it", kind="note"))
        return
    named.files.update(dict.fromkeys(files))
    for item in found:
        named.documents.setdefault(item.source, []).extend(files)


@dataclass(slots=True)
class _Documents:
    """Documents that were read; each is read once, however many files of its folder are checked."""

    read: "dict[str, Document | None]" = field(default_factory=dict)
    naming: dict[Path, list[str]] = field(default_factory=dict)
    included: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def with_included(self, paths: Sequence[str]) -> "list[Document]":
        """Documents and those that they include, without those that cannot be read."""
        names = dict.fromkeys(found for path in paths for found in (path, *self._included_by(path)))
        return [document for name in names if (document := self._document(name))]

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
        from refsync.cites import syntax_of

        if folder not in self.naming:
            beside = [os.path.relpath(path) for path in sorted(folder.glob("*")) if syntax_of(path.name)]
            documents = [item for path in beside if Path(path).is_file() and (item := self._document(path))]
            self.naming[folder] = [item.source for item in documents if item.bibliography.files]
        return self.naming[folder]

    def _document(self, name: str) -> "Document | None":
        from refsync.cites import read_cites

        if name not in self.read:
            self.read[name] = next(iter(read_cites([name]).documents), None)
        return self.read[name]

    def _included_by(self, path: str) -> tuple[str, ...]:
        from refsync.cites.nearby import included_documents

        if path not in self.included:
            self.included[path] = tuple(map(str, included_documents(Path(path))))
        return self.included[path]


def _bibliographies(document: "Document") -> list[str]:
    """The files that a document names: beside it, or in a folder above; as named where there is no such file."""
    home = Path(document.source).parent
    found = []
    for written in document.bibliography.files:
        name = written if written.lower().endswith((*SUFFIXES, ".yml", ".yaml")) else f"{written}.bib"
        folders = (home, *(home / Path(*[".."] * count) for count in range(1, _ABOVE + 1)))
        path = next((folder / name for folder in folders if (folder / name).is_file()), home / name)
        if name.lower().endswith(SUFFIXES):
            found.append(os.path.normpath(path))
    return found
