"""Which rules are checked: by codes, and by comments above entries."""

import pytest

from refsync.check.rule_selection import selected_codes
from refsync.check.rule_table import RULES
from refsync.errors import ConfigError
from tests.check.findings import find_places


def test_selected_codes() -> None:
    default = selected_codes((), (), ())
    assert {code for code, rule in RULES.items() if rule.default} == default
    assert not {"RS501", "RS601", "RS602"} & default
    assert selected_codes(["rs1,RS201"], (), ["RS103"]) == {"RS101", "RS102", "RS104", "RS201"}
    assert selected_codes((), ["RS5"], ["RS1"]) == {*default, *(code for code in RULES if code[:3] == "RS5")} - {
        code for code in RULES if code[:3] == "RS1"
    }
    assert selected_codes(["ALL"], (), ()) == set(RULES)
    assert selected_codes((), (), ["ALL"]) == set()
    with pytest.raises(ConfigError, match="no rule RS9"):
        selected_codes(["RS9"], (), ())


def test_a_comment_above_an_entry_hides_its_findings(capsys: pytest.CaptureFixture[str]) -> None:
    entries = "@misc{a, title={Moss}}\n%s\n@misc{a, title={Kelp},\n  title={Weed}}\n"
    for comment, left in (
        ("", ["RS201", "RS303"]),
        ("% refsync: ignore[RS201]", ["RS303"]),
        ("% refsync: ignore[RS201, rs303]", []),
        ("%% Refsync:  ignore[RS3]\n  % of old", ["RS201"]),
        ("% refsync: ignore", []),
        ("% refsync: ignore, it is right", []),
        ("% refsync: ignore[RS201]\n", ["RS201", "RS303"]),  # an empty line: not above the entry
        ("% refsync: ignored", ["RS201", "RS303"]),
    ):
        assert [code for code, *_ in find_places(capsys, entries % comment, "RS2,RS3")] == left, comment
