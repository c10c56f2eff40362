"""The page of rules."""

from refsync.check.rule_docs import markdown
from refsync.check.rule_table import FAMILIES, RULES
from tests.paths import ROOT


def test_the_page_of_rules_is_generated_from_the_table() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == markdown(), "run scripts/rules_page.py"
    assert all(code[:3] in FAMILIES for code in RULES)
