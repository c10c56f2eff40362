"""The command that papis finds by its entry-point group `papis.command`; it works on papis's current library.

Nothing of papis is imported before one of its commands runs.
"""

import sqlite3
import sys
from pathlib import Path

import click

from refsync.cli import main
from refsync.cli.common.output import echo
from refsync.papis.configuration import PREFIX
from refsync.runs.journal import runs

_COMMANDS = {
    "dedupe": "Find the documents that are one paper; --write merges them.",
    "tag": "Research areas for each document; --write adds them to the tags.",
    "check": "Duplicates, repeated refs, missing fields and files.",
    "report": "Figures of the library as one page: -o OUT.html",
    "log": "The runs that wrote, newest first.",
    "undo": "Undo a run: documents and files are as before.",
}
_IN_FOLDER = {"log": (), "undo": ("--in",)}
"""The commands that take the folder of the library, and the option for it."""


@click.group("refsync", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Deduplicate, tag, check and report the library; `papis refsync COMMAND --help` has the options of refsync."""


def _add(name: str, text: str) -> None:
    @command.command(
        name,
        short_help=text,
        help=text,
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def run(arguments: tuple[str, ...]) -> None:
        import papis.config

        folder = Path(papis.config.get_lib().path)
        place = (*_IN_FOLDER[name], str(folder)) if name in _IN_FOLDER else (f"{PREFIX}{folder}",)
        before = _state(folder)
        code = main([name, *place, *arguments])
        if _state(folder) != before:
            _refresh_cache()
        sys.exit(code)


for _name, _text in _COMMANDS.items():
    _add(_name, _text)


def _state(folder: Path) -> list[tuple[str, str]]:
    """The runs that wrote the library, and whether they are undone."""
    return [(run.id, str(run.facts["state"])) for run in runs(folder)]


def _refresh_cache() -> None:
    """Have papis read the library again, as its own `papis cache reset` does."""
    from papis.database import get_database

    try:
        database = get_database()
        database.clear()
        database.initialize()
    except (OSError, ValueError, RuntimeError, ImportError, sqlite3.Error) as error:
        echo(f"refsync: error: papis's cache could not be refreshed: {error}; run `papis cache reset`", err=True)
