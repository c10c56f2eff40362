"""`--engine spark -o DIR`: the workers read the inputs and write the library in parts."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.output import echo
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import show_progress
from refsync.cli.common.request import Request
from refsync.cli.common.text import counted, print_json
from refsync.decisions.answer_files import AnswerFiles
from refsync.errors import ConfigError, SourceError
from refsync.text.printable import printable

if TYPE_CHECKING:
    from refsync.classify.tagger import Tagger

_TAKEN = frozenset(
    {"inputs", "output", "against", "engine", "master", "parts", "profile", "config_path", "from_format", "strict",
     "output_format", "quiet", "verbose", "dialect", "keys", "provenance", "taxonomy", "no_tags", "model", "prefix",
     "min_accuracy", "min_probability", "field", "jobs", "ids"}
)  # fmt: skip
"""The parameters that mean something for parts."""


def write_in_parts(request: Request, model: "Tagger | None", *, merging: bool = True) -> int:
    """Read, compare (if `merging`), merge, tag (with a model) and write, on the workers; the exit code.

    Raises:
        ConfigError: an option is for libraries that one process writes, or parts must not be written there.
        RefsyncError: the job failed, and nothing was written.
    """
    from refsync.spark.library import Job, check_folder, write_library
    from refsync.spark.read import read_on_workers
    from refsync.spark.session import explained, fit_partitions, session

    _refuse_others(_TAKEN)
    common, folder = request.common, Path(request.output)
    check_folder(folder)
    library = (request.against,) if request.against else ()
    with show_progress(common.quiet) as report, session(common.engine.master) as spark, explained():
        report("read", 0, 1)
        records = read_on_workers(spark, library, request.inputs, common.from_format)
        report("read", 1, 1)
        print_problems(records.problems, common.quiet, common.verbose)
        for problem in records.problems:
            if problem.fatal and problem.source == request.against:
                raise SourceError(request.against, problem.message, line=problem.line)
        failed = any(problem.fatal for problem in records.problems)
        if (failed and not records.count) or (
            common.strict and any(problem.kind != "columns" for problem in records.problems)
        ):
            return UNREADABLE
        fit_partitions(spark, records.count)
        job = Job(
            command=request.command,
            folder=folder,
            form=common.engine.parts,
            dedup=common.config.dedup if merging else None,
            config=common.config,
            model=model,
            answers=AnswerFiles(
                beside=(request.output, *request.inputs),
                decisions=common.config.decisions,
                calibration=common.config.dedup.calibration,
            ),
            report=report,
        )
        counts, further = write_library(records, job)
    print_problems(further, common.quiet, common.verbose)
    if common.json:
        print_json({**counts, "output": request.output})
    else:
        echo(f"{counted(counts['records'], 'record')} read")
        echo(f"{counted(counts['papers'], 'paper')} written to {printable(request.output)}")
        echo(f"{counted(counts['duplicates'], 'duplicate')} merged")
        if request.against:
            echo(f"{counted(counts['present'], 'record')} in the library already")
        if merging:
            echo(f"{counted(counts['versions'], 'version')}, {counts['review']:,} to review")
        echo(f"{counted(counts['problems'], 'problem')}")
    lost = any(problem.fatal or problem.kind == "damage" for problem in records.problems)
    return UNREADABLE if lost or (common.strict and further) else 0


def _refuse_others(taken: Collection[str]) -> None:
    """Refuse the options of the command that parts do not obey.

    Raises:
        ConfigError: one is given.
    """
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if given and parameter.name not in taken:
            raise ConfigError(
                f"{parameter.opts[-1]} does not go with a folder of parts (-o {context.params.get('output', 'DIR')})",
                hint="-o OUT.bib writes one file, on this machine",
            )
