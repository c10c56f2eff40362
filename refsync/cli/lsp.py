"""`refsync lsp`: the language server, which editors start."""

from importlib.metadata import version

import click

from refsync.cli.common.extras import require
from refsync.errors import ConfigError

_MAJOR = 2  # of pygls: 1 has other modules


@click.command("lsp", short_help="The language server, which editors start.")
@click.option("--stdio", is_flag=True, help="Use standard input and output, as it does anyway; some editors pass this.")
def command(stdio: bool) -> int:  # click passes options by name
    """Serve an editor over standard input and output, by the Language Server Protocol.

    In .bib files: the findings of `refsync check` as you type, their fixes, merging of duplicates, remembered answers,
    areas, renaming of keys, formatting, an outline. In documents (.tex, .md, .qmd, .typ, ...): citations of keys that
    no entry has, and the reference of each citation. docs/editors.md has the settings of editors.

    \b
    Example:
      refsync lsp             # as an editor starts it; ends with exit code 0 when the editor ends it
    """
    require("lsp", "refsync lsp")
    if (found := version("pygls")).partition(".")[0] != str(_MAJOR):
        raise ConfigError(
            f"refsync lsp needs pygls {_MAJOR}, and {found} is installed", hint="pip install --upgrade 'refsync[lsp]'"
        )
    from refsync.lsp.server import serve

    serve()
    return 0
