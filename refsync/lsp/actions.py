"""Code actions: fixes of findings, merging two entries, answers about them, other keys for a citation."""

from collections.abc import Iterator

from lsprotocol import types

from refsync.cites.scan import SYNTAXES
from refsync.errors import RefsyncError
from refsync.lsp.answers import Answer, AnswerKind
from refsync.lsp.change_sets import FileChange, merge_entries, preferred_survivor
from refsync.lsp.conversion import (
    citation_diagnostics,
    diagnostics_of,
    fixes_together,
    place_of,
    source_of,
    text_edits,
    workspace_edit,
)
from refsync.lsp.entries import is_editable, mates, record_at, shown_key
from refsync.lsp.library import CheckedLibrary
from refsync.lsp.live_file import LiveFile
from refsync.lsp.session import Session, is_up_to_date, required
from refsync.lsp.symbols import symbols
from refsync.text.printable import printable

ANSWER = "refsync.answer"
FIX_ALL = "source.fixAll.refsync"
MERGE = "refactor.merge"
KINDS: list[types.CodeActionKind | str] = [types.CodeActionKind.QuickFix, MERGE, FIX_ALL]
_ANSWERS: tuple[tuple[AnswerKind, str], ...] = (
    ("same", "{one!r} and {other!r} are the same paper: remember"),
    ("not-duplicate", "{one!r} and {other!r} are different papers: remember"),
    ("version-of", "{one!r} and {other!r} are versions of one work: remember"),
)


def code_actions(
    session: Session, source: str, params: types.CodeActionParams, capabilities: types.ClientCapabilities
) -> list[types.CodeAction]:
    """The actions for a stretch of an open file."""
    live = session.live.get(source)
    found = _in_bibliography(session, live, params, capabilities) if live else _in_document(session, source, params)
    only = params.context.only
    if only is None:
        return [item for item in found if item.kind != FIX_ALL]
    return [item for item in found if any(_is_kind(item.kind, wanted) for wanted in only)]


def _is_kind(kind: str | None, wanted: str) -> bool:
    return kind is not None and (kind == wanted or kind.startswith(f"{wanted}."))


def _in_bibliography(
    session: Session, live: LiveFile, params: types.CodeActionParams, capabilities: types.ClientCapabilities
) -> Iterator[types.CodeAction]:
    uri, lines = params.text_document.uri, live.lines
    start, end = lines.offset(place_of(params.range.start)), lines.offset(place_of(params.range.end))
    for item, diagnostic in zip(live.located, diagnostics_of(live, session), strict=True):
        if item.start <= end and item.end >= start and item.finding.edits:
            change = {live.source: FileChange(live.text, item.finding.edits)}
            yield types.CodeAction(
                title=printable(f"Fix {item.finding.code}: {item.finding.rule.title}"),
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                is_preferred=True,
                edit=workspace_edit(change, session, capabilities),
            )
    if all_edits := fixes_together(edit for item in live.located for edit in item.finding.edits):
        edit = types.WorkspaceEdit(changes={uri: text_edits(lines, all_edits)})
        yield types.CodeAction(title="Fix all that refsync can fix", kind=FIX_ALL, edit=edit)
    library = session.library_of(live.source)
    span = live.spans.at(start)
    if library and span and live.merges_valid:
        index = record_at(library, live.source, lines.place(span.start).line + 1)
        if index is not None and span.kind == "entry":
            yield from _about_duplicates(session, library, index, params, capabilities)


def _about_duplicates(
    session: Session,
    library: CheckedLibrary,
    index: int,
    params: types.CodeActionParams,
    capabilities: types.ClientCapabilities,
) -> Iterator[types.CodeAction]:
    uri, record = params.text_document.uri, library.records[index]
    duplicates = [item for item in params.context.diagnostics if (item.code or "") in ("RS101", "RS102", "RS103")]
    for mate in mates(library, index):
        other = library.records[mate.index]
        one, two = shown_key(record, [other]), shown_key(other, [record])
        if mate.kind != "version" and is_editable(library, index) and is_editable(library, mate.index):
            documents = session.documents_of(library, session.state(), read_again=False)
            survivor = preferred_survivor(library, (index, mate.index), documents)
            for kept, gone in ((mate.index, index), (index, mate.index)):
                into, merged = (two, one) if kept == mate.index else (one, two)
                action = types.CodeAction(
                    title=f"Merge {merged!r} into {into!r}",
                    kind=types.CodeActionKind.QuickFix if duplicates else MERGE,
                    diagnostics=duplicates or None,
                    is_preferred=True if mate.kind == "same" and kept == survivor else None,
                    data={"uri": uri, "survivor": kept, "other": gone, "keys": _names(library, kept, gone)},
                )
                can_resolve = _can_resolve(capabilities)
                yield action if can_resolve else resolve_merge(session, params.text_document.uri, action, capabilities)
        for kind, title in _ANSWERS:
            if (kind == "same" and mate.kind == "same") or (kind == "version-of" and mate.kind == "version"):
                continue
            answer = Answer.about(library, kind, index, mate.index)
            text = title.format(one=one, other=two)
            arguments = [uri, answer.kind, answer.one, answer.other]
            yield types.CodeAction(
                title=text,
                kind=types.CodeActionKind.QuickFix,
                command=types.Command(title=text, command=ANSWER, arguments=arguments),
            )


def _can_resolve(capabilities: types.ClientCapabilities) -> bool:
    """Whether the editor asks for the edit of an action when it is chosen."""
    about = capabilities.text_document.code_action if capabilities.text_document else None
    support = about.resolve_support if about else None
    return bool(support and "edit" in support.properties and about and about.data_support)


def _names(library: CheckedLibrary, *indices: int) -> list[str]:
    return [f"{library.records[i].source}:{library.records[i].id}" for i in indices]


def resolve_merge(
    session: Session, source_uri: str, action: types.CodeAction, capabilities: types.ClientCapabilities
) -> types.CodeAction:
    """The action with the edits that merge two entries; disabled with the reason where they cannot be merged.

    Raises:
        RefsyncError: the entries were changed meanwhile.
    """
    data = action.data if isinstance(action.data, dict) else {}
    state = session.state()
    library = required(session.library_of(source_of(source_uri)))
    survivor, other = data.get("survivor"), data.get("other")
    if (
        not isinstance(survivor, int)
        or not isinstance(other, int)
        or not 0 <= min(survivor, other) <= max(survivor, other) < len(library.records)
        or _names(library, survivor, other) != data.get("keys")
        or not is_up_to_date(library, state)
    ):
        raise RefsyncError("the entries were changed meanwhile", hint="nothing was merged; try again in a moment")
    try:
        changes = merge_entries(library, survivor, other, session.documents_of(library, state))
    except RefsyncError as error:
        action.disabled = types.CodeActionDisabled(printable(str(error)))
        return action
    action.edit = workspace_edit(changes, session, capabilities, action.title)
    return action


def _in_document(session: Session, source: str, params: types.CodeActionParams) -> Iterator[types.CodeAction]:
    """Other keys for the citations of keys that no entry has."""
    file = session.files.get(source)
    if file is None:
        return
    lines = file.lines
    start, end = lines.offset(place_of(params.range.start)), lines.offset(place_of(params.range.end))
    unknown = session.unknown_citations(source)
    document = session.document(source)
    for item, diagnostic in zip(unknown, citation_diagnostics(lines, unknown), strict=True):
        if document is None or item.start > end or item.end < start:
            continue
        for number, key in enumerate(item.meant):
            written = _spelled(document.syntax, lines.text, item.start, item.end, key)
            if written is None:
                continue
            edit = types.TextEdit(diagnostic.range, written)
            yield types.CodeAction(
                title=f"Cite {printable(key)!r}",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                is_preferred=number == 0 or None,
                edit=types.WorkspaceEdit(changes={params.text_document.uri: [edit]}),
            )


def _spelled(syntax: str, text: str, start: int, end: int, key: str) -> str | None:
    """How a document writes another key at a citation; None where it cannot."""
    form = SYNTAXES[syntax]
    token = next((item for item in form.find(text) if (item.start, item.end) == (start, end)), None)
    return form.spelled(token, key) if token else None


def key_at(session: Session, source: str, position: types.Position) -> tuple[str, int, int] | None:
    """The citation key at a position with its span: of an entry, or of a citation in a document."""
    file = session.files.get(source)
    if file is None:
        return None
    at = file.lines.offset(place_of(position))
    if live := session.live.get(source):
        span = live.spans.at(at)
        for item in symbols(live.text, (span,)) if span else ():
            key = live.text[item.name_start : item.name_end]
            if item.is_entry and item.name_start <= at <= item.name_end:
                return key, item.name_start, item.name_end
        return None
    document = session.document(source)
    for cite in document.cites if document else ():
        if cite.start <= at <= cite.end:
            return cite.key, cite.start, cite.end
    return None


def entry_at(session: Session, source: str, position: types.Position) -> str | None:
    """The key of the entry that a position is in."""
    live = session.live.get(source)
    span = live.spans.at(live.lines.offset(place_of(position))) if live else None
    if live is None or span is None:
        return None
    return next((live.text[i.name_start : i.name_end] for i in symbols(live.text, (span,)) if i.is_entry), None)
