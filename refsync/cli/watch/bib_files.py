"""Looking at .bib files: the findings of a check, and a plan of the merges."""

import os
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refsync import schemas
from refsync.check.baseline import fingerprint
from refsync.check.findings import Finding
from refsync.cites import read_cites
from refsync.cli.check.render import one_line
from refsync.cli.common.named_files import files_below
from refsync.cli.common.options import Common
from refsync.cli.common.plan_files import plan_document, save_plan
from refsync.cli.common.request import Request
from refsync.cli.watch.looks import Item, Look, ReadyPlan
from refsync.config_files import project_file
from refsync.decisions import FILE_NAME
from refsync.dedup.results import Deduplication
from refsync.errors import RefsyncError
from refsync.formats.bibtex.format import FORMAT
from refsync.in_place.citing import NOT_CITING
from refsync.in_place.ignored import without_ignored
from refsync.in_place.merges import FileMerges, plan_merges
from refsync.lsp.library import CheckedLibrary, LibraryChecker
from refsync.planning.file import is_plan
from refsync.planning.run_models import find_duplicates, no_progress
from refsync.sources import Reading, read_sources
from refsync.write_targets import FOLDER, own_folder

_BROKEN = frozenset({"RS301", "RS302"})
"""Findings in the middle of a save."""


@dataclass(slots=True)
class BibFiles:
    """The .bib files that are watched.

    Attributes:
        inputs: files and folders, as they were named.
        plan_path: where the plan is kept; empty for a file in `.refsync/` beside the first file. Files with other
            settings have plans of their own, beside the first of them.
    """

    inputs: tuple[str, ...]
    plan_path: str = ""
    _checkers: dict[tuple[str, ...], LibraryChecker] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The files: those that were named, and those that are in the folders now."""
        found: dict[str, None] = {}
        for name in self.inputs:
            below = files_below(name, FORMAT.suffixes) if Path(name).is_dir() else [Path(name)]
            found.update(dict.fromkeys(map(str, below)))
        return [*found]

    def signature(self) -> Hashable:
        """Changes when a file, its settings or the answers beside it change."""
        names = self.names()
        beside = {str(Path(name).with_name(FILE_NAME)) for name in names}
        settings = {str(project_file((name,)) or "") for name in names}
        return tuple(_stamp(name) for name in (*names, *sorted(beside | settings)))

    def look(self) -> Look:
        """Check the files. What cannot be read is a problem."""
        groups: dict[str, list[str]] = {}
        names = self.names()
        for name in names:
            groups.setdefault(str(project_file((name,)) or ""), []).append(name)
        items: list[Item] = []
        problems: list[str] = []
        plans: list[ReadyPlan] = []
        entries: dict[str, int] = {}
        unread: set[str] = set()
        broken = 0
        for number, group in enumerate(tuple(files) for files in groups.values()):
            try:
                checked = self._checkers.setdefault(group, LibraryChecker(group)).check({}, no_progress, lambda _: None)
                problems += map(str, checked.problems)
                unread |= {item.source for item in checked.problems if item.fatal}
                items += map(_item, checked.findings)
                broken += sum(item.code in _BROKEN for item in checked.findings)
                entries |= {item.source: len(item.records) for item in checked.reading.snapshots}
                plans += _ready_plan(group, checked, self.plan_path if not number else "")
            except (RefsyncError, OSError) as error:
                problems.append(str(error))
                unread |= {name for name in group if name not in entries}
        return Look(
            sources=tuple(names),
            items=tuple(items),
            problems=tuple(problems),
            plans=tuple(plans),
            entries=entries,
            broken=broken,
            unread=frozenset(unread),
        )


def _ready_plan(names: tuple[str, ...], checked: CheckedLibrary, plan_path: str) -> list[ReadyPlan]:
    """Write the plan of the merges; where there is nothing to merge, the last one is removed."""
    base = Path(names[0]).parent
    path = Path(plan_path) if plan_path else base / FOLDER / "watch" / "plan.json"
    reading, found = _duplicates(names, checked)
    if not found.clusters or reading.failed:
        if is_plan(str(path)):
            path.unlink()
        return []
    if not plan_path:
        own_folder(base, "watch")
    beside = [item.source for item in reading.snapshots]
    cites = read_cites(checked.config.cites, beside=beside)
    merges = plan_merges(reading, found, checked.remembered, cites, NOT_CITING, checked.config)
    common = Common(
        config=checked.config, from_format="", output_format="text", strict=False, quiet=True, verbose=False
    )
    request = Request(command="dedupe", common=common, inputs=names, in_place=True)
    save_plan(str(path), plan_document(merges.plan, reading, request, cites))
    return [ReadyPlan(path=path, merges=_removed(merges))]


def _duplicates(names: tuple[str, ...], checked: CheckedLibrary) -> tuple[Reading, Deduplication]:
    """The duplicates among the files alone: what the check compared them with besides is not merged."""
    if not checked.complete:
        return checked.reading, Deduplication()
    reading, found = checked.reading, checked.deduplication
    if reading.libraries:
        reading = read_sources(names)
        found = find_duplicates(reading.records, checked.config.dedup, checked.remembered)
    return reading, without_ignored(reading, found)[0]


def _removed(merges: FileMerges) -> int:
    return sum(item.deleted for item in merges.revisions)


def _item(finding: Finding) -> Item:
    (row,) = schemas.check([finding])["findings"]
    return Item(identity=(finding.source, fingerprint(finding)), line=one_line(finding), row=row)


def _stamp(name: str) -> Sequence[Hashable]:
    """What changes when a file is written, replaced or deleted."""
    try:
        status = os.stat(name)
    except (OSError, ValueError):
        return (name,)
    return name, status.st_mtime_ns, status.st_size, status.st_ino
