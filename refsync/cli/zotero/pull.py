"""`refsync pull`: a Zotero library as a .bib file."""

import sys
from pathlib import Path

import click

from refsync.cli.common import show
from refsync.cli.common.options import Common, common_options, export_options
from refsync.cli.run import check_output
from refsync.errors import ConfigError
from refsync.sources import STDIN


@click.command("pull", short_help="A Zotero library as a .bib file.")
@click.argument("library", metavar="zotero:LIB")
@click.option("-o", "--output", required=True, metavar="OUT", help="The file to write; `-` for standard output.")
@click.option("--collection", default="", metavar="NAME|KEY", help="Only this collection, with those below it.")
@click.option("--changed", is_flag=True, help="Only what changed in Zotero since the last pull.")
@click.option("--notes", is_flag=True, help="The text of the items' notes too, as `annote` (BibLaTeX: `annotation`).")
@click.option("--overwrite", is_flag=True, help="Let Zotero's values replace those that were edited in OUT.")
@click.option("--diff", is_flag=True, help="Write nothing; show how OUT would change.")
@click.option("--endpoint", default="", metavar="URL", help="Another server than Zotero's. [env: ZOTERO_ENDPOINT]")
@common_options
@export_options
def command(
    common: Common,
    library: str,
    output: str,
    collection: str,
    changed: bool,
    notes: bool,
    overwrite: bool,
    diff: bool,
    endpoint: str,
) -> int:
    """Write the papers of a Zotero library as BibTeX, or bring a .bib file up to date with it.

    Where OUT is there already, only what changed in Zotero since the last pull is changed in it, by minimal edits:
    comments, order and layout stay, entries and fields that Zotero does not have, and values that were edited in OUT;
    where both sides changed one, it is told. Entries whose items are gone in Zotero are told too, and stay. Only what
    changed since the last pull is read; of an unchanged library that is one request.

    The library is zotero:user/ID, zotero:group/ID or zotero:local (the Zotero that runs on this computer).

    \b
    Examples:
      refsync pull zotero:user/12345 -o library.bib
      refsync pull zotero:group/678 -o thesis.bib --collection Thesis --dialect biblatex
      refsync pull zotero:user/12345 -o library.bib --diff
      refsync pull zotero:user/12345 -o library.bib --notes --overwrite
    """
    from refsync.zotero.items.mapping import MappingSettings
    from refsync.zotero.pull.apply import Wanted, apply_pull, plan_pull
    from refsync.zotero.web.library import open_library

    if diff and output == STDIN:
        raise ConfigError("--diff shows how a file would change, and `-` is none")
    check_output(output, ())
    # On standard output there is no file to keep up to date.
    target = Path(output if output != STDIN else "-.bib")
    wanted = Wanted(collection, changed, overwrite, notes)
    with (
        show.progress(common.quiet) as report,
        open_library(library, endpoint, target.parent, report, write=False) as opened,
    ):
        settings = common.config.export
        mapping = MappingSettings(opened.schema, common.config.zotero.area_prefix)
        if output == STDIN:
            _, data = plan_pull(opened, target, wanted, mapping, settings)
            sys.stdout.buffer.write(data)
            return 0
        before = target.read_bytes() if target.exists() else b""
        pull, data = plan_pull(opened, target, wanted, mapping, settings)
        run = None if diff else apply_pull(pull, data, opened, target)
        held, requests = opened.store.version, opened.remote.http.sent
    show.print_problems(pull.notes, common.quiet, common.verbose)
    counts = {what: pull.count(what) for what in ("added", "changed", "unchanged")}
    if common.json:
        result = {
            "schema": "refsync.pull/1",
            "library": library,
            "output": output,
            "version": held,
            **counts,
            "requests": requests,
            "notes": [note.message for note in pull.notes],
            "run": str(run.folder) if run else None,
        }
        show.print_json(result)
        return 0
    if diff:
        show.print_diff(output, before.decode("utf-8", "replace"), data.decode("utf-8", "replace"))
        return 0
    rows = [
        ("papers", f"{sum(counts.values()):,}", f"of {library}, version {held:,}"),
        ("added", f"{counts['added']:,}", ""),
        ("changed", f"{counts['changed']:,}", ""),
        ("unchanged", f"{counts['unchanged']:,}", "every byte stays" if counts["unchanged"] else ""),
        ("to look at", f"{len(pull.notes):,}", "listed above" if pull.notes else ""),
        ("requests", f"{requests:,}", "" if run else "nothing was written"),
    ]
    if run:
        rows.append(("kept", "", str(run.folder)))
    show.print_rows(rows)
    return 0
