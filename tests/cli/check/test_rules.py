"""`refsync rules`: the rules explained."""

import json

import pytest

from refsync.check.rule_table import RULES
from refsync.cli import main


def test_rules_explains_codes_and_prefixes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    listed = capsys.readouterr().out
    assert all(code in listed for code in RULES)
    assert main(["rules", "rs103", "RS5"]) == 0
    out = capsys.readouterr().out
    assert "RS103: possible duplicate (note, by default; duplicates)" in out
    assert "RS505" in out
    assert "How to fix it" in out
    assert main(["rules", "--format", "json", "RS303"]) == 0
    assert json.loads(capsys.readouterr().out)["rules"][0]["fix"]
    assert main(["rules", "RS999"]) == 2
