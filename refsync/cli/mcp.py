"""`refsync mcp`: the server for assistants."""

import os
import sys
from importlib.metadata import version
from pathlib import Path

import click

from refsync.cli.common.extras import require
from refsync.cli.common.output import echo
from refsync.config import user_files
from refsync.errors import ConfigError

_MAJOR = 2  # of the SDK: 1 has other modules


@click.command("mcp", short_help="The server for assistants, by the Model Context Protocol.")
@click.argument("folders", nargs=-1, metavar="[FOLDER]...")
@click.option(
    "--client-asks",
    is_flag=True,
    help="The client asks you before each call of `apply`, so the server need not. Without this, a client that cannot "
    "show the server's question writes nothing.",
)
@click.option(
    "--allow-enrich",
    is_flag=True,
    help="Let the assistant look up missing values at Crossref, OpenAlex and arXiv, as `refsync enrich` does.",
)
def command(folders: tuple[str, ...], client_asks: bool, allow_enrich: bool) -> int:  # click passes options by name
    """Serve an assistant over standard input and output, by the Model Context Protocol.

    The assistant can read bibliographies in FOLDER... (default: the working directory), find and explain duplicates,
    tag, check, and plan changes. A plan is written only after you agreed to it, and only while its files are as they
    were. Nothing outside the folders is read or written, and nothing is sent over the network, unless you allow
    look-ups. docs/assistants.md has the settings of assistants.

    \b
    Examples:
      refsync mcp ~/papers            # as an assistant starts it; ends when the assistant ends it
      refsync mcp thesis/ --client-asks
      refsync mcp thesis/ --allow-enrich
    """
    require("mcp", "refsync mcp")
    if allow_enrich:
        require("enrich", "looking up records")
    if (found := version("mcp")).partition(".")[0] != str(_MAJOR):
        raise ConfigError(
            f"refsync mcp needs version {_MAJOR} of the package mcp, and {found} is installed",
            hint="pip install --upgrade 'refsync[mcp]'",
        )
    from refsync.mcp.folders import Folders
    from refsync.mcp.guard import Guard
    from refsync.mcp.server import serve
    from refsync.mcp.tools import Tools

    allowed = Folders.of(folders)
    named = [Path(name).absolute() for name in user_files()]
    os.chdir(allowed.roots[0])
    if sys.stdin.isatty():
        echo("refsync mcp waits for an assistant on standard input; Ctrl-D ends it", err=True)
    guard = Guard(allowed, network=allow_enrich, named=named)
    serve(Tools(allowed), guard, client_asks=client_asks, enrich=allow_enrich)
    return 0
