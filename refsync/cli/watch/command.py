"""`refsync watch`: show what a save changed, until Ctrl-C."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from refsync.cli.common.extras import require
from refsync.cli.common.named_files import complete_files
from refsync.cli.common.options import endpoint_option, own_options
from refsync.cli.common.output import Shown, echo, echo_json, joined, shown
from refsync.cli.common.output_files import check_target
from refsync.cli.common.text import counted
from refsync.cli.watch.bib_files import BibFiles
from refsync.cli.watch.clock import Clock, SystemClock, settled, wait_for_change
from refsync.cli.watch.looks import Change, Item, Look, compare, is_half_written, with_unread
from refsync.cli.watch.zotero_library import DEFAULT, LEAST, ZoteroLibrary
from refsync.errors import ConfigError
from refsync.formats.bibtex.format import FORMAT
from refsync.operating_system import command_line
from refsync.planning.file import is_plan
from refsync.sources import is_remote

_EVERY = 1.0
_GRACE = 1.0  # seconds that a file which looks half written is given
_TRIES = 5
_SHOWN = 20  # items of a list, unless verbose

Show = Callable[[Change, Look, bool], None]


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """The options of `refsync watch`."""

    every: float | None
    plan_path: str
    once: bool
    endpoint: str
    output_format: str
    quiet: bool
    verbose: bool


@click.command("watch", short_help="What each save changes: findings, duplicates; a plan kept ready.")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", shell_complete=complete_files)
@click.option("--every", type=click.FloatRange(0.1), metavar="SECONDS", help="How often to look for changes.  "
    f"[default: {_EVERY:g}, for a Zotero library {DEFAULT:g}; there at least {LEAST:g}]")  # fmt: skip
@click.option("--plan", "plan_path", default="", metavar="PLAN", help="Keep the plan in this file.  "
    "[default: .refsync/watch/plan.json beside the first file]")  # fmt: skip
@click.option("--once", is_flag=True, help="Look once and end.")
@endpoint_option("Another server than Zotero's. [env: ZOTERO_ENDPOINT]")
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="What to print on standard output; json: one line for each look.")  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Only what is new or fixed.")
@click.option("-v", "--verbose", is_flag=True, help="Show everything that is new, not just the first ones.")
@own_options(WatchOptions)
def command(inputs: tuple[str, ...], options: WatchOptions) -> int:
    """Look at INPUT... whenever it was saved, and show what is new and what was fixed, until Ctrl-C.

    INPUT is .bib files and folders of them, or one Zotero library. Of .bib files the findings of `refsync check` are
    shown, and a plan that merges the duplicates is kept ready; of a library the items that are one paper. Nothing else
    is written: `refsync apply PLAN`, or `refsync dedupe`, merges when you say so. Keep it open beside JabRef, Zotero or
    an editor.

    \b
    Examples:
      refsync watch refs.bib
      refsync watch thesis/                      # every .bib file in it, new ones too
      refsync watch zotero:user/12345 --every 300
      refsync watch refs.bib --format json | jq -c .new
    """
    libraries = [name for name in inputs if is_remote(name)]
    if libraries and len(inputs) > 1:
        raise ConfigError("watch files, or one Zotero library", hint="start it once for each")
    if libraries and options.plan_path:
        raise ConfigError("--plan is for .bib files", hint="`refsync dedupe zotero:LIB --apply` merges in a library")
    show: Show = _show_json if options.output_format == "json" else _text(options)
    try:
        if libraries:
            require("zotero", "watching a Zotero library")
            _watch_library(libraries[0], options, show, SystemClock())
        else:
            _check_inputs(inputs, options)
            watch_files(BibFiles(inputs, options.plan_path), options, show, SystemClock())
    except KeyboardInterrupt:  # the way to end it
        echo(err=True)
    return 0


def _check_inputs(inputs: tuple[str, ...], options: WatchOptions) -> None:
    for name in inputs:
        path = Path(name)
        if not path.is_dir() and not name.lower().endswith(FORMAT.suffixes):
            raise ConfigError(f"{name}: only .bib files, folders and Zotero libraries are watched")
        if not path.exists():
            raise ConfigError(f"{name}: no such file or folder")
    if options.plan_path:
        check_target(options.plan_path, (".json",), inputs, "a plan")
        if Path(options.plan_path).exists() and not is_plan(options.plan_path):
            raise ConfigError(f"{options.plan_path} exists and is not a plan", hint="name another file with --plan")


def watch_files(files: BibFiles, options: WatchOptions, show: Show, clock: Clock) -> None:
    """Look at files whenever they have changed, after whoever writes them is done."""
    before: Look | None = None
    seen = files.signature()
    tries = 0
    while True:
        look = files.look()
        if before and is_half_written(before, look) and tries < _TRIES:  # perhaps the rest is still to come
            tries += 1
            clock.sleep(_GRACE)
            if (now := settled(files.signature, clock)) != seen:
                seen = now
                continue
        tries = 0
        look = with_unread(before, look) if before else look
        show(compare(before, look), look, before is None)
        before = look
        if options.once:
            return
        wait_for_change(files.signature, seen, options.every or _EVERY, clock)
        seen = settled(files.signature, clock)


def _watch_library(name: str, options: WatchOptions, show: Show, clock: Clock) -> None:
    library = ZoteroLibrary(name, options.endpoint, max(LEAST, options.every or DEFAULT))
    before: Look | None = None
    while True:
        look = library.look()
        if before is None or look != before:
            show(compare(before, look), look, before is None)
        before = look
        if options.once:
            return
        library.wait(clock)


def _show_json(change: Change, look: Look, first: bool) -> None:
    result = {
        "schema": "refsync.watch/1",
        "sources": list(look.sources),
        "findings": len(look.items),
        "new": [item.row for item in change.new],
        "fixed": [item.row for item in change.fixed],
        "plans": [{"path": str(plan.path), "merges": plan.merges} for plan in look.plans],
        "command": look.command or None,
        "problems": list(look.problems),
    }
    echo_json(json.dumps(result, ensure_ascii=False))


def _text(options: WatchOptions) -> Show:
    def show(change: Change, look: Look, first: bool) -> None:
        for problem in look.problems:
            echo(f"refsync: note: {problem}", err=True)
        _show_items("+", "red", change.new, options)
        _show_items("-", "green", change.fixed, options)
        if not options.quiet:
            what = "; ".join(part for part in (_summary(change, look, first), _remedy(look)) if part)
            echo(what, bold=True)
            if first and not options.once:
                what = "library" if any(map(is_remote, look.sources)) else "file"
                echo(f"watching {counted(len(look.sources), what)}; Ctrl-C ends", err=True)

    return show


def _summary(change: Change, look: Look, first: bool) -> str:
    total = counted(len(look.items), "finding")
    if first:
        return total
    return f"{len(change.new):,} new, {len(change.fixed):,} fixed, {total}"


def _remedy(look: Look) -> str:
    commands = [
        f"`{command_line(['refsync', 'apply', str(plan.path)])}` merges {counted(plan.merges, 'entry')}"
        for plan in look.plans
    ]
    return "; ".join([*commands, *([f"`{look.command}` merges"] if look.command else [])])


def _show_items(sign: str, colour: str, items: tuple[Item, ...], options: WatchOptions) -> None:
    for item in items if options.verbose else items[:_SHOWN]:
        echo(joined(shown(sign, fg=colour), " ", item.line if isinstance(item.line, Shown) else shown(item.line)))
    if not options.verbose and (hidden := len(items) - _SHOWN) > 0:
        echo(f"{sign} {hidden:,} more; -v shows all")
