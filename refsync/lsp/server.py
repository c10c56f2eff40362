"""The server: messages of the Language Server Protocol to the session and back, over standard input and output."""

import asyncio
import functools
import gc
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from refsync._version import __version__
from refsync.cites.scan import syntax_of
from refsync.config import load_config
from refsync.errors import RefsyncError
from refsync.lsp import actions
from refsync.lsp.answers import Answer, write_answer
from refsync.lsp.change_sets import rename_entry
from refsync.lsp.conversion import (
    citation_diagnostics,
    diagnostics_of,
    document_symbols,
    enter_folder,
    place_of,
    problem_diagnostics,
    range_of,
    source_of,
    text_edits,
    unit_of,
    workspace_edit,
)
from refsync.lsp.entries import record_named, reference
from refsync.lsp.formatting import format_edits
from refsync.lsp.hover import entry_text
from refsync.lsp.library import CheckedLibrary, is_bibliography
from refsync.lsp.session import Inputs, OpenState, Session, SupersededError, required
from refsync.lsp.symbols import symbols
from refsync.records import Problem
from refsync.text.printable import printable

CHECKED = "$/refsync/checked"
"""A notification after each check, which editors may ignore: the address of a file and its version."""

PAUSE = 0.3
"""Seconds without a keystroke before the library is checked again."""

_SWITCH = 0.0005  # seconds after which a check in the background lets a keystroke through; by default ten times that

R = TypeVar("R")


class _Protocol(LanguageServerProtocol):
    """Texts are kept by the session: it knows what a change leaves as it is, and which characters end a line."""

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Iterator[Any]:
        handler = self.fm.features.get(types.TEXT_DOCUMENT_DID_CHANGE)
        if handler is not None:
            yield handler, (params,), None


class Server(LanguageServer):
    """The server of one editor."""

    def __init__(self) -> None:
        super().__init__("refsync", __version__, protocol_cls=_Protocol)
        self.session = Session()
        self._worker = ThreadPoolExecutor(1, "refsync-check")
        self._to_check: dict[str, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._running: Future[list[str]] | None = None
        self._failures: dict[str, str] = {}

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log an error; the server continues."""
        self.log(f"{type(error).__name__}: {error}")

    def log(self, message: str) -> None:
        """A line for the editor's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, printable(message)))

    def show(self, message: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """A message for the person."""
        self.window_show_message(types.ShowMessageParams(kind, printable(message)))

    def schedule(self, *sources: str, pause: float = PAUSE) -> None:
        """Check the libraries of these files after a pause without changes."""
        self._to_check.update(dict.fromkeys(sources))
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(pause, self._start)

    def _start(self) -> None:
        """Check what is to be checked, outside of the main thread; one check at a time."""
        if not self._to_check or (self._running and not self._running.done()):
            return
        sources = [source for source in self._to_check if source in self.session.files]
        self._to_check.clear()
        state, loop = self.session.state(), asyncio.get_running_loop()
        self._running = self._worker.submit(self._check, sources, state, loop)
        self._running.add_done_callback(lambda done: loop.call_soon_threadsafe(self._finished, done))

    def _check(self, sources: Sequence[str], state: OpenState, loop: asyncio.AbstractEventLoop) -> list[str]:
        """Check the libraries of these files; returns those that were not checked, because a text changed."""
        groups: dict[Inputs, list[str]] = {}
        for source in state.texts:  # of the files that were not changed, what they belong to is known already
            try:
                groups.setdefault(self.session.inputs_of(source, state.texts), []).append(source)
            except RefsyncError as error:
                loop.call_soon_threadsafe(self._fail, [source], str(error))
        affected = [(inputs, own) for inputs, own in groups.items() if not set(own).isdisjoint(sources)]
        for number, (inputs, own) in enumerate(affected):

            def publish(library: CheckedLibrary, own: Sequence[str] = own) -> None:
                loop.call_soon_threadsafe(self._take, library, state, own)

            try:
                if inputs:
                    publish(self.session.check(inputs, state, publish))
                loop.call_soon_threadsafe(self._succeed, own, state, bool(inputs))
            except SupersededError:
                return [source for _, left in affected[number:] for source in left]
            except RefsyncError as error:
                loop.call_soon_threadsafe(self._fail, own, str(error))
        return []

    def _finished(self, done: "Future[list[str]]") -> None:
        gc.freeze()  # what a check leaves stays until the next one; to traverse it would delay keystrokes
        if (error := done.exception()) is not None:
            self.log(f"the check failed: {type(error).__name__}: {error}")
        elif left := done.result():
            self._to_check.update(dict.fromkeys(left))
        if self._to_check and (self._timer is None or self._timer.when() <= asyncio.get_running_loop().time()):
            self._start()

    def _take(self, library: CheckedLibrary, state: OpenState, own: Sequence[str]) -> None:
        """Publish the result of a check, in the open files that belong to the library."""
        self.session.take(library, state, own)
        for source in own:
            self.publish(source)
            if library.complete:
                self._report_checked(source, state)

    def _succeed(self, own: Sequence[str], state: OpenState, has_library: bool) -> None:
        """Files could be checked, or there is nothing to check: a document that names no bibliography."""
        for source in own:
            if self._failures.pop(source, "") or not has_library:
                self.publish(source)
            if not has_library:
                self._report_checked(source, state)

    def _fail(self, own: Sequence[str], message: str) -> None:
        """Publish why files cannot be checked."""
        for source in own:
            self._failures[source] = message
            self.publish(source)
            self._report_checked(source, self.session.state())

    def _report_checked(self, source: str, state: OpenState) -> None:
        """Report that a check of the version in this state is finished."""
        if (file := self.session.files.get(source)) and source in state.versions:
            self.protocol.notify(CHECKED, {"uri": file.uri, "version": state.versions[source]})

    def publish(self, source: str) -> None:
        """Send the diagnostics of an open file as they are known now."""
        session = self.session
        file = session.files.get(source)
        if file is None:
            return
        live, library = session.live.get(source), session.library_of(source)
        problems = [*library.problems] if library else []
        if failure := self._failures.get(source):
            problems.append(Problem(source, failure, fatal=True))
        found = problem_diagnostics(problems, source, file.lines)
        if live:
            found += diagnostics_of(live, session)
        else:
            found += citation_diagnostics(file.lines, session.unknown_citations(source))
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(file.uri, found, file.version))


def _answered(handler: Callable[..., Awaitable[R]]) -> Callable[..., Awaitable[R | None]]:
    """A request that fails for a reason that the person can act on shows it; the answer is then empty."""

    @functools.wraps(handler)
    async def call(server: Server, *arguments: Any) -> R | None:
        try:
            return await handler(server, *arguments)
        except RefsyncError as error:
            server.show(str(error))
            return None

    return call


def serve() -> None:
    """Serve one editor over standard input and output, until it ends the server or is gone."""
    sys.setswitchinterval(_SWITCH)
    make_server().start_io()


def make_server() -> Server:
    """The server with all its features."""
    server = Server()
    _register_texts(server)
    _register_reading(server)
    _register_changes(server)
    return server


def _register_texts(server: Server) -> None:
    """What an editor reports about its texts."""

    @server.feature(types.INITIALIZE)
    def initialize(ls: Server, params: types.InitializeParams) -> None:
        enter_folder(params)
        ls.session = Session(unit_of(ls.workspace.position_encoding))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        source = source_of(document.uri)
        if is_bibliography(source) or syntax_of(source):
            ls.session.open(source, document.uri, document.version, document.text)
            ls.schedule(source, pause=0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        source, version = source_of(params.text_document.uri), params.text_document.version
        if source not in ls.session.files:
            return
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = place_of(change.range.start), place_of(change.range.end)
                ls.session.change(source, version, start, end, change.text)
            else:
                ls.session.open(source, params.text_document.uri, version, change.text)
        ls.publish(source)
        ls.schedule(source)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: Server, _: types.DidSaveTextDocumentParams) -> None:
        ls.session.forget_structure()
        ls.schedule(*ls.session.files)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        source = source_of(params.text_document.uri)
        if source in ls.session.files:
            ls.session.close(source)
            ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))
            ls.schedule(*ls.session.files)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(ls: Server, _: types.DidChangeWatchedFilesParams) -> None:
        ls.session.forget_structure()
        ls.schedule(*ls.session.files)


def _register_reading(server: Server) -> None:
    """What changes nothing: hover, outline."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    @_answered
    async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
        session, source = ls.session, source_of(params.text_document.uri)
        library = session.library_of(source)
        if library is None:
            return None
        live = session.live.get(source)
        if live:
            key = actions.entry_at(session, source, params.position)
            index = record_named(library, key, source) if key else None
            at = live.lines.offset(place_of(params.position))
            here = tuple(item for item in live.located if item.start <= at <= item.end)
            text = "" if index is None else await asyncio.to_thread(entry_text, library, index, here)
        else:
            found = actions.key_at(session, source, params.position)
            index = record_named(library, found[0]) if found else None
            text = "" if index is None else reference(library.records[index])
        content = types.MarkupContent(types.MarkupKind.PlainText, text)
        return types.Hover(content) if text else None

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outline(ls: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        live = ls.session.live.get(source_of(params.text_document.uri))
        return document_symbols(live.lines, symbols(live.text, live.spans.all)) if live else []


def _register_changes(server: Server) -> None:
    """What changes texts, or the file of decisions."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=actions.KINDS, resolve_provider=True)
    )
    @_answered
    async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        source = source_of(params.text_document.uri)
        return await asyncio.to_thread(actions.code_actions, ls.session, source, params, ls.client_capabilities)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
        uri = action.data.get("uri") if isinstance(action.data, dict) else None
        if not isinstance(uri, str):
            return action
        try:
            return await asyncio.to_thread(actions.resolve_merge, ls.session, uri, action, ls.client_capabilities)
        except RefsyncError as error:
            ls.show(str(error))
            return action

    @server.command(actions.ANSWER)
    @_answered
    async def answer(ls: Server, *arguments: Any) -> None:
        given = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else list(arguments)
        if len(given) != 4 or not isinstance(given[0], str):
            raise RefsyncError("not an answer", hint="the command needs a file, the answer and two fingerprints")
        source = source_of(given[0])
        library = required(ls.session.library_of(source))
        answer = Answer.parse(*given[1:])
        path = await asyncio.to_thread(write_answer, library, answer)
        ls.show(f"remembered in {path}", types.MessageType.Info)
        ls.schedule(*ls.session.files, pause=0)

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare_rename(ls: Server, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        source = source_of(params.text_document.uri)
        found = actions.key_at(ls.session, source, params.position)
        if not found:
            return None
        key, start, end = found
        return types.PrepareRenamePlaceholder(range_of(ls.session.files[source].lines, start, end), key)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    @_answered
    async def rename(ls: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
        session, source = ls.session, source_of(params.text_document.uri)
        found = actions.key_at(session, source, params.position)
        if not found:
            return None
        state = session.state()

        def changes() -> types.WorkspaceEdit:
            library = required(session.fresh_library(source, state))
            documents = session.documents_of(library, state)
            return workspace_edit(
                rename_entry(library, found[0], params.new_name, documents), session, ls.client_capabilities
            )

        return await asyncio.to_thread(changes)

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    @_answered
    async def formatting(ls: Server, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        source = source_of(params.text_document.uri)
        live = ls.session.live.get(source)
        if live is None:
            return None
        settings = load_config(near=[source]).format
        edits = await asyncio.to_thread(format_edits, source, live.text, settings)
        return text_edits(live.lines, edits)
