"""`refsync merge-driver`: called by git to merge two versions of a .bib file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import click

from refsync.cli.common.options import own_options
from refsync.cli.common.output import echo
from refsync.cli.common.text import title_of
from refsync.errors import RefsyncError, SourceError
from refsync.files import replace_file
from refsync.git.entry_merge import ConflictStyle
from refsync.git.files import UnmergeableError, merge_files
from refsync.git.three_way import Merge
from refsync.records import Record
from refsync.text.printable import printable

CONFLICT = 1  # what a merge driver returns where a person has to decide (gitattributes(5))


@dataclass(frozen=True, slots=True)
class DriverOptions:
    """The options of `refsync merge-driver`."""

    marker_size: int
    prefer: Literal["", "ours", "theirs"]
    same_paper: Literal["keep", "merge"]


@click.command("merge-driver", short_help="Merge two versions of a .bib file, for git.")
@click.argument("base", type=click.Path(dir_okay=False))
@click.argument("ours", type=click.Path(dir_okay=False))
@click.argument("theirs", type=click.Path(dir_okay=False))
@click.argument("path", default="")
@click.option("--marker-size", type=click.IntRange(1), default=7, show_default=True, help="Length of conflict markers.")
@click.option(
    "--prefer",
    type=click.Choice(["", "ours", "theirs"]),
    default="",
    help="Whose value is taken where both changed it.  [default: mark the conflict]",
)
@click.option(
    "--same-paper",
    type=click.Choice(["keep", "merge"]),
    default="keep",
    show_default=True,
    help="What to do with a paper that both added under two keys: report it and keep both, or merge them.",
)
@own_options(DriverOptions)
def command(base: str, ours: str, theirs: str, path: str, options: DriverOptions) -> int:
    """Merge OURS and THEIRS, two versions of BASE, and write the result to OURS. PATH is the file's name in messages.

    `refsync git-setup` has git call this. Entries are merged by their keys, and fields of one entry one by one: what
    only one side changed is taken, what both changed differently is put between conflict markers inside the entry.
    Keywords and groups are united. What neither side touched stays byte for byte.

    Exit codes: 0 merged, 1 there are conflicts, or nothing could be merged and OURS stays.

    \b
    Example:
      refsync merge-driver base.bib ours.bib theirs.bib refs.bib --prefer ours
    """
    name = printable(path or ours)
    try:
        style = ConflictStyle(prefer=options.prefer, size=options.marker_size)
        merged = merge_files(Path(base).read_bytes(), Path(ours).read_bytes(), Path(theirs).read_bytes(), style)
    except (UnmergeableError, OSError) as error:
        echo(f"refsync: error: {name}: {error}", err=True)
        return CONFLICT
    for conflict in merged.conflicts:
        echo(f"refsync: conflict: {name}: {printable(str(conflict))}", err=True)
    merged = _same_papers(merged, path or ours, merge=options.same_paper == "merge")
    replace_file(Path(ours), merged.text.encode("utf-8", "surrogateescape"))
    return CONFLICT if merged.conflicts else 0


def _same_papers(merged: Merge, path: str, *, merge: bool) -> Merge:
    """Report the papers that both sides added, each under a key of its own, or merge them."""
    if not (merged.added_by_us and merged.added_by_them) or merged.conflicts:
        return merged
    from refsync.api import find_duplicates
    from refsync.config import load_config
    from refsync.formats.bibtex.format import read
    from refsync.planning.merge_in_place import merge_in_place

    try:
        records = read(merged.text.encode("utf-8", "surrogateescape"), path).records
    except SourceError:
        return merged
    config = load_config(near=[path])
    new = [
        i for i, record in enumerate(records) if record.id.casefold() in {*merged.added_by_us, *merged.added_by_them}
    ]
    added = [records[i] for i in new]
    found = find_duplicates(added, config)
    twice = [cluster for cluster in found.clusters if _from_both([added[i] for i in cluster.members], merged)]
    for cluster in twice:
        keys = ", ".join(printable(added[i].id) for i in cluster.members)
        done = "merged into the first" if merge else f"both kept; `refsync dedupe {path} --write` merges them"
        title = title_of(added[cluster.members[0]], 60)
        echo(f"refsync: note: {printable(path)}: both sides added one paper: {keys} ({title}): {done}", err=True)
    if not (merge and twice):
        return merged
    clusters = tuple(replace(one, members=tuple(new[i] for i in one.members), evidence=()) for one in twice)
    result = replace(found, clusters=clusters, versions=(), review=())
    try:
        revisions = merge_in_place({path: merged.text}, records, result, config.merge)
    except (RefsyncError, ValueError) as error:
        echo(f"refsync: note: {printable(path)}: they were not merged: {error}", err=True)
        return merged
    return replace(merged, text=revisions[0].after) if revisions else merged


def _from_both(members: Sequence[Record], merged: Merge) -> bool:
    keys = {record.id.casefold() for record in members}
    return bool(keys & {*merged.added_by_us}) and bool(keys & {*merged.added_by_them})
