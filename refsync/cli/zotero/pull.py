"""`refsync pull`: a Zotero library as a .bib file."""

from dataclasses import dataclass
from pathlib import Path

import click

from refsync.cli.common.diff import print_diff
from refsync.cli.common.options import Common, common_options, endpoint_option, export_options, own_options
from refsync.cli.common.output import write_data
from refsync.cli.common.output_files import check_output
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.tables import print_rows
from refsync.cli.common.text import print_json
from refsync.errors import ConfigError
from refsync.records import Problem
from refsync.sources import STDIN


@dataclass(frozen=True, slots=True)
class PullOptions:
    """The command's own options, under their names."""

    output: str
    collection: str
    changed: bool
    notes: bool
    overwrite: bool
    diff: bool
    endpoint: str
    files: str
    markdown: str


@click.command("pull", short_help="A Zotero library as a .bib file.")
@click.argument("library", metavar="zotero:LIB")
@click.option("-o", "--output", required=True, metavar="OUT", help="The file to write; `-` for standard output.")
@click.option("--collection", default="", metavar="NAME|KEY", help="Only this collection, with those below it.")
@click.option("--changed", is_flag=True, help="Only what changed in Zotero since the last pull.")
@click.option("--notes", is_flag=True, help="Also the text of the items' notes, as `annote` (BibLaTeX: `annotation`).")
@click.option(
    "--files",
    is_flag=False,
    flag_value="~/Zotero",
    default="",
    metavar="[FOLDER]",
    help="Also the paths of files, as `file`; FOLDER is Zotero's data directory (~/Zotero).",
)
@click.option(
    "--markdown", default="", metavar="FOLDER", help="Also notes and annotations, in a Markdown file for each paper."
)
@click.option("--overwrite", is_flag=True, help="Let Zotero's values replace those that were edited in OUT.")
@click.option("--diff", is_flag=True, help="Write nothing; show how OUT would change.")
@endpoint_option("A server other than Zotero's. [env: ZOTERO_ENDPOINT]")
@common_options
@export_options
@own_options(PullOptions)
def command(common: Common, library: str, options: PullOptions) -> int:
    """Write the papers of a Zotero library as BibTeX, or update a .bib file from it.

    If OUT exists, only what changed in Zotero since the last pull is changed in it, by minimal edits. Comments, order
    and layout stay; so do entries and fields that Zotero does not have, and values that were edited in OUT. If both
    sides changed a value, or an item was deleted in Zotero, the entry stays and a note says so. Only what changed since
    the last pull is downloaded; an unchanged library takes one request.

    The library is zotero:user/ID, zotero:group/ID or zotero:local (the Zotero that runs on this computer).

    \b
    Examples:
      refsync pull zotero:user/12345 -o library.bib
      refsync pull zotero:group/678 -o thesis.bib --collection Thesis --dialect biblatex
      refsync pull zotero:user/12345 -o library.bib --diff
      refsync pull zotero:user/12345 -o library.bib --notes --overwrite
    """
    from refsync.zotero.items.mapping import MappingSettings
    from refsync.zotero.pull.apply import PullScope, apply_pull, markdown_files, plan_pull
    from refsync.zotero.web.library import open_library

    output = options.output
    if options.diff and output == STDIN:
        raise ConfigError("--diff shows how a file would change, and `-` is not a file")
    check_output(output, ())
    # Standard output is not a file that could be updated.
    target = Path(output if output != STDIN else "-.bib")
    scope = PullScope(
        collection=options.collection,
        changed=options.changed,
        overwrite=options.overwrite,
        notes=options.notes,
        files=str(Path(options.files).expanduser()) if options.files else "",
        markdown=options.markdown,
    )
    needs_notes = options.notes or bool(options.markdown)
    with (
        show_progress(common.quiet) as report,
        open_library(library, options.endpoint, target.parent, report, write=False, notes=needs_notes) as opened,
    ):
        settings = common.config.export
        mapping = MappingSettings(opened.schema, common.config.zotero.area_prefix)
        if output == STDIN:
            _, data = plan_pull(opened, target, scope, mapping, settings)
            write_data(data)
            return 0
        before = target.read_bytes() if target.exists() else b""
        pull, data = plan_pull(opened, target, scope, mapping, settings)
        documents, edited = markdown_files(pull, opened, scope.markdown) if scope.markdown else ({}, [])
        run = None if options.diff else apply_pull(pull, data, opened, target, documents)
        version, requests = opened.local_copy.version, opened.client.http.sent
    notes = [Problem(str(path), "was edited here; left as it is", kind="note") for path in edited]
    print_problems([*pull.notes, *notes], common.quiet, common.verbose)
    counts = {status: pull.count(status) for status in ("added", "changed", "unchanged")}
    if common.json:
        result = {
            "schema": "refsync.pull/1",
            "library": library,
            "output": output,
            "version": version,
            **counts,
            "requests": requests,
            "notes": [note.message for note in pull.notes],
            "run": str(run.folder) if run else None,
        }
        print_json(result)
        return 0
    if options.diff:
        print_diff(output, before.decode("utf-8", "replace"), data.decode("utf-8", "replace"))
        return 0
    rows = [
        ("papers", f"{sum(counts.values()):,}", f"of {library}, version {version:,}"),
        ("added", f"{counts['added']:,}", ""),
        ("changed", f"{counts['changed']:,}", ""),
        ("unchanged", f"{counts['unchanged']:,}", "every byte stays" if counts["unchanged"] else ""),
        ("notes", f"{len(pull.notes):,}", "listed above" if pull.notes else ""),
        ("requests", f"{requests:,}", "" if run else "nothing was written"),
    ]
    if run:
        rows.append(("backup", "", str(run.folder)))
    print_rows(rows)
    return 0
