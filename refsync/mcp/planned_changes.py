"""The changes that can be planned: merging in .bib files, fixing findings, filling, writing a merged library."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from refsync import api
from refsync.cites import RewrittenDocument, read_cites
from refsync.config import load_config
from refsync.enrich.environment import with_environment
from refsync.errors import RefsyncError
from refsync.in_place.citing import NOT_CITING, Citing
from refsync.in_place.fills import plan_fills
from refsync.in_place.fixes import plan_fixes
from refsync.in_place.merges import plan_merges
from refsync.mcp.changes import Change
from refsync.mcp.library import Libraries
from refsync.operating_system import command_line
from refsync.planning.plan import PlanContext
from refsync.planning.revision import Revision
from refsync.planning.run_models import no_progress
from refsync.records import Problem, Record
from refsync.runs.apply import apply_plan, apply_revisions, render, writer_for
from refsync.schemas import problem

_TITLE = 100  # characters


def merging(libraries: Libraries, names: tuple[str, ...], *, rewrite_cites: bool) -> Change:
    """Merge the duplicates inside .bib files."""
    found = libraries.duplicates(names)
    _refuse_unread(found.reading.problems)
    citing = Citing((), rewrite_cites, None) if rewrite_cites else NOT_CITING
    beside = [item.source for item in found.reading.snapshots if item.format == "bibtex"]
    cites = read_cites(found.config.cites, beside=beside)
    if rewrite_cites and not cites.documents:
        raise RefsyncError("no documents are named", hint='name them in refsync.toml: `cites = ["paper/*.tex"]`')
    merges = plan_merges(found.reading, found.found, found.answers, cites, citing, found.config, found.problems)
    plan = merges.plan
    return Change(
        kind="merge",
        inputs=merges.inputs,
        texts=_texts(merges.revisions, merges.rewritten),
        account={
            "merged": plan.merged,
            "keys": plan.key_map.everything,
            "to_review": len(plan.deduplication.review),
            "notes": _notes((*found.problems, *merges.disputed, *merges.notes)),
        },
        lines=_merge_lines(plan.records, [cluster.members for cluster in plan.deduplication.clusters]),
        command=command_line(["refsync", "dedupe", *names, "--write", *["--rewrite-cites"] * rewrite_cites]),
        write=lambda: apply_revisions(merges.revisions, plan, merges.inputs, documents=merges.rewritten),
    )


def fixing(libraries: Libraries, names: tuple[str, ...], select: Sequence[str]) -> Change:
    """Fix what can be fixed of the findings with these codes; of all where there is no code."""
    checked = libraries.check(names)
    _refuse_unread(checked.problems)
    findings = [item for item in checked.findings if not select or item.code.startswith(tuple(select))]
    cites = read_cites(checked.config.cites, beside=names)
    fixes = plan_fixes(checked.reading, findings, cites, NOT_CITING, checked.config, checked.remembered)
    selected = [part for code in select for part in ("--select", code)]
    return Change(
        kind="fix",
        inputs=fixes.inputs,
        texts=_texts(fixes.revisions, fixes.rewritten),
        account={
            "fixed": len(fixes.fixed),
            "not_fixed": len(findings) - len(fixes.fixed),
            "keys": fixes.plan.key_map.everything,
            "notes": _notes(fixes.notes),
        },
        lines=tuple(f"fix {item.source}:{item.line} {item.code} {item.key}: {item.message}" for item in fixes.fixed),
        command=command_line(["refsync", "check", "--fix", *names, *selected]),
        write=fixes.write,
    )


def merged_library(libraries: Libraries, names: tuple[str, ...], output: str) -> Change:
    """Write the papers of the files, each once and with its areas, to another file."""
    found = libraries.duplicates(names)
    reading, config = found.reading, found.config
    _refuse_unread(reading.problems)
    if output in names:
        raise RefsyncError(f"{output} is an input", hint="without `output` its duplicates are merged in place")
    model = api.load_model(settings=config.areas) if config.areas.tags else None
    cites = read_cites(config.cites)
    context = PlanContext(cites=cites, preambles=reading.preambles, cannot_link=found.answers.cannot_link)
    plan = api.make_plan(reading.records, found.found, reading.problems, model, config, context)
    if not plan.entries:
        raise RefsyncError("there is no entry to write")
    path = Path(output)
    after = render(plan, writer_for(path.name, plan.export.format))
    before = path.read_bytes() if path.exists() else b""
    return Change(
        kind="library",
        inputs={name: reading.digests[name] for name in names},
        texts={output: (before.decode("utf-8", "replace"), after.decode("utf-8", "replace"))},
        account={
            "records": plan.read,
            "entries": len(plan.entries),
            "merged": plan.merged,
            "areas": plan.areas,
            "to_review": len(plan.deduplication.review),
            "notes": _notes(plan.problems),
        },
        lines=(
            f"{len(plan.entries):,} entries of {plan.read:,} records from {', '.join(names)}",
            *([f"replacing {output}, which has {len(before):,} bytes"] if before else []),
            *_merge_lines(plan.records, [cluster.members for cluster in plan.deduplication.clusters]),
        ),
        command=command_line(["refsync", "run", *names, "-o", output]),
        write=lambda: apply_plan(plan, path, reading.digests),
    )


def filling(libraries: Libraries, names: tuple[str, ...]) -> Change:
    """Fill missing values of entries in .bib files from Crossref, OpenAlex and arXiv; sends requests to them."""
    from refsync.enrich.look_up import look_up

    reading, config = libraries.read(names), load_config(near=names)
    _refuse_unread(reading.problems)
    found = look_up(reading.records, with_environment(config.enrich), config.dedup, no_progress)
    accepted = [fill for fill in found.fills if fill.state == "accepted"]
    values: dict[int, dict[str, str]] = {}
    for fill in accepted:
        values.setdefault(fill.record, {}).setdefault(fill.field, fill.value)
    fills = plan_fills(reading, values, config)
    failures = [f"{item.lookups:,} look-ups failed: {item.message}" for item in found.failures]
    if failures and not values:
        raise RefsyncError("; ".join(failures))
    return Change(
        kind="fill",
        inputs=fills.inputs,
        texts=_texts(fills.revisions, ()),
        account={
            "looked_up": found.looked_up,
            "known": found.known,
            "filled": len(accepted),
            "uncertain": len(found.fills) - len(accepted),
            "notes": failures,
        },
        lines=tuple(
            f"fill {_name(reading.records[fill.record])}: {fill.field} = {fill.value[:_TITLE]} ({fill.service})"
            for fill in accepted
        ),
        command=f"{command_line(['refsync', 'enrich', *names, '--plan', 'plan.json'])} && refsync apply plan.json",
        write=lambda: apply_revisions(fills.revisions, fills.plan, fills.inputs, "enrich"),
    )


def _texts(revisions: Sequence[Revision], rewritten: Sequence[RewrittenDocument]) -> Mapping[str, tuple[str, str]]:
    """The files that change, before and after.

    Raises:
        RefsyncError: there is none.
    """
    texts = {item.source: (item.before, item.after) for item in revisions}
    texts |= {item.source: (item.before, item.after) for item in rewritten if item.before != item.after}
    if not texts:
        raise RefsyncError("there is nothing to change")
    return texts


def _merge_lines(records: Sequence[Record], groups: Sequence[Sequence[int]]) -> tuple[str, ...]:
    return tuple(
        f"merge {', '.join(_name(records[i]) for i in others)} into {_name(records[first])}: "
        f"{records[first].get('title')[:_TITLE]}"
        for first, *others in groups
    )


def _name(record: Record) -> str:
    return f"{record.source}:{record.id}"


def _notes(problems: Sequence[Problem]) -> list[object]:
    return [problem(item) for item in problems if item.kind != "columns"]


def _refuse_unread(problems: Sequence[Problem]) -> None:
    """Refuse to plan where part of an input could not be read: its papers would be lost."""
    if fatal := next((item for item in problems if item.fatal), None):
        raise RefsyncError(f"not read whole: {fatal}", hint="repair that file first")
