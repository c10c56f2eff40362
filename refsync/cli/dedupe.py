"""`refsync dedupe`: which records are one paper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import click
from click.core import ParameterSource

from refsync import schemas
from refsync.apply import apply_revisions, read_texts
from refsync.check.find import MERGEABLE
from refsync.check.select import entries_ignored
from refsync.cites import NO_CITES, Cites, left_behind, move_cites
from refsync.cli import show
from refsync.cli.merge import merge_library
from refsync.cli.options import (
    Citing,
    Common,
    against_option,
    citing_options,
    common_options,
    export_options,
    inputs_argument,
    output_option,
)
from refsync.cli.run import check_output, finish
from refsync.cli.stages import UNREADABLE, exit_code, must_stop, read_citing, read_inputs, remembered_answers
from refsync.decisions import Remembered, choices_in
from refsync.dedup.results import Deduplication
from refsync.errors import ConfigError
from refsync.export import PLAIN
from refsync.formats.bibtex.dialect import dialect_of
from refsync.inplace import revise, survivors_first
from refsync.plan import find_duplicates, make_plan
from refsync.records import Problem, Record
from refsync.sources import Reading, is_remote


@click.command("dedupe", short_help="Find the records that are one paper.")
@inputs_argument
@output_option
@against_option
@click.option("--write", is_flag=True, help="Merge inside the .bib files themselves; every other byte stays.")
@click.option("--diff", is_flag=True, help="Show what --write changes; alone, write nothing.")
@click.option("--apply", is_flag=True, help="Merge inside the Zotero library; `refsync undo` takes it back.")
@click.option(
    "--types",
    type=click.Choice(["skip", "convert"]),
    default="skip",
    show_default=True,
    help="Items of a Zotero library that are one paper but of different item types: leave them, or translate them.",
)
@click.option("--endpoint", default="", metavar="URL", help="Another server than Zotero's. [env: ZOTERO_ENDPOINT]")
@citing_options
@common_options
@export_options
def command(
    common: Common,
    citing: Citing,
    inputs: tuple[str, ...],
    output: str,
    against: str,
    write: bool,
    diff: bool,
    apply: bool,
    types: Literal["skip", "convert"],
    endpoint: str,
) -> int:
    """Find the records of INPUT... that are one paper; with -o write the merged library.

    Prints the groups, the versions of a paper (linked, not merged) and the pairs that a person should look at.

    \b
    Examples:
      refsync dedupe a.bib b.bib
      refsync dedupe export.csv --format json | jq .unique
      refsync dedupe pages/*.txt -o merged.bib
      refsync dedupe refs.bib --diff             # then with --write; `refsync undo` takes it back
      refsync dedupe refs.bib --write --cites paper/ --rewrite-cites
      refsync dedupe zotero:user/12345           # shows the merges; with --apply does them
    """
    if apply and (len(inputs) > 1 or not is_remote(inputs[0])):
        raise ConfigError("--apply merges inside one Zotero library", hint="--write merges inside .bib files")
    if len(inputs) == 1 and is_remote(inputs[0]) and not (output or against or write or diff):
        return merge_library(common, inputs[0], types, endpoint, apply=apply)
    in_place = write or diff
    if in_place and (output or against):
        raise ConfigError("--write and --diff change the inputs themselves, and exclude -o and --against")
    if in_place and (export := [name for name in ("dialect", "keys", "sort") if _said(name)]):
        raise ConfigError(f"--{export[0]} is for -o: --write leaves all but the duplicates as it is")
    check_output(output, inputs, against)
    with show.progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report, against)
        if must_stop(reading, common):
            if common.json:
                show.print_json(schemas.dedupe((), Deduplication(), reading.problems))
            return UNREADABLE
        remembered, contradictions = remembered_answers(reading.records, inputs, output, common)
        found = find_duplicates(reading.records, common.config.dedup, remembered, report, reading.known)
        cites = read_citing(citing, common, report) if in_place or output else NO_CITES
    problems = (*reading.problems, *contradictions)
    if in_place:
        return revise_files(reading, found, remembered, problems, cites, citing, common, write=write, diff=diff)
    if output:
        chosen, disputed = choices_in(found.clusters, reading.records, remembered)
        ids = citing.ids is not False
        plan = make_plan(
            reading.records,
            found,
            (*problems, *disputed),
            config=common.config,
            known=reading.known,
            cites=cites,
            ids=ids,
            preambles=reading.preambles,
            chosen=chosen,
        )
        result = schemas.dedupe(reading.records, found, plan.problems, reading.known)
        return finish(plan, reading, output, common, "dedupe", result, cites, citing)
    show.print_problems(contradictions, common.quiet, common.verbose)
    if common.json:
        show.print_json(schemas.dedupe(reading.records, found, problems, reading.known))
    else:
        print_groups(reading.records, found, problems, reading.known)
    return exit_code(reading)


def _said(option: str) -> bool:
    """Whether the command line has this option."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def revise_files(
    reading: Reading,
    found: Deduplication,
    remembered: Remembered,
    problems: tuple[Problem, ...],
    cites: Cites,
    citing: Citing,
    common: Common,
    *,
    write: bool,
    diff: bool,
) -> int:
    """Merge duplicates in the files that were read, or show what that would change.

    Raises:
        ConfigError: an input is no .bib file.
    """
    for snapshot in reading.snapshots:
        if snapshot.format != "bibtex" or snapshot.source in reading.kept:
            raise ConfigError(
                f"{snapshot.source}: only .bib files can be changed in place", hint="use -o for the others"
            )
    inputs = {snapshot.source: reading.digests[snapshot.source] for snapshot in reading.snapshots}
    texts = read_texts(inputs)
    found, left = _without_ignored(texts, reading.records, found)
    chosen, disputed = choices_in(found.clusters, reading.records, remembered)
    problems = (*problems, *disputed)
    show.print_problems(problems[len(reading.problems) :], common.quiet, common.verbose)
    if common.strict and len(problems) > len(reading.problems):
        return UNREADABLE
    found = survivors_first(reading.records, found, cites)
    settings = replace(common.config.merge, keep="first")
    revisions = revise(texts, reading.records, found, settings, aliased(reading, citing), chosen)
    config = replace(common.config, merge=settings, export=PLAIN)
    plan = make_plan(reading.records, found, problems, config=config, chosen=chosen)
    kept = tuple(replace(entry, record=replace(entry.record, id=entry.merged.record.id)) for entry in plan.entries)
    plan = replace(plan, entries=kept, problems=tuple(problems))
    moved = move_cites(cites, plan.renamed, write=citing.rewrite)
    told = [*left, *(note for revision in revisions for note in revision.notes), *left_behind(moved)]
    show.print_problems(told, common.quiet, common.verbose)
    if diff and not common.json:
        for revision in revisions:
            show.print_diff(revision.source, revision.before, revision.after)
        for item in moved:
            show.print_diff(item.source, item.before, item.after)
    run = apply_revisions(revisions, plan, inputs, documents=moved) if write and revisions else None
    if common.json:
        result = schemas.dedupe(reading.records, found, (*problems, *told))
        show.print_json({**result, **schemas.renamed(plan, moved)})
    elif write:
        show.print_revisions(revisions, moved, run.folder if run else None)
    return exit_code(reading)


def _without_ignored(
    texts: Mapping[str, str], records: Sequence[Record], found: Deduplication
) -> tuple[Deduplication, list[Problem]]:
    """The same verdicts without the entries above which a comment says that they are none, and a note for each."""
    ignored = {source: entries_ignored(text, MERGEABLE) for source, text in texts.items()}
    clusters, notes = [], []
    for cluster in found.clusters:
        first, *others = cluster.members
        stay = [i for i in others if records[i].index in ignored[records[i].source]]
        for i in stay:
            told = (
                f"{records[i].id!r} is not merged into {records[first].id!r}: a comment above it says `refsync: ignore`"
            )
            notes.append(Problem(records[i].source, told, records[i].line, kind="note"))
        members = tuple(i for i in cluster.members if i not in stay)
        if len(members) > 1:
            evidence = tuple(pair for pair in cluster.evidence if {pair.a, pair.b} <= {*members})
            clusters.append(replace(cluster, members=members, evidence=evidence))
    return replace(found, clusters=tuple(clusters)), notes


def aliased(reading: Reading, citing: Citing) -> list[str]:
    """The files whose entries keep the keys that they take over, in `ids`.

    Where it isn't said, those written for BibLaTeX, unless documents are rewritten: BibTeX knows no aliases, and who
    has us rewrite the documents wants the old key gone.
    """
    if citing.ids is False or (citing.ids is None and citing.rewrite):
        return []
    return [
        snapshot.source for snapshot in reading.snapshots if citing.ids or dialect_of(snapshot.records) == "biblatex"
    ]


def print_groups(records: Sequence[Record], found: Deduplication, problems: Sequence[Problem], known: int) -> None:
    """The groups, versions and questions, each record on a line of its own, and a summary at the end."""
    for cluster in found.clusters:
        verdict = "already there" if cluster.members[0] < known else "same paper"
        _print_group(verdict, cluster.probability, [records[i] for i in cluster.members])
    for link in found.versions:
        _print_group(f"versions: {link.relation}", link.probability, [records[i] for i in link.members])
    for link in found.review:
        _print_group("to review", link.probability, [records[i] for i in link.members])
    removed = sum(len(cluster.members) - 1 for cluster in found.clusters)
    new = len(records) - known
    click.echo(
        f"{show.counted(new, 'record')}: {new - removed:,} {'new' if known else 'unique'}, {removed:,} to merge "
        f"in {show.counted(len(found.clusters), 'group')}, {len(found.versions):,} versions, "
        f"{len(found.review):,} to review, {show.counted(len(problems), 'problem')}"
    )


def _print_group(verdict: str, probability: float, members: list[Record]) -> None:
    click.secho(f"{verdict}  p={probability:.3f}", bold=True)
    for record in members:
        click.echo(f"  {show.place_of(record)}  {show.title_of(record)}")
    click.echo()
