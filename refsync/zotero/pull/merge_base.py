"""What a pull remembers of a file: which entry is of which item, and what both said.

A pull that was taken back is forgotten.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refsync.runs.journal import FOLDER, Run
from refsync.zotero.pull.entry_merge import Known
from refsync.zotero.web.local_copy import Store


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one file.

    Attributes:
        run: the last run that wrote it; empty where none did.
        version: the library's at the last pull.
        known: what each item became, by its key.
    """

    run: str = ""
    version: int = 0
    known: Mapping[str, Known] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, output: Path) -> "Memory":
        """What is remembered of a file, beside which the store lies."""
        kept = _not_undone(store.fact(_NAME + output.name, "{}"), output.parent)
        known = {
            key: Known(id_, version, type_, {name: (both[:8], both[8:]) for name, both in said.items()})
            for key, (id_, version, type_, said) in kept.get("known", {}).items()
        }
        return cls(kept.get("run", ""), kept.get("version", 0), known)

    def as_json(self) -> dict[str, Any]:
        known = {
            key: [one.key, one.version, one.type, {name: "".join(both) for name, both in one.said.items()}]
            for key, one in self.known.items()
        }
        return {"run": self.run, "version": self.version, "known": known}

    def keep(self, store: Store, output: Path) -> None:
        """Remember it, in place of what was."""
        store.set_facts(**{_NAME + output.name: json.dumps(self.as_json())})


def last_pull(store: Store, beside: Path) -> int:
    """The version that the library had at the last pull into any file of a folder; 0 where there was none."""
    return max((_not_undone(kept, beside).get("version", 0) for kept in store.facts(_NAME).values()), default=0)


_NAME = "pull:"


def _not_undone(text: str, beside: Path) -> dict[str, Any]:
    """What is remembered, as it was before runs that were taken back."""
    kept: dict[str, Any] = json.loads(text)
    while kept.get("run") and (run := Run(beside / FOLDER / "runs" / kept["run"])).folder.is_dir():
        if run.facts["state"] != "undone":
            break
        kept = json.loads((run.folder / "plan.json").read_text(encoding="utf-8"))["remembered"]
    return kept
