"""`refsync dedupe`: find and merge the records of one paper."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import click
from click.core import ParameterSource

from refsync import schemas
from refsync.cites import NO_CITES, Cites
from refsync.cli.common.duplicates import Duplicates, deduplicate, print_groups
from refsync.cli.common.engine import engine_options
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import exit_code, must_stop, read_citing, read_inputs
from refsync.cli.common.library import write_and_report
from refsync.cli.common.memory_estimate import warn_of_memory
from refsync.cli.common.options import (
    Common,
    against_option,
    citing_options,
    common_options,
    dry_run_option,
    endpoint_option,
    export_options,
    inputs_argument,
    jobs_option,
    library_options,
    output_option,
    own_options,
    plan_option,
    removed_option,
)
from refsync.cli.common.output_files import check_output, check_removed
from refsync.cli.common.papis_library import only_library
from refsync.cli.common.parts import write_in_parts
from refsync.cli.common.plan_files import check_plan, plan_document
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.request import Request
from refsync.cli.common.text import print_json
from refsync.cli.dedupe.in_papis import merge_papis_library
from refsync.cli.dedupe.in_place import merge_files
from refsync.cli.zotero.merge import MergeOptions, merge_library
from refsync.decisions import choices_for_clusters
from refsync.dedup.results import Deduplication
from refsync.errors import ConfigError
from refsync.in_place.aliases import aliases_chosen
from refsync.in_place.citing import Citing
from refsync.planning.key_ownership import shared_keys
from refsync.planning.plan import PlanContext, make_plan
from refsync.sources import Reading, is_remote
from refsync.zotero.settings import SurvivorRule


@dataclass(frozen=True, slots=True)
class DedupeOptions:
    """The options of `refsync dedupe`."""

    output: str
    against: str
    write: bool
    diff: bool
    apply: bool
    types: Literal["skip", "convert"]
    endpoint: str
    plan_path: str
    dry_run: bool
    removed: str
    collection: str
    survivor: tuple[SurvivorRule, ...]

    def check(self) -> None:
        """Refuse options that exclude each other.

        Raises:
            ConfigError: they do.
        """
        if self.in_place and (self.output or self.against):
            raise ConfigError("--write and --diff change the inputs themselves, and exclude -o and --against")
        if self.in_place and (
            export := [
                name for name in ("dialect", "keys", "sort", "provenance", "versions") if _is_on_command_line(name)
            ]
        ):
            raise ConfigError(f"--{export[0]} is for -o: --write changes nothing but the duplicates")
        if self.plan_path and not (self.output or self.write):
            raise ConfigError(
                "--plan, but nothing to write", hint="-o OUT.bib writes a library, --write the files themselves"
            )

    @property
    def in_place(self) -> bool:
        return self.write or self.diff


@click.command("dedupe", short_help="Find the records that are one paper.")
@inputs_argument
@output_option
@against_option
@click.option(
    "--write", is_flag=True, help="Merge inside the .bib files, or the papis library, themselves; other bytes stay."
)
@click.option("--diff", is_flag=True, help="Show what --write changes; writes nothing.")
@click.option("--apply", is_flag=True, help="Merge inside the Zotero library; `refsync undo` undoes it.")
@click.option(
    "--types",
    type=click.Choice(["skip", "convert"]),
    default="skip",
    show_default=True,
    help="Items of a Zotero library that are one paper but have different item types: skip them, or convert them.",
)
@click.option("--collection", default="", metavar="NAME|KEY", help="In a Zotero library: this collection alone.")
@click.option(
    "--keep-item",
    "survivor",
    multiple=True,
    type=click.Choice(get_args(SurvivorRule)),
    help="Which item of a Zotero library stays; may be repeated, the first rule that distinguishes them decides. "
    "[default: the oldest]",
)
@endpoint_option("Another server than Zotero's. [env: ZOTERO_ENDPOINT]")
@plan_option
@dry_run_option
@removed_option
@jobs_option
@citing_options
@common_options
@engine_options
@export_options
@library_options
@own_options(DedupeOptions)
def command(common: Common, citing: Citing, inputs: tuple[str, ...], options: DedupeOptions) -> int:
    """Find the records of INPUT... that are one paper; with -o write the merged library.

    Prints the groups, the versions of a paper (linked, not merged) and the pairs that a person should review.

    \b
    Examples:
      refsync dedupe a.bib b.bib
      refsync dedupe export.csv --format json | jq .unique
      refsync dedupe pages/*.txt -o merged.bib
      refsync dedupe *.ris -o to-screen.ris --removed duplicates.csv
      refsync dedupe refs.bib --diff             # then with --write; `refsync undo` undoes it
      refsync dedupe refs.bib --write --cites paper/ --rewrite-cites
      refsync dedupe refs.bib --write --plan plan.json   # review it, then `refsync apply plan.json`
      refsync dedupe papis:papers --write        # documents of papis: values, files and notes move to one
      refsync dedupe zotero:user/12345           # shows the merges; with --apply does them
    """
    papis_library = only_library(inputs) if options.in_place or options.apply else None
    if papis_library and options.apply:
        options = replace(options, write=True, apply=False)
    if options.apply and (len(inputs) > 1 or not is_remote(inputs[0])):
        raise ConfigError("--apply merges inside one Zotero library", hint="--write merges inside .bib files")
    zotero_library = inputs[0] if len(inputs) == 1 and is_remote(inputs[0]) else ""
    if zotero_library and not (options.output or options.against or options.in_place):
        merging = MergeOptions(
            types=options.types,
            endpoint=options.endpoint,
            collection=options.collection,
            survivor=options.survivor,
            apply=options.apply,
        )
        return merge_library(common, zotero_library, merging)
    if options.collection or options.survivor:
        raise ConfigError("--collection and --keep-item are for merging inside one Zotero library")
    options.check()
    if papis_library and options.plan_path:
        raise ConfigError("--plan is not for merging inside a papis library", hint="--diff shows what --write changes")
    parts = common.engine.writes_parts(options.output)
    if not parts:
        check_output(options.output, inputs, options.against)
    check_plan(options.plan_path, inputs, options.output, options.against)
    check_removed(options.removed, inputs, options.output, options.plan_path)
    request = Request(
        command="dedupe",
        common=common,
        inputs=inputs,
        output=options.output,
        against=options.against,
        citing=citing,
        plan_path=options.plan_path,
        dry_run=options.dry_run,
        removed=options.removed,
        in_place=options.in_place,
    )
    if parts:
        return write_in_parts(request, None)
    warn_of_memory((*inputs, options.against), quiet=common.quiet or bool(common.engine.master))
    with show_progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report, options.against)
        if must_stop(reading, common):
            if common.json:
                print_json(schemas.dedupe((), Deduplication(), reading.problems))
            return UNREADABLE
        duplicates = deduplicate(reading, request, report)
        cites = read_citing(citing, common, report, reading) if options.in_place or options.output else NO_CITES
    if options.in_place:
        write = options.write and not options.diff
        if papis_library:
            return merge_papis_library(request, papis_library, reading, duplicates, cites, write=write)
        return merge_files(request, reading, duplicates, cites, write=write, diff=options.diff)
    if options.output:
        return _write_library(request, reading, duplicates, cites)
    clusters = [cluster.members for cluster in duplicates.found.clusters]
    keys = tuple(shared_keys(reading.records, clusters, reading.known))
    print_problems((*duplicates.problems, *keys, *duplicates.notes), common.quiet, common.verbose)
    problems = (*reading.problems, *duplicates.problems, *keys)
    if common.json:
        print_json(schemas.dedupe(reading.records, duplicates.found, problems, reading.known))
    else:
        databases = common.config.export.databases
        print_groups(reading.records, duplicates.found, problems, reading.known, databases=databases)
    return exit_code(reading, common.strict, duplicates.problems)


def _write_library(request: Request, reading: Reading, duplicates: Duplicates, cites: Cites) -> int:
    """Write the merged library, without areas; the exit code."""
    print_problems(duplicates.notes, request.common.quiet, request.common.verbose)
    found = duplicates.found
    choices, disputed = choices_for_clusters(found.clusters, reading.records, duplicates.answers)
    context = PlanContext(
        known=reading.known,
        cites=cites,
        ids=aliases_chosen(request.citing),
        preambles=reading.preambles,
        field_choices=choices,
        cannot_link=duplicates.answers.cannot_link,
    )
    problems = (*reading.problems, *duplicates.problems, *disputed)
    plan = make_plan(reading.records, found, problems, config=request.common.config, context=context)
    document = plan_document(plan, reading, request, cites)
    result = schemas.dedupe(reading.records, found, plan.problems, reading.known)
    return write_and_report(plan, reading, request, cites, result=result, document=document)


def _is_on_command_line(option: str) -> bool:
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE
