"""An editor for tests: pygls's client, which talks to a server in a thread, or starts `refsync lsp` as editors do."""

import ast
import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.uris import to_fs_path

from refsync.lsp.positions import Lines, Place, Unit
from refsync.lsp.server import CHECKED, make_server

PATIENCE = 60.0
"""Seconds that a test waits for the server, on a busy machine."""

CAPABILITIES = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(
            document_changes=True,
            change_annotation_support=types.ChangeAnnotationsSupportOptions(groups_on_label=True),
        )
    ),
    text_document=types.TextDocumentClientCapabilities(
        code_action=types.CodeActionClientCapabilities(
            data_support=True, resolve_support=types.ClientCodeActionResolveOptions(["edit"])
        )
    ),
)


class Editor:
    """An editor with open files; `texts` are their contents."""

    def __init__(self, client: LanguageClient, folder: Path, unit: Unit) -> None:
        self.client, self.folder, self.unit = client, folder, unit
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}
        self.messages: list[str] = []
        self.logged: list[str] = []
        self._news = asyncio.Condition()
        self._checked: dict[str, int] = {}

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def published(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics[params.uri] = [*params.diagnostics]
            await self._notify()

        @client.feature(CHECKED)
        async def checked(params: Any) -> None:
            self._checked[params.uri] = params.version
            await self._notify()

        @client.feature(types.WINDOW_SHOW_MESSAGE)
        async def message(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)
            await self._notify()

        @client.feature(types.WINDOW_LOG_MESSAGE)
        async def log(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)

    async def _notify(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def until(self, condition: Any) -> None:
        """Wait until something was received."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(condition), PATIENCE)

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str | None = None) -> None:
        """Open a file; with a text, as if it had been typed and not saved."""
        if text is None:
            text = (self.folder / name).read_bytes().decode()
        self.texts[name], self.versions[name] = text, 1
        language = "bibtex" if name.endswith(".bib") else "latex"
        item = types.TextDocumentItem(self.uri(name), language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def replace(self, name: str, start: int, end: int, new: str) -> None:
        """Replace a stretch of a text, as typing does."""
        lines = Lines(self.texts[name], self.unit)
        change = types.TextDocumentContentChangePartial(self._range(lines, start, end), new)
        self.texts[name] = self.texts[name][:start] + new + self.texts[name][end:]
        self.versions[name] += 1
        identifier = types.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))

    def type_after(self, name: str, before: str, new: str) -> None:
        """Type something after the first occurrence of a text."""
        at = self.texts[name].index(before) + len(before)
        self.replace(name, at, at, new)

    def save(self, name: str) -> None:
        (self.folder / name).write_bytes(self.texts[name].encode())
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(self.identifier(name)))

    def close(self, name: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(self.identifier(name)))
        self._checked.pop(self.uri(name), None)

    def identifier(self, name: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(name))

    async def checked(self, *names: str) -> None:
        """Wait until these texts were checked, duplicates too."""
        await self.until(lambda: all(self._checked.get(self.uri(name)) == self.versions[name] for name in names))

    def expect_check(self, name: str) -> None:
        """Let `checked` wait for another check of the same text, which a request will cause."""
        self._checked.pop(self.uri(name), None)

    def found(self, name: str) -> list[tuple[str, int, int, str]]:
        """The diagnostics of a file: code, line and column from 1 (in the client's units), message."""
        return [
            (str(item.code or ""), item.range.start.line + 1, item.range.start.character + 1, item.message)
            for item in self.diagnostics.get(self.uri(name), [])
        ]

    def codes(self, name: str) -> list[str]:
        return [code for code, *_ in self.found(name)]

    def place(self, name: str, before: str) -> types.Position:
        """The position of the first occurrence of a text."""
        line, column = Lines(self.texts[name], self.unit).place(self.texts[name].index(before))
        return types.Position(line, column)

    async def actions(self, name: str, at: str, only: str | None = None) -> dict[str, types.CodeAction]:
        """The code actions at the first occurrence of a text, by title."""
        position = self.place(name, at)
        here = [item for item in self.diagnostics.get(self.uri(name), []) if item.range.start == position]
        context = types.CodeActionContext(here, only=[only] if only else None)
        params = types.CodeActionParams(self.identifier(name), types.Range(position, position), context)
        found = await self.client.text_document_code_action_async(params)
        return {item.title: _as_action(item) for item in found or []}

    async def run(self, action: types.CodeAction) -> None:
        """Choose an action, as a person does."""
        if action.edit is None and action.data is not None:
            action = await self.client.code_action_resolve_async(action)
        if action.edit:
            self.apply(action.edit)
        if action.command:
            given = types.ExecuteCommandParams(action.command.command, action.command.arguments)
            await self.client.workspace_execute_command_async(given)

    def apply(self, edit: types.WorkspaceEdit) -> None:
        """Apply edits to open files, and to others on the disk."""
        changes = {uri: [*edits] for uri, edits in (edit.changes or {}).items()}
        for item in edit.document_changes or []:
            assert isinstance(item, types.TextDocumentEdit)
            changes[item.text_document.uri] = [e for e in item.edits if not isinstance(e, types.SnippetTextEdit)]
        for uri, edits in changes.items():
            name = next((name for name in self.texts if self.uri(name) == uri), None)
            path = None if name else Path(to_fs_path(uri) or "")
            text = self.texts[name] if name else path.read_bytes().decode() if path else ""
            lines = Lines(text, self.unit)
            for item in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
                start, end = (lines.offset(Place(p.line, p.character)) for p in (item.range.start, item.range.end))
                if name:
                    self.replace(name, start, end, item.new_text)
                else:
                    text = text[:start] + item.new_text + text[end:]
            if path:
                path.write_bytes(text.encode())

    async def hover(self, name: str, at: str) -> str:
        """What is shown at the first occurrence of a text."""
        params = types.HoverParams(self.identifier(name), self.place(name, at))
        found = await self.client.text_document_hover_async(params)
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.kind == types.MarkupKind.PlainText
        return found.contents.value

    async def rename(self, name: str, at: str, new: str) -> bool:
        """Rename what is at the first occurrence of a text; whether the server allowed it."""
        params = types.RenameParams(self.identifier(name), self.place(name, at), new)
        edit = await self.client.text_document_rename_async(params)
        if edit is None:
            return False
        self.apply(edit)
        return True

    async def format(self, name: str) -> bool:
        """Format a file; whether the server returned edits."""
        options = types.FormattingOptions(tab_size=2, insert_spaces=True)
        params = types.DocumentFormattingParams(self.identifier(name), options)
        edits = await self.client.text_document_formatting_async(params)
        if edits is None:
            return False
        self.apply(types.WorkspaceEdit(changes={self.uri(name): edits}))
        return True

    async def symbols(self, name: str) -> list[types.DocumentSymbol]:
        params = types.DocumentSymbolParams(self.identifier(name))
        found = await self.client.text_document_document_symbol_async(params)
        return [item for item in found or [] if isinstance(item, types.DocumentSymbol)]

    def _range(self, lines: Lines, start: int, end: int) -> types.Range:
        first, last = lines.place(start), lines.place(end)
        return types.Range(types.Position(*first), types.Position(*last))


def _as_action(item: types.Command | types.CodeAction) -> types.CodeAction:
    """An action; lsprotocol reads one with a command as a command, whose name is then the command as text."""
    if isinstance(item, types.CodeAction):
        return item
    command = ast.literal_eval(item.command)
    return types.CodeAction(
        item.title, command=types.Command(command["title"], command["command"], arguments=command["arguments"])
    )


@asynccontextmanager
async def started(
    folder: Path,
    capabilities: types.ClientCapabilities = CAPABILITIES,
    unit: Unit = "utf-16",
    *,
    own_process: bool = False,
) -> AsyncIterator[Editor]:
    """An editor with a server of its own in a folder, which becomes the working directory unless in `own_process`."""
    client = LanguageClient("tests", "1")
    editor = Editor(client, folder, unit)
    if own_process:
        await client.start_io(sys.executable, "-m", "refsync", "lsp")
    else:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            await client.start_tcp(*listener.getsockname())
            connection, _ = listener.accept()
        thread = Thread(target=_serve, args=(connection,), daemon=True)
        thread.start()
    workspace = types.WorkspaceFolder(folder.as_uri(), "tests")
    await client.initialize_async(types.InitializeParams(capabilities, workspace_folders=[workspace]))
    client.initialized(types.InitializedParams())
    try:
        yield editor
        await asyncio.wait_for(client.shutdown_async(None), PATIENCE)
    finally:
        client.exit(None)
        await asyncio.wait_for(client.stop(), PATIENCE)
        if not own_process:
            thread.join(PATIENCE)


def _serve(connection: socket.socket) -> None:
    with connection, connection.makefile("rb") as messages, connection.makefile("wb") as answers:
        make_server().start_io(messages, answers)


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run a test that talks to the server."""
    asyncio.run(test)
