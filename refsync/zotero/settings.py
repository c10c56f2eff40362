"""Settings of the Zotero commands: the table `[zotero]`. Imports nothing heavy."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ZoteroSettings:
    """How papers are kept in a Zotero library.

    Which server is asked is no setting: a file that comes along with a project must not learn the user's key.

    Attributes:
        area_prefix: what the automatic tags of research areas start with.
        collections: the collection that holds one for each area; empty for tags alone.
        conflicts: what a sync does where file and library changed one thing differently.
        deletions: what a sync does where something was taken out on one side.
    """

    area_prefix: str = "area:"
    collections: str = ""
    conflicts: Literal["ask", "ours", "theirs", "newest"] = "ask"
    deletions: Literal["ask", "keep", "apply"] = "ask"


DEFAULTS = ZoteroSettings()
