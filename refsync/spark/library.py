"""From inputs to a library in parts: read, find, merge, tag and write, all by the workers."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F  # noqa: N812

from refsync.decisions.answer_files import AnswerFiles
from refsync.dedup.merge import Choice
from refsync.dedup.settings import DedupSettings
from refsync.errors import ConfigError, RefsyncError
from refsync.files import umask
from refsync.planning.settings import PlanSettings
from refsync.records import Problem
from refsync.spark.answers import answers_about, field_choices
from refsync.spark.duplicates import Found, Report, Task, find, silent
from refsync.spark.encode import Kept
from refsync.spark.merge_clusters import merged_papers
from refsync.spark.papers import Finish, finished_papers, keyed_papers
from refsync.spark.parts import PartFormat, PartWriter, write_counts, write_links, write_papers, write_problems
from refsync.spark.read import Records

if TYPE_CHECKING:
    from refsync.classify.tagger import Tagger

SCHEMA = "refsync.parts/1"
_NO_CLUSTERS = "members array<bigint>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What becomes of records.

    Attributes:
        command: the name of the command, for `counts.json`.
        folder: where the parts are written; it does not exist or is empty.
        form: the format of the papers.
        dedup: the thresholds; None to merge nothing.
        config: the settings of merging, tagging and writing.
        model: the area model; None for no areas.
        answers: people's answers.
        report: called as the stages proceed.
    """

    command: str
    folder: Path
    form: PartFormat = "parquet"
    dedup: DedupSettings | None = field(default_factory=DedupSettings)
    config: PlanSettings = field(default_factory=PlanSettings)
    model: "Tagger | None" = None
    answers: AnswerFiles = field(default_factory=AnswerFiles)
    report: Report = silent


def check_folder(folder: Path) -> None:
    """Refuse, before any work is done, a folder in which parts must not be written.

    Raises:
        ConfigError: it is a file, has files already, or its parent does not exist.
    """
    if folder.is_file():
        raise ConfigError(f"{folder}: a file, not a folder")
    if not folder.absolute().parent.is_dir():
        raise ConfigError(f"{folder}: there is no folder {folder.absolute().parent}", hint="create it first")
    if folder.is_dir() and any(folder.iterdir()):
        raise ConfigError(f"{folder}: the folder is not empty", hint="name a new one, or empty it")


def write_library(records: Records, job: Job) -> tuple[dict[str, Any], list[Problem]]:
    """Write the papers of records, the ledger, versions and questions, and `counts.json`.

    Returns:
        The counts, and the problems that were found after reading.

    Raises:
        RefsyncError: the counts do not add up, as where workers wrote into another folder; nothing is left then.
    """
    spark = records.frame.sparkSession
    answers = answers_about(records.frame, job.answers)
    problems = [*answers.problems]
    counts: dict[str, Any] = {"schema": SCHEMA, "command": job.command}
    clusters, links, found = spark.createDataFrame([], _NO_CLUSTERS), None, None
    choices: Mapping[int, Mapping[str, Choice]] = {}
    if job.dedup:
        task = Task(settings=job.dedup, answers=answers.about_pairs, known=records.known, report=job.report)
        found = find(records.frame, task)
        clusters = found.rows.where("kind = 'cluster'").select("members")
        if records.apart:
            apart = F.array(*map(F.lit, sorted(records.apart))).cast("array<bigint>")
            clusters = clusters.select(F.array_except("members", apart).alias("members")).where("size(members) > 1")
        links = found.rows.where("kind in ('version', 'review')")
        choices, disputed = field_choices(records.frame, clusters, answers.about_pairs)
        problems += disputed
    merged = merged_papers(records.frame, clusters, job.config.merge, records.known, choices)
    finish = Finish(job.config, job.model, answers.about_areas)
    keep = Kept()
    papers = keyed_papers(keep(finished_papers(merged, finish)), keep)
    everything = (*records.problems, *problems)
    with _temporary(job.folder) as folder:
        writer = PartWriter(
            folder=folder, form=job.form, export=job.config.export, preambles=records.preambles, known=records.known
        )
        written = write_papers(papers, writer)
        write_problems(folder, [*everything, *_limits(found)])
        if links is not None and found is not None:
            write_links(links, papers, folder)
            counts |= {"versions": found.counts.get("version", 0), "review": found.counts.get("review", 0)}
        library = records.frame.where(F.col("position") < records.known).count() if records.known else 0
        counts |= {
            "records": records.count - library,
            **written,
            "problems": records.reported + sum(one.kind != "columns" for one in problems),
        }
        parts = len([*Path(folder, "papers").glob("part-*")])
        accounted = counts["papers"] + counts["duplicates"] + counts["present"]
        if parts != counts.pop("parts") or accounted != counts["records"]:
            raise RefsyncError(
                f"{parts} parts with {accounted:,} of {counts['records']:,} records are in the folder",
                hint="nothing was kept; -o needs a folder that this machine and all workers see under one name",
            )
        write_counts(folder, counts)
    keep.release()
    if found:
        found.release()
    return counts, problems


def _limits(found: Found | None) -> list[Problem]:
    """What the ledger says where a limit of blocking left pairs out."""
    count = found.counts["keys above their limit"] if found else 0
    message = (
        f"{count:,} blocking keys are on more records than are all compared with each other; these were compared where "
        "a second key agrees, and with their neighbours"
    )
    return [Problem("", message, kind="note")] if count else []


@contextmanager
def _temporary(target: Path) -> Iterator[str]:
    """A folder beside the target that takes its place at the end; if anything fails, neither is left."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.absolute().parent))
    except OSError as error:
        raise RefsyncError(f"{target}: cannot be written: {error.strerror}", hint="nothing was written") from None
    try:
        folder.chmod(0o777 & ~umask())
        yield str(folder)
        try:
            folder.replace(target)
        except OSError as error:
            raise RefsyncError(f"{target}: cannot be written: {error.strerror}", hint="nothing was written") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
