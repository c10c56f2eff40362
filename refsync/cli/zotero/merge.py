"""`refsync dedupe zotero:LIB`: merging inside a Zotero library."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from refsync import schemas
from refsync.cli.common import show
from refsync.cli.common.options import Common
from refsync.cli.common.stages import UNREADABLE, remembered_answers
from refsync.decisions import FILE_NAME, choices_in
from refsync.runs.journal import Run

if TYPE_CHECKING:  # `--help` starts fast because it imports none of these
    from refsync.zotero.merge.apply import Merging
    from refsync.zotero.merge.combine import Difference
    from refsync.zotero.merge.plan import Merge, Skipped, Types
    from refsync.zotero.merge.steps import Holdings, Step
    from refsync.zotero.push.plan import Refusal

NOT_ALL_WRITTEN = 3  # exit code
SHORT = 40  # letters of a value

GO_ON = "`refsync apply --resume` goes on, `refsync undo` takes it back"


def merge_library(common: Common, name: str, types: "Types", endpoint: str, *, apply: bool) -> int:
    """Find the items of a library that are one paper; with `apply` merge them, else show what that would do.

    Raises:
        ConfigError: the library cannot be opened.
        RemoteError: the server refused or did not answer.
    """
    from refsync.cli.dedupe.command import print_groups
    from refsync.planning.run_models import find_duplicates
    from refsync.zotero.merge.apply import Merging, begin, carry_out, foreseen, holdings
    from refsync.zotero.merge.chosen_fields import chosen_properties
    from refsync.zotero.merge.plan import choose_merges
    from refsync.zotero.push.plan import library_records, papers
    from refsync.zotero.web.library import open_library

    with (
        show.progress(common.quiet) as report,
        open_library(name, endpoint, Path(), report, write=apply) as opened,
    ):
        held = holdings(opened, types)
        library = papers(held.items)
        records = [
            replace(record, id=item["key"])
            for record, item in zip(
                library_records(opened.remote.address, library, held.settings), library, strict=True
            )
        ]
        remembered, contradictions = remembered_answers(tuple(records), (FILE_NAME,), "", common)
        found = find_duplicates(records, common.config.dedup, remembered, report)
        choices, disputed = choices_in(found.clusters, records, remembered)
        problems = [*contradictions, *disputed]
        show.print_problems(problems, common.quiet, common.verbose)
        if common.strict and problems:
            return UNREADABLE

        def chosen(members: Sequence[int], survivor: str) -> schemas.Json:
            wanted = choices.get(min(members))
            of = [records[index] for index in members]
            return chosen_properties(of, wanted, held.items[survivor], held.settings) if wanted else {}

        merges, skipped = choose_merges(found.clusters, library, held.uri, types, chosen)
        steps, refused = foreseen(merges, held)
        result = schemas.dedupe(records, found, problems)
        run, told = None, Merging(refused=[refusal for refusal, _ in refused])
        before = dict(held.items)
        if apply and steps:
            run = begin(merges, steps, held, opened, types, Path())
            try:
                told = carry_out(merges, held, opened, run, report)
            except KeyboardInterrupt:
                click.echo(f"refsync: note: {GO_ON}", err=True)
                raise
    complain(str(opened.remote.address), told.refused, told.stopped)
    if common.json:
        show.print_json({**result, **_as_json(merges, skipped, steps, told, run, opened.remote.http.sent, apply=apply)})
    else:
        if not apply:
            print_groups(records, found, problems, 0)
            click.echo()
        held.items = before
        _print_merges(merges, skipped, steps, held, common.verbose)
        _print_account(len(records), merges, skipped, steps, told, run, opened.remote.http.sent, apply=apply)
    return NOT_ALL_WRITTEN if told.refused or told.stopped else 0


def complain(library: str, refused: "Sequence[Refusal]", stopped: str, go_on: str = GO_ON) -> None:
    """What was not done, and why; where all of it was stopped, how to go on."""
    for item in refused:
        title = f" {item.title[:60]!r}:" if item.title else ""
        click.echo(f"refsync: error: {library} {item.key}:{title} {item.message}", err=True)
    if stopped:
        click.echo(f"refsync: error: {stopped}", err=True)
        click.echo(f"refsync: note: {go_on}", err=True)


def _as_json(
    merges: "Sequence[Merge]",
    skipped: "Sequence[Skipped]",
    steps: "Sequence[Step]",
    told: "Merging",
    run: Run | None,
    requests: int,
    *,
    apply: bool,
) -> schemas.Json:
    """What is added to the groups: the merges, and what is sent for them."""
    from refsync.zotero.merge.apply import sends

    differing = _differing(steps)
    return {
        "merges": [
            {
                "survivor": merge.survivor,
                "losers": list(merge.losers),
                "differing": [asdict(one) for one in differing.get(merge.survivor, ())],
                "chosen": dict(merge.chosen),
                "done": any(done.survivor == merge.survivor for done in told.done),
            }
            for merge in merges
        ],
        "skipped": [{"keys": list(item.keys), "why": item.why} for item in skipped],
        "refused": [{"key": item.key, "title": item.title, "message": item.message} for item in told.refused],
        "applied": apply,
        "requests": requests,
        "run": str(run.folder) if run else None,
        **({} if apply else {"sends": sends(steps)}),
    }


def _differing(steps: "Sequence[Step]") -> "dict[str, tuple[Difference, ...]]":
    found: dict[str, tuple[Difference, ...]] = {}
    for step in steps:
        for key, differences in step.differing.items():
            found.setdefault(key, differences)
    return found


def _print_merges(
    merges: "Sequence[Merge]", skipped: "Sequence[Skipped]", steps: "Sequence[Step]", held: "Holdings", verbose: bool
) -> None:
    """What each merge does: a line for the item that stays, and one for each that changes."""
    from refsync.zotero.merge.steps import title_of

    differing = _differing(steps)
    shown = merges if verbose else merges[: show.SHOWN_PROBLEMS]
    for merge in shown:
        click.secho(f"{merge.survivor}  {title_of(held.items[merge.survivor])[:80]}", bold=True)
        for change in (change for step in steps for change, of in step.changes if of == merge):
            click.echo(f"  {_line(change.key, change.object, merge, held)}")
        for one in differing.get(merge.survivor, ()):
            click.echo(f"  = keeps {one.name} {_shown(one.kept, verbose)}; {one.key} has {_shown(one.other, verbose)}")
    if hidden := len(merges) - len(shown):
        click.echo(f"... and {show.counted(hidden, 'more merge')}; -v shows all, --format json what is sent")
    for item in skipped if verbose else skipped[: show.SHOWN_PROBLEMS]:
        click.echo(f"{', '.join(item.keys)}: not merged, {item.why}")
    if merges or skipped:
        click.echo()


def _shown(value: str, verbose: bool) -> str:
    """A value in quotes, shortened unless all is to be shown."""
    return repr(value if verbose or len(value) <= SHORT else f"{value[: SHORT - 3]}...")


def _line(key: str, sent: schemas.Json, merge: "Merge", held: "Holdings") -> str:
    """One change for people: `~` fills or mends, `>` moves, `x` goes to the trash."""
    from refsync.zotero.merge.steps import title_of

    item = held.items[key]
    what = f"{key}  {item['itemType']} {title_of(item)[:60]!r}"
    if sent.get("deleted"):
        return f"x {what} to the trash" if key in merge.losers else f"x {what} to the trash: its file stands twice"
    names = [name for name in sent if name not in ("key", "version", "parentItem")]
    mended = f", with {', '.join(names)}" if names else ""
    if "parentItem" in sent:
        return f"> {what} to {sent['parentItem']}{mended}"
    return f"~ {key}  takes {', '.join(names)}" if key == merge.survivor else f"~ {what}: {', '.join(names)}"


def _print_account(
    records: int,
    merges: "Sequence[Merge]",
    skipped: "Sequence[Skipped]",
    steps: "Sequence[Step]",
    told: "Merging",
    run: Run | None,
    requests: int,
    *,
    apply: bool,
) -> None:
    done = told.done if apply else merges
    would = "" if apply else "would be "
    trashed = sum(len(merge.losers) for merge in done)
    moved = sum("parentItem" in change.object for step in steps for change, _ in step.changes)
    rows = [
        ("papers", f"{records:,}", ""),
        ("merged", f"{len(done):,}", f"{would}one item each, of {trashed + len(done):,}" if done else ""),
        ("to the trash", f"{trashed:,}", "restorable there; nothing is erased" if trashed else ""),
        ("children moved", f"{moved:,}", "notes, files, annotations" if moved else ""),
        ("skipped", f"{len(skipped):,}", "of different item types" if skipped else ""),
        ("not done", f"{len(told.refused):,}", "listed above" if told.refused else ""),
        ("requests", f"{requests:,}", "" if run else f"nothing was written{'' if apply else '; --apply does it'}"),
    ]
    if run:
        rows.append(("journal", "", f"{run.folder}; `refsync undo` takes it back"))
    show.print_rows(rows)
