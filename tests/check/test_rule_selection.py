"""Which rules are checked."""

import pytest

from refsync.check.rule_selection import selected_codes
from refsync.check.rule_table import RULES
from refsync.errors import ConfigError


def test_selected_codes() -> None:
    default = selected_codes((), (), ())
    assert {code for code, rule in RULES.items() if rule.default} == default
    assert not {"RS501", "RS601", "RS602"} & default
    assert selected_codes(["rs1,RS201"], (), ["RS103"]) == {"RS101", "RS102", "RS104", "RS105", "RS201"}
    assert selected_codes((), ["RS5"], ["RS1"]) == {*default, *(code for code in RULES if code[:3] == "RS5")} - {
        code for code in RULES if code[:3] == "RS1"
    }
    assert selected_codes(["ALL"], (), ()) == set(RULES)
    assert selected_codes((), (), ["ALL"]) == set()
    with pytest.raises(ConfigError, match="no rule RS9"):
        selected_codes(["RS9"], (), ())
