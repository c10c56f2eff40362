"""Write docs/rules.md from the table of rules. `--check` writes nothing and fails if the page is out of date."""

import sys
from pathlib import Path

from refsync.check.rule_docs import markdown

PAGE = Path(__file__).parents[1] / "docs" / "rules.md"

if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(int(PAGE.read_text(encoding="utf-8") != markdown()))
    PAGE.write_text(markdown(), encoding="utf-8")
