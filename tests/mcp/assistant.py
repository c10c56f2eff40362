"""An assistant for tests: the SDK's client, and the user whom it asks."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp import Client, types
from mcp.client.stdio import StdioServerParameters
from mcp.server import MCPServer

PATIENCE = 60.0
PEAT = """\
@article{alder2001,
  title = {Water retention of northern peat bogs},
  author = {Alder, Ada and Birch, Ben},
  journal = {Bog Studies},
  year = 2001,
  pages = {11--29},
}

@article{alder01peat,
  title = {Water Retention of Northern Peat Bogs},
  author = {A. Alder and B. Birch},
  journal = {Bog Studies},
  year = 2001,
  pages = {11--29},
  doi = {10.5555/peat.11},
}

@book{cedar1990,
  title = {Lichens of the coast},
  author = {Cedar, Cy},
  publisher = {Moss Press},
  year = 1990,
}
"""


class Assistant:
    """A connected client; `asked` are the questions that its user got."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: types.ElicitResult = types.ElicitResult(action="accept", content={"write": True})
        self.client: Client

    async def on_question(self, context: Any, params: types.ElicitRequestParams) -> types.ElicitResult:
        self.asked.append(params.message)
        return self.answer

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """What a tool answers."""
        result = await self.client.call_tool(tool, arguments)
        assert not result.is_error, result.content
        assert result.structured_content is not None
        return result.structured_content

    async def refusal(self, tool: str, **arguments: Any) -> str:
        """The message of a tool that refuses."""
        result = await self.client.call_tool(tool, arguments)
        assert result.is_error, result.structured_content
        (content,) = result.content
        assert isinstance(content, types.TextContent)
        return content.text


def converse(
    server: MCPServer[None] | StdioServerParameters,
    script: Callable[[Assistant], Awaitable[None]],
    *,
    asks: bool = True,
    mode: Any = "auto",
) -> Assistant:
    """Connect to a server and follow a script; `asks` says whether the client can ask its user."""
    assistant = Assistant()

    async def session() -> None:
        async with asyncio.timeout(PATIENCE):
            callback = assistant.on_question if asks else None
            async with Client(server, elicitation_callback=callback, mode=mode) as client:
                assistant.client = client
                await script(assistant)

    asyncio.run(session())
    return assistant


def process(folder: Path, *arguments: str, **environment: str) -> StdioServerParameters:
    """`refsync mcp` as an assistant starts it, in a folder, with the tests' folders for the user's own files."""
    own = {name: value for name, value in os.environ.items() if name.startswith("XDG_")}
    words = ["-c", "import sys; from refsync.cli import main; sys.exit(main(sys.argv[1:]))", "mcp", *arguments]
    return StdioServerParameters(command=sys.executable, args=words, cwd=folder, env=own | environment)
