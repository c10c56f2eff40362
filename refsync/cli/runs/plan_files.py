"""Plans as files: written by `run --plan` and `dedupe --plan`, carried out by `apply`."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import click

from refsync import schemas
from refsync.cites import NO_CITES, Cites
from refsync.cli.common import show
from refsync.cli.common.options import Citing, Common
from refsync.cli.common.output_files import check_target
from refsync.cli.common.stages import read_citing, read_inputs
from refsync.config import as_table
from refsync.decisions import choices_in
from refsync.errors import ConfigError, StaleError
from refsync.planning.file import about, accepted, check_readable_again, folder_from, outdated, taggings, wishes
from refsync.planning.file.plan_file import PlanFile
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.sources import STDIN, Reading


def check_plan(path: str, inputs: tuple[str, ...], output: str, against: str = "") -> None:
    """Refuse, before any work is done, a plan that could not be written or carried out.

    Raises:
        ConfigError: an input cannot be read again, or the file must not be written.
    """
    if not path:
        return
    check_target(path, (".json",), inputs, "a plan")
    check_readable_again((*inputs, against) if against else inputs)
    if output == STDIN:
        raise ConfigError("--plan, and -o -: a plan names the file to write", hint="-o OUT.bib")


def document_of(
    plan: Plan,
    reading: Reading,
    command: str,
    inputs: tuple[str, ...],
    output: str,
    common: Common,
    cites: Cites,
    citing: Citing,
    *,
    against: str = "",
    in_place: bool = False,
) -> schemas.Json:
    """The plan with all that carrying it out needs."""
    told = about(
        command,
        inputs,
        "" if output == STDIN else output,
        as_table(common.config, plan.prefix),
        against=against,
        from_format=common.from_format,
        in_place=in_place,
        cites=cites,
        cited=citing.paths or common.config.cites,
        rewrite_cites=citing.rewrite,
        ids=citing.ids,
    )
    return schemas.plan(plan, reading.digests, told)


def write_plan(path: str, document: schemas.Json, plan: Plan, common: Common) -> None:
    """Write the plan, and say what it holds."""
    PlanFile(Path(path), {**document, "folder": folder_from(Path(path).parent)}).save()
    account = schemas.run(plan, None, None)
    if common.json:
        show.print_json({**account, "plan": path})
        return
    asked = len(document["review"]) + sum(row["state"] == "pending" for row in document["fields"])
    for number, what in (
        (len(document["merges"]), "proposed to merge, accepted"),
        (len(document["versions"]), "versions, accepted: linked, not merged"),
        (asked, f"in doubt, pending: `refsync review {path}` asks"),
    ):
        click.echo(f"{number:>7,}  {what}")
    click.echo(f"nothing was written but the plan; `refsync apply {path}` carries out what is accepted in it")


def read_again(plan: PlanFile, common: Common, report: show.Progress) -> tuple[Reading, Cites]:
    """The inputs of a plan, and the documents that cite, in the folder where it was made.

    Raises:
        StaleError: an input or a document is not what it was.
    """
    options = plan.options
    citing = Citing(tuple(options.get("cites", ())), bool(options.get("rewrite_cites")), options.get("ids"))
    reading = read_inputs(tuple(options["inputs"]), common, report, options.get("against", ""))
    cites = read_citing(citing, common, report) if citing.paths else NO_CITES
    if reasons := outdated(plan, reading.digests, cites):
        raise StaleError(
            f"{plan.path} does not fit any more: {'; '.join(reasons)}",
            hint="nothing was written; make the plan anew with --plan",
        )
    return reading, cites


def make_again(plan: PlanFile, reading: Reading, cites: Cites, common: Common) -> Plan:
    """What the plan accepts, worked out from its inputs.

    Raises:
        ConfigError: what the plan accepts does not go together.
    """
    records = reading.records
    if plan.rows("fills", "accepted"):
        from refsync.enrich.fill import accepted_values, fill_records

        records = tuple(fill_records(records, accepted_values(plan, records)))
    found = accepted(plan, records)
    chosen, disputed = choices_in(found.clusters, records, wishes(plan, records))
    context = PlanContext(
        known=reading.known,
        cites=cites,
        ids=plan.options.get("ids") is not False,
        provenance=plan.content.get("command") != "enrich",
        preambles=reading.preambles,
        field_choices=chosen,
        tagged=taggings(plan, records),
    )
    return make_plan(records, found, (*reading.problems, *disputed), config=common.config, context=context)


@contextlib.contextmanager
def at_base(plan: PlanFile) -> Iterator[None]:
    """The folder from which the paths in a plan start as the working directory, if it is there."""
    before = Path.cwd()
    try:
        if plan.base.is_dir():
            os.chdir(plan.base)
        yield
    finally:
        os.chdir(before)
