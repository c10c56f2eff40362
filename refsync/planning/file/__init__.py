"""Plans as files: written by `--plan`, looked through by a person, carried out by `refsync apply`.

docs/plan.md has the format. A plan holds what was proposed, each proposal with a state, and all that carrying it out
needs but the inputs themselves, of which it knows the digests.
"""

from refsync.planning.file.header import about, check_readable_again, folder_from, outdated
from refsync.planning.file.plan_file import SCHEMA, STATES, PlanFile, State, is_plan, load
from refsync.planning.file.proposals import accepted, proposed, taggings, wishes

__all__ = [
    "SCHEMA",
    "STATES",
    "PlanFile",
    "State",
    "about",
    "accepted",
    "check_readable_again",
    "folder_from",
    "is_plan",
    "load",
    "outdated",
    "proposed",
    "taggings",
    "wishes",
]
