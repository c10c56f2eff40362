"""What a rule is: its code, severity and documentation."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "note"]

FAMILIES = {
    "RS0": "Comments of refsync",
    "RS1": "Duplicates",
    "RS2": "Keys and references",
    "RS3": "Structure",
    "RS4": "Encoding",
    "RS5": "Values",
    "RS6": "Completeness and style",
}
"""The families of rules by the beginning of their codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The meaning of a code. Errors fail the check; notes are reported and do not.

    Attributes:
        code: such as `RS101`.
        severity: whether a finding fails the check.
        title: the rule in a few words.
        why: why a finding matters.
        remedy: what the user can do.
        default: whether the rule is in the default selection.
        fix: what `--fix` does; empty where it does nothing.
        needs: what the rule needs besides the bibliography.
    """

    code: str
    severity: Severity
    title: str
    why: str
    remedy: str
    default: bool = True
    fix: str = ""
    needs: Literal["", "documents"] = ""
