"""What the documents show is what the program prints, and every command is documented."""

from pathlib import Path

import pytest

from refsync.cli.commands import COMMANDS
from scripts.readme_output import DOCS, README, updated_text
from scripts.reference_pages import PAGES
from tests.paths import ROOT


@pytest.mark.parametrize("page", [README, *DOCS], ids=lambda page: page.name)
def test_a_page_shows_real_output(page: Path, tmp_path: Path) -> None:
    assert updated_text(page, tmp_path) == page.read_text(encoding="utf-8"), "run scripts/readme_output.py"
    for picture in tmp_path.iterdir():
        assert picture.read_bytes() == (page.parent / picture.name).read_bytes(), "run scripts/readme_output.py"


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for section in COMMANDS.values() for name in section if f"refsync {name}" not in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_reference_is_up_to_date(page: str) -> None:
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == PAGES[page](), "run scripts/reference_pages.py"


def test_every_page_is_on_the_site() -> None:
    """`make docs` builds the site, where a broken link is an error."""
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
    assert [name for name in pages if f": {name}\n" not in navigation] == []
