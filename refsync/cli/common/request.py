"""What a command was asked to do."""

from dataclasses import dataclass

from refsync.cli.common.options import Common
from refsync.in_place.citing import NOT_CITING, Citing


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a command was asked to do; it is passed with the records from reading over planning to writing.

    Attributes:
        command: the name of the command.
        common: the shared options, with the settings in force.
        inputs: as the user named them.
        output: the library to write; `-` for standard output, empty for none.
        against: the library that the inputs are compared with, if any.
        citing: the documents that cite, and what to do with them.
        plan_path: where to write the plan, instead of the library; empty to write the library.
        removed: where to write the duplicates that were removed, if anywhere.
        in_place: whether the inputs themselves are changed.
        dry_run: whether to write nothing, not even the journal.
    """

    command: str
    common: Common
    inputs: tuple[str, ...]
    output: str = ""
    against: str = ""
    citing: Citing = NOT_CITING
    plan_path: str = ""
    removed: str = ""
    in_place: bool = False
    dry_run: bool = False
