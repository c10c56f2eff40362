"""Write docs/vetoes.md from the table of vetoes."""

from pathlib import Path

from refsync.dedup.veto_docs import markdown

PAGE = Path(__file__).parents[1] / "docs" / "vetoes.md"

if __name__ == "__main__":
    PAGE.write_text(markdown(), encoding="utf-8")
