"""The table of rules: what each code means, why it matters and how to fix it.

Codes are stable: a code that was published is never given to another rule. The default selection has what is certain
and harmful, and, as notes, what a person should read; the other rules are opt-in.
"""

from refsync.check.rule import FAMILIES, Rule, Severity
from refsync.check.tables import duplicates, structure, values

RULES = {rule.code: rule for table in (duplicates.TABLE, structure.TABLE, values.TABLE) for rule in table}
"""All rules by code."""

__all__ = ["FAMILIES", "RULES", "Rule", "Severity"]
