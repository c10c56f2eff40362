"""What changed in the user's files: entries, citation keys, citations, and how to undo it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refsync.cli.common.output import echo
from refsync.cli.common.text import counted
from refsync.operating_system import quoted
from refsync.runs.journal import Run
from refsync.text.printable import printable

if TYPE_CHECKING:  # `check` starts fast because it imports none of these
    from refsync.cites import RewrittenDocument
    from refsync.planning.revision import Revision


def print_revisions(
    revisions: "Sequence[Revision]",
    rewritten: "Sequence[RewrittenDocument]",
    run: Path | None,
    keys: Mapping[str, str],
    to_stderr: bool = False,
) -> None:
    """Print what was changed in the user's files, the citation keys that were replaced, and how to undo it.

    Args:
        revisions: the changed files.
        rewritten: the documents.
        run: the folder of the run; None if nothing was written.
        keys: all keys that were replaced, see `KeyMap.everything`; those that no file lists are printed after them.
        to_stderr: print on standard error.
    """
    listed = {name for item in revisions for old in item.renamed for name in (old, f"{item.source}:{old}")}
    for item in revisions:
        removed, changed = counted(item.deleted, "entry"), counted(item.changed, "entry")
        echo(f"{printable(item.source)}: {removed} deleted, {changed} changed", err=to_stderr)
        print_renamed(item.renamed, to_stderr)
    print_renamed({old: new for old, new in keys.items() if old not in listed}, to_stderr)
    print_rewritten(rewritten, to_stderr)
    if run:
        print_undo_hint(run, to_stderr)
    else:
        echo("nothing was written (--dry-run)" if revisions else "no duplicates; nothing was changed", err=to_stderr)


def print_undo_hint(run: Path, to_stderr: bool = False) -> None:
    """Print how to undo the run recorded in the folder `run`, from the working directory."""
    if not Run(run).is_proven:
        note = "`refsync undo` cannot undo this: there is no folder of yours for the proof that the journal is yours"
        echo(f"refsync: note: {note} (XDG_DATA_HOME); the previous files are in {run}", err=True)
        return
    library = run.parents[2]
    elsewhere = "" if library.resolve() == Path.cwd() else f" --in {quoted(str(library))}"
    echo(f"`refsync undo{elsewhere}` undoes this; the previous files are in {run}", err=to_stderr)


def print_renamed(
    renamed: Mapping[str, str], to_stderr: bool = False, most: int = 0, where: str = "plan.json beside the ledger"
) -> None:
    """Print old citation keys with the new ones; all of them, or the first `most` and `where` the others are."""
    for old, new in [*renamed.items()][: most or None]:
        echo(f"  {old} -> {new}", err=to_stderr)
    if most and (hidden := len(renamed) - most) > 0:
        echo(f"  {counted(hidden, 'more key')}: {where} lists all", err=to_stderr)


def print_rewritten(rewritten: "Sequence[RewrittenDocument]", to_stderr: bool = False) -> None:
    """Print the documents whose citations were changed."""
    for item in rewritten:
        if item.rewritten:
            echo(f"{item.source}: {counted(item.rewritten, 'citation')} rewritten", err=to_stderr)
