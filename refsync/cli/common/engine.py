"""Which engine finds duplicates and tags papers: this process, or Apache Spark (`--engine spark`)."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from refsync.cli.common.extras import require
from refsync.cli.common.folded_help import FoldedOption
from refsync.cli.common.progress import Progress
from refsync.errors import ConfigError

if TYPE_CHECKING:  # `check` has these options' module too, and must start fast
    from refsync.classify.tagger import Tagger
    from refsync.decisions import RememberedAnswers
    from refsync.dedup.results import Deduplication
    from refsync.dedup.settings import DedupSettings
    from refsync.records import Record
    from refsync.spark.parts import PartFormat

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Engine:
    """What computes. `master` is the address of a Spark cluster, empty for this process; `parts` a format of parts."""

    master: str = ""
    parts: "PartFormat" = "parquet"

    def writes_parts(self, output: str) -> bool:
        """Whether an output is a folder, in which the workers write their parts."""
        if not self.master or output in ("", "-"):
            return False
        return output.endswith(("/", os.sep)) or not Path(output).suffix or Path(output).is_dir()

    def find_duplicates(
        self,
        records: "Sequence[Record]",
        settings: "DedupSettings",
        answers: "RememberedAnswers",
        report: Progress,
        known: int,
    ) -> "Deduplication":
        """The duplicates among the records, the same from either engine.

        Raises:
            ConfigError: Spark cannot be started or reached.
            RefsyncError: the job failed.
        """
        if not self.master:
            from refsync.planning.run_models import find_duplicates

            return find_duplicates(records, settings, answers, report, known)
        from refsync.spark.duplicates import Task, find
        from refsync.spark.frames import frame_of
        from refsync.spark.session import explained, session

        task = Task(settings=settings, answers=answers, known=known, report=report)
        with session(self.master, len(records)) as spark, explained():
            return find(frame_of(spark, records), task).results(task)

    def tagger(self, model: "Tagger | None") -> "Tagger | None":
        """The model, run by this engine."""
        if not self.master or model is None:
            return model
        from refsync.spark.areas import SparkTagger

        return SparkTagger(model, self.master)


LOCAL = Engine()

_OPTIONS = (
    click.option(
        "--engine",
        type=click.Choice(["local", "spark"]),
        default="local",
        show_default=True,
        help="What computes: this process, or Apache Spark, with the same results (docs/scale.md).",
        cls=FoldedOption,
    ),
    click.option(
        "--master",
        default="",
        metavar="MASTER",
        help="Where Spark runs: local[*], spark://HOST:7077, yarn, k8s://HOST, sc://HOST.  [default: local[*]]",
        cls=FoldedOption,
    ),
    click.option(
        "--parts",
        type=click.Choice(["parquet", "jsonl", "bib"]),
        default=None,
        help="What Spark's workers write into the folder -o DIR.  [default: parquet]",
        cls=FoldedOption,
    ),
)


def engine_options(command: F) -> Callable[..., Any]:
    """Add the options about the engine, and put it into the command's `Common`."""

    @wraps(command)
    def call(common: Any, *, engine: str, master: str, parts: "PartFormat | None", **rest: Any) -> Any:
        if engine == "spark":
            require("spark", "--engine spark", "or use the local engine")
            common = replace(common, engine=Engine(master or "local[*]", parts or "parquet"))
            if parts and not common.engine.writes_parts(rest["output"]):
                raise ConfigError("--parts, but no folder to write them in", hint="-o DIR, without an ending")
        elif master or parts:
            raise ConfigError(f"--{'master' if master else 'parts'} is for --engine spark")
        return command(common, **rest)

    for option in reversed(_OPTIONS):
        call = option(call)
    return call
