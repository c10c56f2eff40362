"""`refsync git-setup`: have git merge and show .bib files by entries."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click

from refsync.cli.common.output import echo
from refsync.errors import ConfigError
from refsync.files import replace_file
from refsync.git.attributes import settings, with_refsync, without_refsync
from refsync.text.printable import printable


@click.command("git-setup", short_help="Have git merge and show .bib files by entries.")
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False))
@click.option("--undo", is_flag=True, help="Remove the lines and settings again.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and write nothing.")
def command(folder: str, undo: bool, dry_run: bool) -> int:
    """Write `.gitattributes` and the settings of the repository in FOLDER (default: the working directory).

    `.gitattributes` says that .bib files are merged and shown by refsync; commit it. The settings are your own, in
    .git/config: each person runs this command once. Where refsync is not set up, git merges as it does without it.

    \b
    Examples:
      refsync git-setup
      refsync git-setup --undo
    """
    root = Path(_git(folder, "rev-parse", "--show-toplevel").strip())
    attributes = root / ".gitattributes"
    before = attributes.read_text(encoding="utf-8") if attributes.is_file() else ""
    after = without_refsync(before) if undo else with_refsync(before)
    wanted = settings(_own_command())
    verb = "would be " if dry_run else ""
    if after != before:
        if not dry_run:
            _write(attributes, after)
        echo(f"{printable(str(attributes))}: {verb}{'restored' if undo else 'written; commit it'}")
    for name, value in wanted.items():
        if not dry_run:
            _set(folder, name, "" if undo else value)
        echo(f"git config {name}: {verb}{'removed' if undo else printable(value)}")
    return 0


def _write(path: Path, text: str) -> None:
    if text:
        replace_file(path, text.encode())
    else:
        path.unlink(missing_ok=True)


def _set(folder: str, name: str, value: str) -> None:
    if value:
        _git(folder, "config", "--local", name, value)
    else:
        subprocess.run(
            ["git", "-C", folder, "config", "--local", "--unset-all", name], capture_output=True, check=False
        )
        section = name.rpartition(".")[0]
        if not _git(folder, "config", "--local", "--get-regexp", f"^{section.replace('.', '[.]')}[.]", fails=True):
            subprocess.run(
                ["git", "-C", folder, "config", "--local", "--remove-section", section],
                capture_output=True,
                check=False,
            )


def _own_command() -> str:
    """How a shell starts this refsync."""
    found = shutil.which("refsync")
    return "refsync" if found else f"{shlex.quote(sys.executable)} -m refsync"


def _git(folder: str, *arguments: str, fails: bool = False) -> str:
    """What git prints; with `fails`, nothing where it fails.

    Raises:
        ConfigError: git is not installed, or the folder is in no repository.
    """
    try:
        command = ["git", "-C", folder, *arguments]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="surrogateescape", check=False)
    except FileNotFoundError:
        raise ConfigError("git is not installed", hint="install git, then run this again") from None
    if done.returncode and not fails:
        raise ConfigError(f"{folder}: {done.stderr.strip() or 'git failed'}", hint="name a folder of a git repository")
    return done.stdout if not done.returncode else ""
