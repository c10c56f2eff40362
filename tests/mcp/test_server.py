"""The protocol, with the SDK's client: in this process, and over the pipes of a process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import types
from mcp.server import MCPServer

from refsync.mcp.server import server_of
from refsync.mcp.tools import Tools
from tests.mcp.assistant import PEAT, Assistant, converse, process

REFS = ["refs.bib"]
ERAS = ["auto", "legacy"]
"""Versions of the protocol: in the older ones the server sends its question, in the newer ones it returns it."""


def text(folder: Path) -> str:
    return (folder / "refs.bib").read_text(encoding="utf-8")


async def plan_and_apply(assistant: Assistant) -> dict[str, Any]:
    plan = await assistant.call("plan_merge", files=REFS)
    return await assistant.call("apply", token=plan["token"])


@pytest.mark.parametrize("mode", ERAS)
def test_a_plan_is_written_after_the_user_agreed(mode: str, folder: Path, server: MCPServer[None]) -> None:
    async def script(assistant: Assistant) -> None:
        assert (await plan_and_apply(assistant))["written"] == REFS

    assistant = converse(server, script, mode=mode)
    (question,) = assistant.asked
    assert "merge refs.bib:alder01peat into refs.bib:alder2001: Water retention" in question
    assert "alder01peat" not in text(folder)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("action", ["no", "decline", "cancel"])
def test_nothing_is_written_unless_the_user_agrees(
    action: str, mode: str, folder: Path, server: MCPServer[None]
) -> None:
    async def script(assistant: Assistant) -> None:
        content = {"write": False} if action == "no" else None
        assistant.answer = types.ElicitResult(action="accept" if action == "no" else action, content=content)  # type: ignore[arg-type]
        plan = await assistant.call("plan_merge", files=REFS)
        if action == "no":
            assert (await assistant.call("apply", token=plan["token"]))["written"] == []
        else:
            await assistant.refusal("apply", token=plan["token"])

    assert len(converse(server, script, mode=mode).asked) == 1
    assert text(folder) == PEAT


@pytest.mark.parametrize("mode", ERAS)
def test_a_client_that_cannot_ask_gets_the_command_instead(mode: str, folder: Path, server: MCPServer[None]) -> None:
    async def script(assistant: Assistant) -> None:
        plan = await assistant.call("plan_merge", files=REFS)
        message = await assistant.refusal("apply", token=plan["token"])
        assert "cannot ask its user" in message
        assert "refsync dedupe refs.bib --write" in message

    converse(server, script, asks=False, mode=mode)
    assert text(folder) == PEAT


def test_the_user_may_trust_the_client_to_ask(folder: Path, tools: Tools) -> None:
    async def script(assistant: Assistant) -> None:
        assert (await plan_and_apply(assistant))["written"] == REFS

    converse(server_of(tools, lambda: None, client_asks=True), script, asks=False)


def test_a_file_that_changes_while_the_user_thinks_is_not_written(folder: Path, server: MCPServer[None]) -> None:
    async def script(assistant: Assistant) -> None:
        plan = await assistant.call("plan_merge", files=REFS)
        answer = assistant.on_question

        async def slowly(context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
            (folder / "refs.bib").write_text(PEAT + "% mine\n", encoding="utf-8")
            return await answer(context, params)

        assistant.client.session._elicitation_callback = slowly
        assert "changed since the plan was made" in await assistant.refusal("apply", token=plan["token"])

    converse(server, script, mode="legacy")
    assert text(folder) == PEAT + "% mine\n"


def test_tools_say_what_they_do(server: MCPServer[None]) -> None:
    async def script(assistant: Assistant) -> None:
        tools = {tool.name: tool for tool in (await assistant.client.list_tools()).tools}
        assert {name for name, tool in tools.items() if not (tool.annotations and tool.annotations.read_only_hint)} == {
            "apply"
        }
        assert "consent" not in tools["apply"].input_schema["properties"]
        assert all(tool.description for tool in tools.values())

    converse(server, script)


def test_errors_of_arguments_name_them(server: MCPServer[None]) -> None:
    async def script(assistant: Assistant) -> None:
        assert "limit" in await assistant.refusal("read", files=REFS, limit=10_000)
        assert "no plan has this token" in await assistant.refusal("apply", token="guessed")
        assert "no file is named" in await assistant.refusal("read", files=[])

    converse(server, script)


def test_a_process_writes_only_the_protocol_to_its_output(folder: Path) -> None:
    (folder / "refs.bib").write_text(PEAT.replace("year = 1990", "year = 1990, file = {x.pdf},,"), encoding="utf-8")
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    calls = [("read", 2), ("duplicates", 3), ("check", 4), ("plan_merge", 5)]
    requests = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        *(
            {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": name, "arguments": given}}
            for given in ({"files": REFS},)
            for name, number in calls
        ),
    ]
    words = [sys.executable, "-m", "refsync", "mcp", str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdin
        assert started.stdout
        started.stdin.write("".join(json.dumps(item) + "\n" for item in requests).encode())
        started.stdin.flush()
        answers = [json.loads(started.stdout.readline()) for _ in range(5)]
        rest, errors = started.communicate(timeout=60)
    assert {item["id"] for item in answers} == {1, 2, 3, 4, 5}
    assert rest == b""
    assert b"Traceback" not in errors
    assert started.returncode == 0


def test_a_process_serves_its_folder_with_the_guard(folder: Path) -> None:
    (folder / "refs.ris").write_text("TY  - JOUR\nTI  - Kelp in noise\nER  - \n", encoding="utf-8")

    async def script(assistant: Assistant) -> None:
        assert [item["name"] for item in (await assistant.call("files"))["files"]] == ["refs.bib", "refs.ris"]
        assert (await assistant.call("tag", files=["refs.ris"]))["total"] == 1
        plan = await assistant.call("plan_library", files=[*REFS, "refs.ris"], output="all.bib")
        await assistant.call("apply", token=plan["token"])
        assert (await plan_and_apply(assistant))["written"] == REFS
        assert "not in the folders" in await assistant.refusal("read", files=["../outside.bib"])

    converse(process(folder.parent, str(folder)), script)
    assert "alder01peat" not in text(folder)
    assert "Kelp in noise" in (folder / "all.bib").read_text(encoding="utf-8")
