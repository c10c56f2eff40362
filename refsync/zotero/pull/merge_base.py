"""The merge base of a pull: which entry of a file belongs to which item, and the values of both at the last pull.

The base of a pull that was undone is not used.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refsync.runs.journal import Run, UnprovenRunError
from refsync.write_targets import FOLDER
from refsync.zotero.pull.entry_merge import DIGITS, EntryBase
from refsync.zotero.web.local_copy import LocalCopy


@dataclass(frozen=True, slots=True)
class PullBase:
    """The merge base of one file.

    Attributes:
        run: the last run that wrote it; empty if there was none.
        version: the library's at the last pull.
        entries: the base of each entry, by the key of its item.
    """

    run: str = ""
    version: int = 0
    entries: Mapping[str, EntryBase] = field(default_factory=dict)

    @classmethod
    def load(cls, copy: LocalCopy, output: Path) -> "PullBase":
        """The base of a file, stored in the local copy in the file's folder."""
        stored = _before_undone_runs(copy.fact(_PREFIX + output.name, "{}"), output.parent)
        entries = {
            key: EntryBase(
                id_, version, type_, {name: (both[:DIGITS], both[DIGITS:]) for name, both in digests.items()}
            )
            for key, (id_, version, type_, digests) in stored.get("known", {}).items()
        }
        return cls(stored.get("run", ""), stored.get("version", 0), entries)

    def as_json(self) -> dict[str, Any]:
        """The base as it is stored."""
        entries = {
            key: [entry.key, entry.version, entry.type, {name: "".join(both) for name, both in entry.digests.items()}]
            for key, entry in self.entries.items()
        }
        return {"run": self.run, "version": self.version, "known": entries}

    def save(self, copy: LocalCopy, output: Path) -> None:
        """Store the base of a file in place of the earlier one."""
        copy.set_facts(**{_PREFIX + output.name: json.dumps(self.as_json())})


def last_pulled_version(copy: LocalCopy, folder: Path) -> int:
    """The library's version at the last pull into any file of a folder; 0 if there was none."""
    bases = copy.facts(_PREFIX).values()
    return max((_before_undone_runs(base, folder).get("version", 0) for base in bases), default=0)


_PREFIX = "pull:"


def _before_undone_runs(text: str, folder: Path) -> dict[str, Any]:
    """The stored base, or the one before the runs that were undone."""
    stored: dict[str, Any] = json.loads(text)
    while stored.get("run") and (run := Run(folder / FOLDER / "runs" / stored["run"])).folder.is_dir():
        try:
            if run.facts["state"] != "undone":
                break
            stored = run.plan["remembered"]
        except UnprovenRunError:  # no sign that it was undone
            break
    return stored
