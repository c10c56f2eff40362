"""Values of the Language Server Protocol from ours, and back."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from refsync.check.findings import Finding
from refsync.formats.bibtex.edit import Edit
from refsync.lsp.change_sets import FileChange
from refsync.lsp.citing import UnknownCitation
from refsync.lsp.library import relative
from refsync.lsp.live_file import LiveFile
from refsync.lsp.positions import Lines, Place, Unit
from refsync.lsp.session import Session
from refsync.lsp.symbols import Symbol
from refsync.records import Problem
from refsync.text.printable import printable

SOURCE = "refsync"
_SEVERITY = {"error": types.DiagnosticSeverity.Error, "note": types.DiagnosticSeverity.Information}
_CONFIRM = "refsync"


def source_of(uri: str) -> str:
    """The path that messages show for a file; that of an unsaved file is the last part of its address."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return relative(path) if path else uri.rpartition("/")[2].rpartition(":")[2]


def uri_of(source: str, session: Session) -> str:
    """The address of a file, as the editor wrote it if it is open there."""
    if file := session.files.get(source):
        return file.uri
    uri: str = from_fs_path(os.path.abspath(source))
    return uri


def place_of(position: types.Position) -> Place:
    """A position."""
    return Place(position.line, position.character)


def position_at(lines: Lines, offset: int) -> types.Position:
    """The position of an offset."""
    line, column = lines.place(offset)
    return types.Position(line, column)


def range_of(lines: Lines, start: int, end: int) -> types.Range:
    """The range between two offsets."""
    return types.Range(position_at(lines, start), position_at(lines, end))


def diagnostics_of(live: LiveFile, session: Session) -> list[types.Diagnostic]:
    """The findings of a .bib file."""
    return [
        types.Diagnostic(
            range=range_of(live.lines, item.start, item.end),
            message=message_of(item.finding),
            severity=_SEVERITY[item.finding.rule.severity],
            code=item.finding.code,
            source=SOURCE,
            related_information=_related(item.finding, session) or None,
        )
        for item in live.located
    ]


def message_of(finding: Finding) -> str:
    """The message of a finding."""
    name = f"{finding.key!r} " if finding.key else ""
    return printable(f"{name}{finding.message}")


def _related(finding: Finding, session: Session) -> list[types.DiagnosticRelatedInformation]:
    """The other entries that a finding is about."""
    found = []
    for source, line in finding.others:
        at = types.Position(max(line - 1, 0), 0)
        location = types.Location(uri_of(source, session), types.Range(at, at))
        found.append(types.DiagnosticRelatedInformation(location, "the other entry"))
    return found


def citation_diagnostics(lines: Lines, unknown: Iterable[UnknownCitation]) -> list[types.Diagnostic]:
    """The citations of keys that no entry has."""
    return [
        types.Diagnostic(
            range=range_of(lines, item.start, item.end),
            message=item.message,
            severity=types.DiagnosticSeverity.Error,
            code="RS204",
            source=SOURCE,
        )
        for item in unknown
    ]


def problem_diagnostics(problems: Iterable[Problem], source: str, lines: Lines) -> list[types.Diagnostic]:
    """What kept a check from being complete, at its line if it is in this file, else at the first line."""
    found = []
    for item in problems:
        line = item.line - 1 if item.source == source and item.line else 0
        start = types.Position(line, 0)
        message = item.message if item.source == source else str(item)
        severity = types.DiagnosticSeverity.Error if item.fatal else types.DiagnosticSeverity.Information
        end = position_at(lines, lines.line_end(lines.offset(Place(line, 0))))
        found.append(types.Diagnostic(types.Range(start, end), printable(message), severity, source=SOURCE))
    return found


def text_edits(lines: Lines, edits: Sequence[Edit]) -> list[types.TextEdit]:
    """Edits of one text."""
    return [types.TextEdit(range_of(lines, edit.start, edit.end), edit.new) for edit in edits]


def fixes_together(edits: Iterable[Edit]) -> list[Edit]:
    """Edits without overlaps: of two that overlap the first, the other is applied the next time."""
    applied: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not applied or edit.start >= applied[-1].end:
            applied.append(edit)
    return applied


def workspace_edit(
    changes: Mapping[str, FileChange], session: Session, capabilities: types.ClientCapabilities, label: str = ""
) -> types.WorkspaceEdit:
    """Edits of several files; with a label the editor shows them first, if it can."""
    can = capabilities.workspace.workspace_edit if capabilities.workspace else None
    by_uri = {
        uri_of(source, session): (source, text_edits(Lines(change.text, session.unit), change.edits))
        for source, change in changes.items()
    }
    if not can or not can.document_changes:
        return types.WorkspaceEdit(changes={uri: edits for uri, (_, edits) in by_uri.items()})
    confirm = bool(label and can.change_annotation_support)
    documents = []
    for uri, (source, edits) in by_uri.items():
        file = session.files.get(source)
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri, file.version if file else None)
        shown: Sequence[types.TextEdit | types.AnnotatedTextEdit] = (
            [types.AnnotatedTextEdit(_CONFIRM, edit.range, edit.new_text) for edit in edits] if confirm else edits
        )
        documents.append(types.TextDocumentEdit(identifier, [*shown]))
    annotations = {_CONFIRM: types.ChangeAnnotation(label, needs_confirmation=True)} if confirm else None
    return types.WorkspaceEdit(document_changes=documents, change_annotations=annotations)


def document_symbols(lines: Lines, found: Iterable[Symbol]) -> list[types.DocumentSymbol]:
    """The outline."""
    return [
        types.DocumentSymbol(
            name=item.name,
            detail=item.detail,
            kind=types.SymbolKind.Class if item.is_entry else types.SymbolKind.Constant,
            range=range_of(lines, item.start, item.end),
            selection_range=range_of(lines, item.name_start, item.name_end),
        )
        for item in found
    ]


def unit_of(encoding: str | None) -> Unit:
    """The unit of columns that editor and server agreed upon."""
    return "utf-8" if encoding == "utf-8" else "utf-32" if encoding == "utf-32" else "utf-16"


def enter_folder(params: types.InitializeParams) -> None:
    """Make the editor's folder the working directory, which paths in messages and settings are relative to."""
    folders = params.workspace_folders or []
    uri = folders[0].uri if folders else params.root_uri
    path = to_fs_path(uri) if uri else params.root_path
    if path and Path(path).is_dir():
        os.chdir(path)
