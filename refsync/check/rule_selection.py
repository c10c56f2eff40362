"""Which rules are checked."""

from collections.abc import Sequence

from refsync.check.rule_table import RULES
from refsync.errors import ConfigError

ALL = "ALL"


def selected_codes(select: Sequence[str], extend_select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """The codes to check: those selected (else the default ones) and additional ones, without those ignored.

    Raises:
        ConfigError: an item is neither a code nor the beginning of one.

    >>> sorted(selected_codes(["RS10"], ["RS201"], ["RS104"]))
    ['RS101', 'RS102', 'RS103', 'RS201']
    """
    chosen = _codes_matching(select) if select else {code for code, rule in RULES.items() if rule.default}
    return frozenset((chosen | _codes_matching(extend_select)) - _codes_matching(ignore))


def _codes_matching(prefixes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for prefix in (part.strip().upper() for item in prefixes for part in item.split(",")):
        if not prefix:
            continue
        codes = {code for code in RULES if prefix == ALL or code.startswith(prefix)}
        if not codes:
            raise ConfigError(f"no rule {prefix}", hint="`refsync rules` lists them; RS2 or ALL selects several")
        found |= codes
    return found
