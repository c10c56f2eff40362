"""`refsync run`: read, deduplicate, tag, write."""

from dataclasses import dataclass

import click

from refsync import schemas
from refsync.classify.settings import taxonomy_settings
from refsync.cli.common.area_shares import library_tagger
from refsync.cli.common.engine import engine_options
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.folded_help import FoldedOption
from refsync.cli.common.inputs import must_stop, read_citing, read_inputs
from refsync.cli.common.library import plan_library, write_and_report
from refsync.cli.common.lookup import look_up, print_filled, print_lookups, with_values
from refsync.cli.common.memory_estimate import warn_of_memory
from refsync.cli.common.options import (
    Common,
    against_option,
    citing_options,
    common_options,
    dry_run_option,
    export_options,
    inputs_argument,
    jobs_option,
    library_options,
    no_tags_option,
    output_option,
    own_options,
    plan_option,
    removed_option,
    taxonomy_option,
)
from refsync.cli.common.output_files import check_output, check_removed
from refsync.cli.common.parts import write_in_parts
from refsync.cli.common.plan_files import check_plan, plan_document
from refsync.cli.common.progress import show_progress
from refsync.cli.common.request import Request
from refsync.cli.common.text import print_json
from refsync.dedup.results import Deduplication
from refsync.enrich.environment import with_environment
from refsync.errors import ConfigError
from refsync.in_place.citing import Citing
from refsync.planning.library_groups import GroupField, LibraryGroups, with_groups
from refsync.planning.plan import Plan
from refsync.planning.run_models import title_and_abstract

FIELDS: tuple[GroupField, ...] = ("keywords", "groups")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of `refsync run`."""

    output: str
    against: str
    plan_path: str
    dry_run: bool
    taxonomy: str
    no_tags: bool
    removed: str
    enrich: bool
    suggest: int | None
    suggest_field: GroupField

    def apply_to(self, common: Common) -> Common:
        """The settings as the options change them.

        Raises:
            ConfigError: options exclude each other.
        """
        if self.suggest and self.plan_path:
            raise ConfigError(
                "--suggest with --plan: groups are no part of a plan",
                hint="`refsync areas LIBRARY --suggest N -o groups.toml` writes groups that you can edit",
            )
        if self.no_tags and self.taxonomy not in ("", "none"):
            raise ConfigError(f"--taxonomy {self.taxonomy} and --no-tags exclude each other")
        taxonomy = "none" if self.no_tags else self.taxonomy
        return common.with_areas(**taxonomy_settings(taxonomy)) if taxonomy else common


@click.command("run", short_help="The main job.")
@inputs_argument
@output_option
@against_option
@plan_option
@dry_run_option
@removed_option
@jobs_option
@taxonomy_option
@no_tags_option
@click.option(
    "--enrich",
    is_flag=True,
    help="Look up missing fields at Crossref, arXiv and OpenAlex first, and fill what is certain; sends requests. "
    "See refsync enrich --help.",
)
@click.option(
    "--suggest",
    type=click.IntRange(min=2),
    metavar="N",
    help="Find up to N groups of papers, and write them too, with the prefix `area:`. A paper that is near to none of "
    "them gets none.",
)
@click.option(
    "--suggest-field",
    type=click.Choice(FIELDS),
    default="keywords",
    show_default=True,
    help="Where groups are written; `groups` is read by JabRef.",
    cls=FoldedOption,
)
@citing_options
@common_options
@engine_options
@export_options
@library_options
@own_options(RunOptions)
def command(common: Common, citing: Citing, inputs: tuple[str, ...], options: RunOptions) -> int:
    """Read INPUT..., merge repeated papers, tag each by research area, write a clean library.

    INPUT is a .bib or .ris file, a saved page, a table, what a service returned (docs/inputs.md), a compressed file or
    archive of these, a library (papis:LIBRARY, zotero:LIBRARY), or `-` for standard input; they may be mixed. Versions
    of a paper (a preprint, its published form) are linked, not merged. The ledger under .refsync/runs/ beside OUT lists
    what was read and what it became.

    \b
    Examples:
      refsync run pages/*.txt -o library.bib
      refsync run export.ris.gz references.zip - -o library.bib
      refsync run a.bib b.bib export.csv -o library.bib --profile careful
      refsync run export.csv --against refs.bib -o new.bib    # only what refs.bib does not have
      refsync run a.bib b.bib -o library.bib --dialect biblatex --keys '{auth}{year}{title}' --sort author
      refsync run refs.bib --format json                       # the account alone; writes no library
      refsync run a.bib -o library.bib --no-tags               # no areas among the keywords
      refsync run a.bib -o library.bib --taxonomy fields       # Medicine, Veterinary, ... for every paper
      refsync run *.ris -o to-screen.ris --profile screening --removed duplicates.csv
      refsync run pages/*.txt -o library.bib --suggest 12      # also groups, such as `area:continual learning`
      refsync run dois.txt refs.bib -o library.bib --enrich    # fills what the records lack
      refsync run *.csv -o library.bib --plan plan.json        # review it, then `refsync apply plan.json`
    """
    common = options.apply_to(common)
    output, against = options.output, options.against
    parts = common.engine.writes_parts(output)
    if not parts:
        check_output(output, inputs, against)
    check_plan(options.plan_path, inputs, output, against)
    check_removed(options.removed, inputs, output, options.plan_path)
    request = Request(
        command="run",
        common=common,
        inputs=inputs,
        output=output,
        against=against,
        citing=citing,
        plan_path=options.plan_path,
        dry_run=options.dry_run,
        removed=options.removed,
    )
    if parts:
        return write_in_parts(request, library_tagger(inputs, output, common))
    warn_of_memory((*inputs, against), quiet=common.quiet or bool(common.engine.master))
    with show_progress(common.quiet) as report:
        reading = read_inputs(inputs, common, report, against)
        if must_stop(reading, common):
            if common.json:
                print_json(schemas.run(Plan((), Deduplication(), (), reading.problems), None, None))
            return UNREADABLE
        services = with_environment(common.config.enrich)
        new = reading.records[reading.known :]
        looked_up = look_up(new, services, common, report) if options.enrich else None
        filled = with_values(reading, looked_up) if looked_up else reading
        cites = read_citing(citing, common, report, reading)
        plan = plan_library(filled, request, report, cites)
        groups = _library_groups(plan, options, common)
    document = plan_document(plan, reading, request, cites)
    if looked_up:
        from refsync.enrich.serialize import planned_fills

        print_lookups(new, looked_up, services, common)
        print_filled(looked_up, common)
        document = {**document, "fills": planned_fills(new, looked_up)}
    if groups:
        plan = with_groups(plan, groups)
    return write_and_report(plan, reading, request, cites, document=document)


def _library_groups(plan: Plan, options: RunOptions, common: Common) -> LibraryGroups | None:
    """The groups of the papers of a plan, as they are written; None if they are not asked for.

    Raises:
        ConfigError: there are too few papers for so many groups.
    """
    if not options.suggest:
        return None
    from refsync.classify.area_answers import PREFIX
    from refsync.classify.embedding import load_embedding
    from refsync.classify.suggest_groups import suggest_groups

    papers = [title_and_abstract(entry.merged.record) for entry in plan.entries]
    prefix = common.config.areas.prefix or PREFIX
    found = suggest_groups(papers, options.suggest, load_embedding())
    return LibraryGroups(options.suggest_field, {prefix + group.name: group.papers for group in found})
