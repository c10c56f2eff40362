"""Plan files: written by `run --plan` and `dedupe --plan`, read by `apply`, `report` and `review`."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from refsync import schemas
from refsync.cites import Cites
from refsync.cli.common.file_changes import print_renamed
from refsync.cli.common.inputs import read_citing, read_inputs
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.output_files import check_target
from refsync.cli.common.problems import SHOWN_PROBLEMS
from refsync.cli.common.progress import Progress
from refsync.cli.common.request import Request
from refsync.cli.common.text import print_json
from refsync.config import as_table
from refsync.decisions import choices_for_clusters
from refsync.errors import ConfigError, StaleError
from refsync.in_place.aliases import aliases_chosen
from refsync.in_place.citing import Citing
from refsync.planning.file import (
    PlanFile,
    PlanOptions,
    accepted_deduplication,
    accepted_field_choices,
    accepted_taggings,
    check_readable_again,
    folder_from,
    outdated,
    plan_header,
)
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.runs.journal import Run
from refsync.runs.proof import is_proven, proof
from refsync.sources import STDIN, Reading


def check_plan(path: str, inputs: tuple[str, ...], output: str, against: str = "") -> None:
    """Refuse, before any work is done, a plan file that cannot be written, or a plan that could not be carried out.

    Raises:
        ConfigError: an input cannot be read again, or the file must not be written.
    """
    if not path:
        return
    check_target(path, (".json",), inputs, "a plan")
    check_readable_again((*inputs, against) if against else inputs)
    if output == STDIN:
        raise ConfigError("--plan with -o -: a plan names the file to write", hint="-o OUT.bib")


def plan_document(plan: Plan, reading: Reading, request: Request, cites: Cites) -> schemas.Json:
    """The content of a plan file: the proposals, and what carrying them out needs."""
    common, citing = request.common, request.citing
    options = PlanOptions(
        inputs=request.inputs,
        against=request.against,
        from_format=common.from_format,
        in_place=request.in_place,
        cites=tuple(citing.paths or common.config.cites),
        rewrite_cites=citing.rewrite,
        ids=citing.ids,
    )
    output = "" if request.output == STDIN else request.output
    header = plan_header(request.command, options, as_table(common.config, plan.prefix), output, cites)
    return schemas.plan(plan, reading.digests, header)


def planned_request(plan: PlanFile, common: Common, output: str = "") -> Request:
    """What the command that made the plan was asked to do, with another output if one is named."""
    options = plan.options
    return Request(
        command=plan.content.get("command") or "run",
        common=common,
        inputs=options.inputs,
        output=output or plan.content.get("output") or "",
        against=options.against,
        citing=Citing(options.cites, options.rewrite_cites, options.ids),
        in_place=options.in_place,
    )


def write_plan(path: str, document: schemas.Json, plan: Plan, common: Common) -> None:
    """Write the plan file, and print what it contains."""
    save_plan(path, document)
    account = schemas.run(plan, None, None)
    if common.json:
        print_json({**account, "plan": path})
        return
    pending = len(document["review"]) + sum(row["state"] == "pending" for row in document["fields"])
    for number, what in (
        (len(document["merges"]), "proposed to merge, accepted"),
        (len(document["versions"]), "versions, accepted: linked, not merged"),
        (pending, f"uncertain, pending: `refsync review {path}` asks about them"),
    ):
        echo(f"{number:>7,}  {what}")
    print_renamed(plan.key_map.everything, most=SHOWN_PROBLEMS, where=path)
    echo(f"only the plan was written; `refsync apply {path}` carries out what is accepted in it")


def save_plan(path: str, document: schemas.Json) -> None:
    """Write a plan file, with the folder to which its paths are relative, and the proof that it was made here."""
    made = {"folder": folder_from(Path(path).parent), "proof": _output_proof(document.get("output") or "")}
    PlanFile(Path(path), {**document, **made}).save()


def refuse_foreign_output(plan: PlanFile) -> None:
    """Refuse that a plan of somebody else overwrites a file; the working directory must be the plan's folder.

    Raises:
        ConfigError: the plan names a file that exists, and was not made by this user on this computer.
    """
    output = str(plan.content.get("output") or "")
    if not output or not Path(output).exists() or is_proven(plan.content.get("proof"), *_proof_parts(output)):
        return
    run = Run(plan.path.absolute().parent)
    if run.is_proven and str(Path(output).resolve()) in [file["path"] for file in run.facts["files"]]:
        return  # the plan of a run of this user's
    raise ConfigError(
        f"{plan.path} was not made here, and would overwrite {output}",
        hint=f"to overwrite it, name it: refsync apply {plan.path} -o {output}",
    )


def _output_proof(output: str) -> str:
    return proof(*_proof_parts(output)) if output else ""


def _proof_parts(output: str) -> tuple[str, str]:
    return "plan", str(Path(output).resolve())


def read_planned_inputs(plan: PlanFile, common: Common, report: Progress) -> tuple[Reading, Cites]:
    """The inputs of a plan, and the documents that cite; the working directory must be the plan's folder.

    Raises:
        StaleError: an input or a document was changed since the plan was made.
    """
    request = planned_request(plan, common)
    reading = read_inputs(request.inputs, common, report, request.against)
    cites = read_citing(request.citing, common, report, reading)
    if reasons := outdated(plan, reading.digests, cites):
        raise StaleError(
            f"{plan.path} does not fit any more: {'; '.join(reasons)}",
            hint="nothing was written; make a new plan with --plan",
        )
    return reading, cites


def accepted_plan(plan: PlanFile, reading: Reading, cites: Cites, common: Common) -> Plan:
    """The plan with the accepted proposals only, computed from the inputs.

    Raises:
        ConfigError: accepted proposals contradict each other.
    """
    records = reading.records
    if plan.rows("fills", "accepted"):
        from refsync.enrich.fill import accepted_values, fill_records

        records = tuple(fill_records(records, accepted_values(plan, records)))
    found = accepted_deduplication(plan, records)
    choices, disputed = choices_for_clusters(found.clusters, records, accepted_field_choices(plan, records))
    context = PlanContext(
        known=reading.known,
        cites=cites,
        ids=aliases_chosen(planned_request(plan, common).citing),
        provenance=plan.content.get("command") != "enrich",
        preambles=reading.preambles,
        field_choices=choices,
        tagged=accepted_taggings(plan, records),
    )
    return make_plan(records, found, (*reading.problems, *disputed), config=common.config, context=context)


@contextlib.contextmanager
def in_plan_folder(plan: PlanFile) -> Iterator[None]:
    """Makes the folder from which the paths in a plan start the working directory, if it exists."""
    before = Path.cwd()
    try:
        if plan.base.is_dir():
            os.chdir(plan.base)
        yield
    finally:
        os.chdir(before)
