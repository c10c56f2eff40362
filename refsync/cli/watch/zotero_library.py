"""Looking at a Zotero library: groups of items that are one paper, and pairs to review."""

from dataclasses import dataclass, replace
from pathlib import Path

from refsync.cli.common.text import place_of, title_of
from refsync.cli.watch.clock import Clock
from refsync.cli.watch.looks import Item, Look
from refsync.config import load_config
from refsync.decisions import FILE_NAME
from refsync.decisions.answer_files import AnswerFiles
from refsync.dedup.results import Cluster, Link
from refsync.errors import RefsyncError
from refsync.planning.run_models import find_duplicates, no_progress
from refsync.records import Record
from refsync.schemas import member
from refsync.zotero.items.mapping import MappingSettings
from refsync.zotero.items.papers import library_records, papers
from refsync.zotero.web.library import open_library

LEAST = 15.0  # seconds between two questions to the server
DEFAULT = 60.0
_LONGEST = 900.0  # after questions that failed


@dataclass(slots=True)
class ZoteroLibrary:
    """A library that is watched; each look asks the server whether its version is still the one that was read.

    Attributes:
        name: such as `zotero:user/12345`.
        endpoint: a server other than Zotero's.
        every: seconds between two looks.
    """

    name: str
    endpoint: str
    every: float
    _last: Look | None = None
    _failed: int = 0

    def wait(self, clock: Clock) -> None:
        """Wait for the next look; longer after failures."""
        clock.sleep(min(_LONGEST, self.every * 2**self._failed))

    def look(self) -> Look:
        """The duplicates now; what failed is a problem, except at the first look.

        Raises:
            RefsyncError: the library cannot be read at all.
        """
        try:
            self._last = self._read()
            self._failed = 0
        except RefsyncError as error:
            if self._last is None:
                raise
            self._failed = min(self._failed + 1, 10)
            return replace(self._last, problems=(str(error),))
        return self._last

    def _read(self) -> Look:
        config = load_config()
        with open_library(self.name, self.endpoint, Path(), no_progress, write=False) as opened:
            if self._last and not opened.changed:
                return self._last
            mapping = MappingSettings(opened.schema, config.zotero.area_prefix)
            items = [item for item in papers(opened.items) if item["itemType"] not in config.dedup.never]
            records = [  # named by the keys of the items, which stay
                replace(record, id=str(item["key"]))
                for record, item in zip(library_records(str(opened.client.address), items, mapping), items, strict=True)
            ]
        files = AnswerFiles(beside=(FILE_NAME,), decisions=config.decisions, calibration=config.dedup.calibration)
        answers, problems = files.about_pairs(records)
        found = find_duplicates(records, config.dedup, answers)
        groups = [_item("same", group, records) for group in found.clusters]
        groups += [_item("review", group, records) for group in found.review]
        merge = f"refsync dedupe {self.name} --apply" if found.clusters else ""
        return Look(sources=(self.name,), items=tuple(groups), problems=tuple(map(str, problems)), command=merge)


def _item(verdict: str, group: Cluster | Link, records: list[Record]) -> Item:
    members = [records[i] for i in group.members]
    what = "same paper" if verdict == "same" else "to review"
    places = ", ".join(map(place_of, members))
    return Item(
        identity=(verdict, frozenset(record.id for record in members)),
        line=f"{what}  p={group.probability:.3f}  {places}  {title_of(members[0])}",
        row={
            "verdict": verdict,
            "probability": round(group.probability, 4),
            "members": [{**member(record), "title": record.get("title")} for record in members],
        },
    )
