"""Settings of the Zotero commands: the table `[zotero]`. Imports nothing heavy."""

from dataclasses import dataclass
from typing import Literal

SurvivorRule = Literal["oldest", "newest", "most-fields", "most-children", "has-pdf", "has-key"]
"""Which item of a merge stays: the one that was added first or last, with most values, with most notes and files, with
a PDF, or with a citation key."""


@dataclass(frozen=True, slots=True)
class ZoteroSettings:
    """How papers are stored in a Zotero library and synced with it.

    Attributes:
        endpoint: a server other than Zotero's; from the user's own configuration only, because it gets the user's key.
        area_prefix: the prefix of the automatic tags of research areas.
        collections: the collection that contains one for each area; empty for tags alone.
        conflicts: what a sync does if file and library changed a field differently.
        deletions: what a sync does if an entry or item was deleted on one side.
        survivor: which of the items that a merge unites stays: the first rule that distinguishes them decides.
    """

    endpoint: str = ""
    area_prefix: str = "area:"
    collections: str = ""
    conflicts: Literal["ask", "ours", "theirs", "newest"] = "ask"
    deletions: Literal["ask", "keep", "apply"] = "ask"
    survivor: tuple[SurvivorRule, ...] = ()


DEFAULTS = ZoteroSettings()
