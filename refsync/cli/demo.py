"""`refsync demo`: the main job on a bundled sample."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import click

from refsync.cli.common.output import echo, echo_below, echo_lines

SAMPLE = ("harbour_reading_list.txt", "trending_page.txt", "coauthor.bib", "database_export.csv")

MERGED = "brandt2023whisper"
"""The entry to show, merged from a page, a .bib file and a table."""
SHOWN_WIDTH = 110


@click.command("demo", short_help="The main job on a bundled sample.")
@click.option(
    "-o", "--output", "folder", default="", metavar="FOLDER", help="Keep the sample and the library in this folder."
)
@click.pass_context
def command(ctx: click.Context, folder: str) -> int:
    """Run the main job on a small bundled library of invented papers: no account, no network.

    Four files hold 17 records of 10 papers: two saved listing pages, a co-author's .bib and a database export.
    """
    group = ctx.find_root().command
    with _working_folder(folder) as workplace:
        for name in SAMPLE:
            with as_file(files("refsync.sample") / name) as path:
                shutil.copy(path, workplace / name)
        echo(f"$ refsync run {' '.join(SAMPLE)} -o library.bib")
        echo()
        code = group.main(["run", *SAMPLE, "-o", "library.bib"], prog_name="refsync", standalone_mode=False)
        echo_below("Three of the records became this entry of library.bib:")
        echo_lines(["", *_entry("library.bib", MERGED).split("\n")])
        echo_below("$ refsync explain coauthor.bib --pair okafor2025tide lindstrom2024tide")
        echo()
        group.main(
            ["explain", "coauthor.bib", "--pair", "okafor2025tide", "lindstrom2024tide"],
            prog_name="refsync",
            standalone_mode=False,
        )
        if folder:
            echo_below(f"All of it is in {folder}.")
    return int(code or 0)


def _entry(path: str, key: str) -> str:
    """One entry of a written library, with long lines cut."""
    entries = Path(path).read_text(encoding="utf-8").split("\n\n")
    entry = next(entry for entry in entries if f"{{{key}," in entry.split("\n", 1)[0])
    return "\n".join(line if len(line) <= SHOWN_WIDTH else f"{line[:SHOWN_WIDTH]}…" for line in entry.split("\n"))


@contextmanager
def _working_folder(folder: str) -> Iterator[Path]:
    """Makes the folder, or a temporary one, the working directory."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="refsync-demo-") as temporary:
        target = Path(folder or temporary)
        target.mkdir(parents=True, exist_ok=True)
        os.chdir(target)
        try:
            yield Path()
        finally:
            os.chdir(before)
