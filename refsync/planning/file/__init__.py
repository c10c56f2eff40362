"""Plans as files: written by `--plan`, read and edited by a person, applied by `refsync apply`.

docs/plan.md specifies the format. A plan contains proposals, each with a state, and everything that applying it needs
except the inputs themselves, of which it has the digests.
"""

from refsync.planning.file.header import check_readable_again, folder_from, outdated, plan_header
from refsync.planning.file.options import PlanOptions
from refsync.planning.file.plan_file import SCHEMA, STATES, PlanFile, State, is_plan, load
from refsync.planning.file.proposals import (
    accepted_deduplication,
    accepted_field_choices,
    accepted_taggings,
    proposed_deduplication,
)

__all__ = [
    "SCHEMA",
    "STATES",
    "PlanFile",
    "PlanOptions",
    "State",
    "accepted_deduplication",
    "accepted_field_choices",
    "accepted_taggings",
    "check_readable_again",
    "folder_from",
    "is_plan",
    "load",
    "outdated",
    "plan_header",
    "proposed_deduplication",
]
