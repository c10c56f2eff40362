"""What is checked: the files, folders and documents on the command line as .bib files, by the configuration of each."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.cli.common.named_files import files_below
from refsync.cli.common.options import Common, print_ignored
from refsync.config import load_with_origins
from refsync.config_files import project_file
from refsync.errors import ConfigError
from refsync.formats.bibtex.format import FORMAT
from refsync.in_place.citing import Citing
from refsync.records import Problem
from refsync.sources import STDIN, is_remote

if TYPE_CHECKING:  # files need no scanners of documents
    from refsync.cites.project_documents import ProjectDocuments


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
    named, project = _Named(), None
    for name in inputs:
        if name != STDIN and not is_remote(name) and Path(name).is_dir():
            found = [str(path) for path in files_below(name, FORMAT.suffixes)]
            if not found:
                raise ConfigError(f"{name}: no .bib file in this folder")
            named.files.update(dict.fromkeys(found))
        elif name != STDIN and not name.lower().endswith(FORMAT.suffixes) and _is_document(name):
            project = _add_bibliographies(name, named, project)
        else:
            named.files[name] = None
    return named


def _is_document(name: str) -> bool:
    from refsync.cites import syntax_of

    return bool(syntax_of(name)) and Path(name).is_file()


def _add_bibliographies(name: str, named: _Named, project: "ProjectDocuments | None") -> "ProjectDocuments":
    """The bibliographies of a document, else of the main document that it belongs to, in its folder or above."""
    from refsync.cites.project_documents import ProjectDocuments, bibliography_files

    project = project or ProjectDocuments()
    found = project.with_main_document(name)
    files = [file for item in found for file in bibliography_files(item)]
    if not files:
        named.notes.append(Problem(name, "names no .bib file, and neither does a document beside it", kind="note"))
        return project
    named.files.update(dict.fromkeys(files))
    for item in found:
        named.documents.setdefault(item.source, []).extend(files)
    return project
