"""What is checked: the files, folders and documents on the command line as .bib files, by the configuration of each."""

import os
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
        cited_by = [document for document, own in named.documents.items() if set(own) & set(files)]
        paths = (*(citing.paths or group.config.cites), *cited_by) if cited_by else citing.paths
        groups.append(FileGroup(tuple(files), group, replace(citing, paths=tuple(dict.fromkeys(paths)))))
    return groups, named.notes


def _named_files(inputs: tuple[str, ...]) -> _Named:
    named = _Named()
    for name in inputs:
        if name != STDIN and not is_remote(name) and Path(name).is_dir():
            found = [str(path) for path in files_below(name, SUFFIXES)]
            if not found:
                raise ConfigError(f"{name}: no .bib file in this folder")
            named.files.update(dict.fromkeys(found))
        elif name != STDIN and not name.lower().endswith(SUFFIXES) and _is_document(name):
            _add_bibliographies(name, named)
        else:
            named.files[name] = None
    return named


def _is_document(name: str) -> bool:
    from refsync.cites import syntax_of

    return bool(syntax_of(name)) and Path(name).is_file()


def _add_bibliographies(name: str, named: _Named) -> None:
    """The bibliographies of a document, else of the main document that it belongs to, in its folder or above."""
    from refsync.cites import read_cites

    documents = {document.source: document for document in read_cites(_with_included([name])).documents}
    if not any(item.bibliography.files for item in documents.values()):
        main = _main_documents(name)
        documents |= {document.source: document for document in read_cites(_with_included(main)).documents}
    files = [file for item in documents.values() for file in _bibliographies(item)]
    if not files:
        named.notes.append(Problem(name, "names no .bib file, and neither does a document beside it", kind="note"))
        return
    named.files.update(dict.fromkeys(files))
    for source in documents:
        named.documents.setdefault(source, []).extend(files)


def _with_included(paths: list[str]) -> list[str]:
    from refsync.cites.nearby import included_documents

    return [*dict.fromkeys(str(found) for path in paths for found in (path, *included_documents(Path(path))))]


def _main_documents(name: str) -> list[str]:
    """The documents that name a bibliography and include this one, else all that name one in the nearest folder."""
    from refsync.cites import read_cites, syntax_of
    from refsync.cites.nearby import included_documents

    home = Path(os.path.abspath(name)).parent
    for folder in (home, *home.parents[:_ABOVE]):
        beside = [os.path.relpath(path) for path in sorted(folder.glob("*")) if syntax_of(path.name) and path.is_file()]
        naming = [item.source for item in read_cites(beside).documents if item.bibliography.files] if beside else []
        target = Path(name).resolve()
        including = [
            path for path in naming if any(found.resolve() == target for found in included_documents(Path(path)))
        ]
        if including or naming:
            return including or naming
    return []


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
