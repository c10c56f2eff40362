"""Functions of the Python API: reading, duplicates, areas, checks, plans, writing, undoing.

They follow the configuration and the remembered answers as the commands do. Answers about pairs, fields and areas are
read from the file that the configuration names, else from `refsync-decisions.jsonl` beside the sources of the records.
Only `apply_plan`, `write_records` and `undo` write. `refsync.planning` has the pure functions.

`refsync.api_examples` shows each of them.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, Literal

from refsync import sources
from refsync.config import Config, load_config
from refsync.decisions import RememberedAnswers, choices_for_clusters
from refsync.decisions.answer_files import AnswerFiles
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.errors import ConfigError, SourceError
from refsync.planning import plan as planning
from refsync.planning import run_models
from refsync.planning.plan import NO_CONTEXT, Plan, PlanContext
from refsync.planning.run_models import Progress, no_progress
from refsync.planning.settings import ExportSettings, PlanSettings
from refsync.records import Problem, Record
from refsync.runs import apply as writing
from refsync.runs import journal
from refsync.runs.journal import Run
from refsync.sources import Reading

if TYPE_CHECKING:  # finding duplicates needs no area model, and reading no rules
    from refsync.check.findings import Finding
    from refsync.classify.model import Tagging
    from refsync.classify.settings import AreaSettings
    from refsync.classify.tagger import Tagger
    from refsync.dedup.explain import Explanation
    from refsync.report.notebook_figures import NotebookFigures

Input = str | os.PathLike[str] | bytes | IO[bytes] | IO[str]
"""A path (`-` is standard input), the bytes of a file, or a file object that can be read."""


def read_sources(
    inputs: Input | Iterable[Input],
    format: str = "",  # noqa: A002  # what it is called everywhere
    *,
    errors: Literal["raise", "collect"] = "raise",
    progress: Callable[[str], None] = lambda source: None,
) -> Reading:
    """Read inputs of any format that refsync knows, compressed or in archives too.

    Args:
        inputs: one input or several.
        format: the format of all of them; empty to detect it from content and name.
        errors: `raise` if an input cannot be read; with `collect` it is a fatal problem of the result, and the others
            are read. Damaged records of an input that can be read are problems in both cases.
        progress: called with the name of each input before it is read.

    Returns:
        The records in the order of the inputs, with the problems and the SHA-256 of each input.

    Raises:
        SourceError: an input cannot be read.
        ConfigError: there is no input, no such format, or an input is of another type.

    >>> reading = read_sources(b"@misc{moss, title = {Moss}}", "bibtex")
    >>> [(record.id, record.get("title")) for record in reading.records]
    [('moss', 'Moss')]
    """
    if errors not in ("raise", "collect"):
        raise ConfigError(f"errors is {errors!r}", hint="'raise' or 'collect'")
    names: list[str] = []
    contents: dict[str, bytes] = {}
    for item in _listed(inputs):
        if isinstance(item, str | os.PathLike):
            names.append(os.fspath(item))
            continue
        name = f"<{len(names) + 1}>"
        if not isinstance(item, bytes | bytearray | memoryview):
            given = getattr(item, "name", "")
            name = given if isinstance(given, str) and given and given not in names else name
            if not hasattr(item, "read"):
                raise ConfigError(f"{type(item).__name__} is no input", hint="a path, bytes or a file object")
            data = item.read()
            item = data.encode() if isinstance(data, str) else data  # noqa: PLW2901
        names.append(name)
        contents[name] = bytes(item)
    if not names:
        raise ConfigError("there is no input", hint="name a file, or a list of files")
    reading = sources.read_sources(names, format, progress, contents=contents)
    if errors == "raise":
        _refuse_failed(reading.problems)
    return reading


def _listed(inputs: Input | Iterable[Input]) -> list[Input]:
    """The inputs as a list: a path is one input, not one for each of its letters."""
    if isinstance(inputs, str | os.PathLike | bytes | bytearray | memoryview) or hasattr(inputs, "read"):
        return [inputs]  # type: ignore[list-item]
    if isinstance(inputs, Iterable):
        return list(inputs)
    raise ConfigError(f"{type(inputs).__name__} is no input", hint="a path, bytes, a file object, or a list of them")


def _refuse_failed(problems: Sequence[Problem]) -> None:
    """Raise the error of an input that could not be read."""
    fatal = [problem for problem in problems if problem.fatal]
    if fatal:
        more = f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""
        raise SourceError(fatal[0].source, f"{fatal[0].message}{more}", line=fatal[0].line)


def find_duplicates(
    records: Sequence[Record],
    settings: Config | DedupSettings | None = None,
    remembered: RememberedAnswers | None = None,
    progress: Progress = no_progress,
    known: int = 0,
) -> Deduplication:
    """Which records are one paper, which are versions of one work, and which a person should judge.

    Args:
        records: what was read.
        settings: the configuration, or only its part about duplicates, which names no file of answers; None for the
            configuration nearest to the sources.
        remembered: the answers to apply; None for the remembered ones, `NO_REMEMBERED_ANSWERS` for none.
        progress: called as the stages proceed.
        known: how many of the first records are a library that is not compared with itself.

    Returns:
        `clusters`, `versions` and `review`, which name records by their index, each with its probability (0 to 1) and
        pairs; a pair has the similarity and the weight of each field in `evidence`, and the vetoes that apply.

    Raises:
        ConfigError: a configured file of answers or calibration does not exist or is damaged.

    >>> pair = read_sources(b'''
    ... @misc{one, title = {The Patience of Moss}, author = {Roe, Ann}, year = 2020, doi = {10.5555/moss.7}}
    ... @misc{two, title = {The patience of moss}, author = {Roe, A.}, year = 2020, doi = {10.5555/moss.7}}
    ... ''', "bibtex").records
    >>> (cluster,) = find_duplicates(pair).clusters
    >>> cluster.members, cluster.probability > 0.9
    ((0, 1), True)
    """
    settings = settings or _config_near(records)
    if remembered is None:
        remembered, _ = _answer_files(records, settings).about_pairs(records)  # `make_plan` reports the problems
    dedup = settings.dedup if isinstance(settings, Config) else settings
    return run_models.find_duplicates(records, dedup, remembered, progress, known)


def load_model(path: str = "", settings: "AreaSettings | None" = None) -> "Tagger":
    """What tags papers: the models of the package, or one of the user's own. Files are read once.

    Args:
        path: of an own model's file; empty for the models of the package.
        settings: name the taxonomy, and a model where `path` is empty; None for the defaults.

    Returns:
        The tagger, to pass to `tag_records` and `make_plan`; it may be used for any number of records.

    Raises:
        ConfigError: there is no such file.
        SourceError: the file is not a model, or is damaged.

    >>> model = load_model()
    >>> [tagging.abstained for tagging in tag_records(read_sources(b"@misc{a, title = {Dune}}").records, model)]
    [True]
    """
    from refsync.classify.settings import AreaSettings
    from refsync.classify.tagger import load_tagger

    settings = settings or AreaSettings()
    return load_tagger(replace(settings, model=path) if path else settings)


def make_plan(
    records: Sequence[Record],
    deduplication: Deduplication,
    problems: Sequence[Problem] = (),
    model: "Tagger | None" = None,
    config: PlanSettings | None = None,
    context: PlanContext = NO_CONTEXT,
    progress: Progress = no_progress,
) -> Plan:
    """Merge each cluster into one entry, with the remembered answers; else as `refsync.planning.plan.make_plan`.

    Args:
        records: what was read.
        deduplication: which records are the same paper.
        problems: those of the input; a plan with a fatal one cannot be applied. Answers that contradict each other are
            added to those of the plan.
        model: the area model; None to tag nothing.
        config: the settings; None for the configuration nearest to the sources.
        context: what else to take into account; its answers that are None are read.
        progress: called with the number of papers tagged so far and their total.

    Returns:
        The plan: one entry for each cluster and each other record, in the order in which they were read, and what
        became of each record. Nothing is written.

    Raises:
        ConfigError: a configured file of answers or calibration does not exist or is damaged.

    >>> pair = read_sources(b'''
    ... @misc{one, title = {The Patience of Moss}, author = {Roe, Ann}, year = 2020, doi = {10.5555/moss.7}}
    ... @misc{two, title = {The patience of moss}, author = {Roe, A.}, year = 2020, doi = {10.5555/moss.7}}
    ... ''', "bibtex").records
    >>> plan = make_plan(pair, find_duplicates(pair))
    >>> [(entry.record.id, len(entry.members)) for entry in plan.entries]
    [('one', 2)]
    """
    config = config or _config_near(records)
    files = _answer_files(records, config)
    if context.field_choices is None or context.cannot_link is None:
        answers, disputed = files.about_pairs(records)
        choices, contradictory = choices_for_clusters(deduplication.clusters, records, answers)
        problems = (*problems, *disputed)
        if context.field_choices is None:
            problems = (*problems, *contradictory)
            context = replace(context, field_choices=choices)
        if context.cannot_link is None:
            context = replace(context, cannot_link=answers.cannot_link)
    if context.area_answers is None:
        area_answers, unread = files.about_areas()
        problems = (*problems, *unread)
        context = replace(context, area_answers=area_answers)
    return planning.make_plan(records, deduplication, problems, model, config, context, progress)


def explain_pair(one: Record, other: Record, settings: Config | DedupSettings | None = None) -> "Explanation":
    """Why two records are one paper, versions of one, or different, compared alone.

    Args:
        one: a record.
        other: another one.
        settings: the thresholds; None for the configuration nearest to the sources.

    Returns:
        The verdict (`same`, `version`, `maybe`, `different`), the reason in words, and the pair with its probability (0
        to 1) and the evidence of each field.

    Raises:
        ConfigError: a configuration file is malformed.

    >>> pair = read_sources(b'''
    ... @misc{one, title = {The Patience of Moss}, author = {Roe, Ann}, year = 2020, doi = {10.5555/moss.7}}
    ... @misc{two, title = {The patience of moss}, author = {Roe, A.}, year = 2020, doi = {10.5555/moss.7}}
    ... ''', "bibtex").records
    >>> explain_pair(*pair).verdict
    'same'
    """
    from refsync.dedup import explain

    settings = settings or _config_near([one, other])
    return explain.explain_pair(one, other, settings.dedup if isinstance(settings, Config) else settings)


def tag_records(
    records: Sequence[Record], model: "Tagger | None" = None, config: PlanSettings | None = None
) -> "list[Tagging]":
    """The research areas of each record, with their probabilities: sure, unsure or abstained.

    Args:
        records: what was read.
        model: see `load_model`; None for the one that the configuration names.
        config: the settings; None for the configuration nearest to the sources.

    Returns:
        One for each record, in their order. Remembered answers about areas hold.

    Raises:
        ConfigError: the settings name an area, model or file of answers that does not exist.

    >>> text = b"@misc{a, title = {Dense Object Detection in Images with Convolutional Networks}}"
    >>> (tagging,) = tag_records(read_sources(text, "bibtex").records)
    >>> tagging.primary
    'cs.CV'
    """
    config = config or _config_near(records)
    model = model or load_model(settings=config.areas)
    plan = make_plan(records, Deduplication(), (), model, config, PlanContext(provenance=False))
    return [entry.tagging for entry in plan.entries if entry.tagging]


def check_files(
    inputs: Input | Iterable[Input], config: Config | None = None, select: Sequence[str] = ()
) -> "list[Finding]":
    """What the rules of `refsync check` find in `.bib` files.

    The table `[check]` says which files belong together (`scope`) and with which others they are compared (`library`);
    documents that cite are those of `cites`, else the project's own.

    Args:
        inputs: see `read_sources`.
        config: its table `[check]` selects the rules; None for the configuration nearest to the files.
        select: codes of rules (`RS201`) or their beginnings (`RS2`); empty for those of the configuration.

    Returns:
        The findings, in the order of files and lines: code, place, key, message and the edits that fix it.

    Raises:
        SourceError: an input cannot be read.
        ConfigError: there is no such rule.

    >>> text = b"@misc{moss, title = {Moss}}\\n@misc{moss, title = {Kelp}}"
    >>> [(finding.code, finding.line, finding.key) for finding in check_files(text, select=["RS201"])]
    [('RS201', 2, 'moss')]
    """
    from refsync.check.rule_selection import selected_codes
    from refsync.check.run_rules import DUPLICATES, NO_DUPLICATES
    from refsync.check_inputs import examine_library, files_read, library_files, library_findings
    from refsync.cites import read_cites

    reading = read_sources(inputs)
    names = [item.source for item in reading.snapshots]
    config = config or _config_near(reading.records)
    rules = config.check
    codes = selected_codes(select or rules.select, () if select else rules.extend_select, rules.ignore)
    if library := library_files(rules, names):
        reading = read_sources(library).then(reading)
    cites = read_cites(config.cites) if config.cites else None
    examined = examine_library(files_read(reading), reading.libraries, codes, rules, config.export.keys, cites)
    found = NO_DUPLICATES
    if codes & DUPLICATES and len(reading.records) > 1:
        found = find_duplicates(reading.records, config, known=reading.known)
    return library_findings(examined, found, names, cites)


def to_frame(
    results: "Reading | Sequence[Record] | Deduplication | Sequence[Tagging] | Sequence[Finding] | Plan",
    records: Sequence[Record] = (),
    library: str = "pandas",
    *,
    pairs: bool = False,
) -> Any:
    """Results as a data frame of pandas, polars or pyarrow, which is imported only here.

    Args:
        results: what one of the functions here returned, or records.
        records: those that were deduplicated or tagged.
        library: `pandas`, `polars` or `pyarrow`.
        pairs: of a deduplication, one row for each pair with evidence, with the similarity and weight of each field,
            instead of one for each record of a group.

    Returns:
        A data frame: one row for each record, for each record of a group (`verdict` is `same`, `version` or `review`),
        for each tagged record, finding, or entry of a plan. Texts that are missing are empty, numbers null.

    Raises:
        ConfigError: the library is not installed, or these results have no rows and columns.

    >>> reading = read_sources(b"@misc{moss, title = {Moss}, year = 2001}", "bibtex")
    >>> to_frame(reading, library="pyarrow").to_pylist()
    [{'source': '<1>', 'index': 1, 'id': 'moss', 'entrytype': 'misc', 'title': 'Moss', 'year': '2001'}]
    """
    from refsync import frames
    from refsync.check.findings import Finding
    from refsync.classify.model import Tagging

    if isinstance(results, Deduplication):
        make = frames.pairs_frame if pairs else frames.groups_frame
        return make(records, results, library)
    if isinstance(results, Plan):
        return frames.plan_frame(results, library)
    items = results.records if isinstance(results, Reading) else results
    if isinstance(items, list | tuple):
        if all(isinstance(item, Record) for item in items) and (items or not records):
            return frames.records_frame(items, library)
        if all(isinstance(item, Tagging) for item in items) and len(items) == len(records):
            return frames.tags_frame(records, items, library)
        if all(isinstance(item, Finding) for item in items):
            return frames.findings_frame(items, library)
    raise ConfigError(
        f"{type(results).__name__} is no result that becomes a data frame",
        hint="records, duplicates, tags with their records, findings, or a plan",
    )


def library_figures(plan: Plan, config: Config | None = None) -> "NotebookFigures":
    """The figures of the page that `refsync report` writes, as numbers; a notebook shows them as tables.

    Args:
        plan: of the library.
        config: its table `[dedup]` has the thresholds; None for the configuration nearest to the sources.

    Returns:
        Counts of records by source and database, overlap, areas, years, group sizes, probabilities, completeness of
        fields, venues, and lists of merges, versions and pairs to review.

    Raises:
        ConfigError: a configuration file is malformed.

    >>> reading = read_sources(b"@misc{moss, title = {Moss}, year = 2001}", "bibtex")
    >>> library_figures(make_plan(reading.records, find_duplicates(reading.records))).flow.papers
    1
    """
    from refsync.report.figures import library_figures as figures_of
    from refsync.report.notebook_figures import NotebookFigures

    return NotebookFigures.of(figures_of(plan, (config or _config_near(plan.records)).dedup))


def render_records(
    records: Sequence[Record],
    format: str = "bibtex",  # noqa: A002
    settings: ExportSettings | None = None,
) -> bytes:
    """The records as a file of any format that can be written: nothing is merged, tagged or renamed.

    Args:
        records: what was read.
        format: the name of a format, such as `ris` or `csljson`.
        settings: dialect, style and order; None for the plain ones.

    Returns:
        The bytes of the file, in UTF-8 where it is text.

    Raises:
        ConfigError: the format does not exist, or is read-only.

    >>> print(render_records(read_sources(b"TY  - BOOK\\nTI  - Moss\\nER  - ", "ris").records, "bibtex").decode())
    @book{moss,
      title = {Moss},
      key = {Moss}
    }
    <BLANKLINE>
    """
    plan = _unmerged(records, settings or ExportSettings())
    return writing.render(plan, writing.writer_for("", format))


def write_records(records: Sequence[Record], output: str | os.PathLike[str], format: str = "") -> Run:  # noqa: A002
    """Write records to a file, in a run that `undo` undoes; nothing is merged, tagged or renamed.

    Args:
        records: what was read.
        output: the file; replaced in one step.
        format: the name of a format; empty for that of the file's ending.

    Returns:
        The run, to undo it.

    Raises:
        ConfigError: no such format can be written, or there is no record and the file holds some.
        RefsyncError: the file cannot be written.

    >>> run = write_records(read_sources(b"@misc{moss, title = {Moss}}", "bibtex").records, "moss.ris")
    >>> undo(run)[0].name
    'moss.ris'
    """
    plan = _unmerged(records, ExportSettings(format=format))
    return apply_plan(plan, output)


def apply_plan(
    plan: Plan,
    output: str | os.PathLike[str] | None,
    inputs: Mapping[str, str] = MappingProxyType({}),
) -> Run:
    """Write the library that a plan proposes, in a run that `undo` undoes.

    Args:
        plan: what to write.
        output: the library's file, replaced in one step; None for the journal alone.
        inputs: the SHA-256 of each source (`Reading.digests`), for the journal.

    Returns:
        The run, with its ledger of what became of each record.

    Raises:
        SourceError: an input of the plan could not be read: the library would lose its papers. To go on without it,
            make the plan without its problem.
        ConfigError: no format has the ending of the file, or the plan is empty and the file holds entries.
        RefsyncError: a file cannot be written.

    >>> reading = read_sources(b"@misc{moss, title = {Moss}}", "bibtex")
    >>> plan = make_plan(reading.records, find_duplicates(reading.records), reading.problems)
    >>> run = apply_plan(plan, "moss.bib", reading.digests)
    >>> len(run.ledger.read_text(encoding="utf-8").splitlines())
    1
    """
    _refuse_failed(plan.problems)
    path = Path(output) if output is not None else None
    if path and not plan.entries:
        _refuse_to_empty(path)
    return writing.apply_plan(plan, path, inputs)


def undo(run: Run | str | os.PathLike[str]) -> list[Path]:
    """Give the files of a run their previous content, byte for byte.

    Args:
        run: what `apply_plan` returned, or the folder of a run (`.refsync/runs/ID`).

    Returns:
        The files.

    Raises:
        StaleError: a file was changed since; none is written.
        ConfigError: the run was undone already, wrote nothing or wrote to a Zotero library (`refsync undo`), or its
            journal was not made by this user on this computer.

    >>> run = write_records(read_sources(b"@misc{moss, title = {Moss}}", "bibtex").records, "moss.json", "csljson")
    >>> [path.exists() for path in undo(run)]
    [False]
    """
    run = run if isinstance(run, Run) else Run(Path(run).absolute())
    if run.facts.get("remote"):
        raise ConfigError(f"the run {run.id} wrote to a Zotero library", hint="refsync undo undoes it")
    return journal.undo(run)


def _unmerged(records: Sequence[Record], settings: ExportSettings) -> Plan:
    """A plan of all records as they are."""
    return planning.make_plan(
        records, Deduplication(), config=PlanSettings(export=settings), context=PlanContext(provenance=False)
    )


def _refuse_to_empty(path: Path) -> None:
    """Refuse to write nothing over a file that holds entries, or something that refsync cannot read.

    Raises:
        ConfigError: the file has a content.
    """
    if not path.is_file() or not path.read_bytes().strip():
        return
    reading = sources.read_sources([str(path)])
    if reading.records or reading.failed:
        raise ConfigError(
            f"the plan has no entry, and {path} holds {len(reading.records) or 'some'}",
            hint="nothing was written; delete the file if an empty library is meant",
        )


def _config_near(records: Sequence[Record]) -> Config:
    """The configuration nearest to the sources of records, as the commands look for it."""
    return load_config(near=tuple(dict.fromkeys(record.source for record in records if Path(record.source).is_file())))


def _answer_files(records: Sequence[Record], settings: object) -> AnswerFiles:
    """The files of answers about these records."""
    sources = tuple(dict.fromkeys(record.source for record in records))
    if isinstance(settings, Config):
        return AnswerFiles(beside=sources, decisions=settings.decisions, calibration=settings.dedup.calibration)
    return AnswerFiles(beside=sources, calibration=settings.calibration if isinstance(settings, DedupSettings) else "")
