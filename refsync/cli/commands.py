"""The table of commands, loaded one at a time so that `--help` and `--version` start fast."""

import difflib
import glob
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from refsync._version import __version__
from refsync.operating_system import command_line

# section -> command -> (module in refsync.cli, the one line that `refsync --help` shows)
COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "The main job": {
        "run": ("run", "Read, deduplicate, tag, write: INPUT... -o OUT.bib"),
        "demo": ("demo", "The main job on a bundled sample: no account, no network."),
    },
    "One stage at a time": {
        "dedupe": ("dedupe.command", "Find the records that are one paper."),
        "tag": ("areas.tag", "Research areas for each record."),
        "review": ("review.command", "Answer uncertain pairs, side by side in the browser."),
        "learn": ("review.learn", "Calibrate the pair model on your answers."),
        "explain": ("dedupe.explain", "Why two records are, or are not, the same paper."),
        "report": ("report", "Figures of a library as one page: INPUT... -o OUT.html"),
        "convert": ("convert", "Formats, dialects and keys only: IN... -o OUT"),
        "enrich": ("enrich", "Fill missing fields from Crossref, arXiv, OpenAlex."),
    },
    "Your own areas": {
        "train": ("areas.train", "Learn areas from your own keywords, groups or folders."),
        "areas": ("areas.suggest", "Propose groups for a library without labels."),
        "evaluate": ("areas.evaluate", "How good a model is on a labelled library."),
    },
    "Zotero": {
        "push": ("zotero.push", "Bring papers into a Zotero library: INPUT... zotero:LIB"),
        "pull": ("zotero.pull", "A Zotero library as a .bib file: zotero:LIB -o OUT.bib"),
        "sync": ("zotero.sync", "A .bib file and a Zotero library, both ways: FILE.bib zotero:LIB"),
    },
    "Undoing": {
        "log": ("runs.log", "The runs that wrote, newest first."),
        "runs": ("runs.prune", "The space that recorded runs take: runs prune removes old ones."),
        "undo": ("runs.undo", "Undo a run: files and libraries get their previous content."),
        "apply": ("runs.apply", "Carry out a plan: PLAN.json; finish an interrupted run: --resume"),
    },
    "Version control": {
        "git-setup": ("git.setup", "Have git merge and show .bib files by entries and fields."),
        "merge-driver": ("git.merge_driver", "What git calls to merge: BASE OURS THEIRS [PATH]"),
        "textconv": ("git.textconv", "What git calls to show a .bib file in diffs."),
    },
    "Checking a bibliography": {
        "check": ("check.command", "Findings in .bib files; --fix fixes the unambiguous ones."),
        "watch": ("watch.command", "Show what each save changes; a plan of the merges is kept ready."),
        "format": ("format.command", "One layout for .bib files, in place: FILE.bib... --write"),
        "lsp": ("lsp", "The language server: check, fix, merge and rename in your editor."),
        "mcp": ("mcp", "The server for assistants: find, explain, check, plan; apply what you agree to."),
        "rules": ("check.rules", "What a finding means and how to fix it."),
        "config": ("config", "The settings in force, and where each comes from."),
        "completion": ("completion", "Completion in your shell: bash, zsh or fish."),
    },
}


# what other programs call it -> the command
_SYNONYMS = {
    "duplicates": "dedupe",
    "deduplicate": "dedupe",
    "merge": "dedupe",
    "tidy": "format",
    "fmt": "format",
    "lint": "check",
    "validate": "check",
    "doctor": "check",
    "export": "convert",
    "import": "run",
    "classify": "tag",
    "history": "log",
    "revert": "undo",
    "settings": "config",
    "version": "--version",
}


class CommandTable(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for section in COMMANDS.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for section in COMMANDS.values():
            if cmd_name in section:
                command = import_module(f"refsync.cli.{section[cmd_name][0]}").command
                assert isinstance(command, click.Command)
                return command
        return None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] == ["help"]:  # `refsync help dedupe`, as with git and pip
            args = [*args[1:], "--help"]
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            named = next((word for word in args if word in self.list_commands(ctx)), "run")
            hint = f"Options stand after the command: refsync {named} ... {error.option_name}"
            raise click.UsageError(f"{error.message} {hint}", ctx) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(error.message + _suggestion(args, self.list_commands(ctx)), ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, section in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl([(name, line) for name, (_, line) in section.items()])


def _suggestion(args: Sequence[str], commands: Sequence[str]) -> str:
    """What may have been meant by something that is no command."""
    word = args[0]
    if Path(word).exists() or glob.has_magic(word):
        words = command_line(args)
        return f" For a file name the command: refsync run {words} -o merged.bib, or refsync check {words}"
    meant = _SYNONYMS.get(word.casefold()) or next(iter(difflib.get_close_matches(word.casefold(), commands)), "")
    return f" Did you mean refsync {meant}?" if meant else " `refsync --help` lists the commands."


EPILOG = """\b
Examples:
  refsync run page1.txt page2.txt refs.bib -o library.bib
  refsync dedupe export.csv --format json
  refsync explain refs.bib --pair smith2020 smith2021
  cat refs.bib | refsync tag -

Exit codes: 0 done, 1 findings (check), files to format (format --check), 2 wrong usage or an input that could not be
read, 3 failed remote writes."""


@click.group(
    "refsync",
    cls=CommandTable,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="refsync %(version)s")
def refsync() -> None:
    """Merge repeated papers, tag them by research area, write a clean library.

    refsync reads .bib files, saved listing pages and tables, finds the records that are one paper, merges them without
    losing anything, tags each paper by research area and writes BibTeX. It explains each decision and works offline.
    """
