"""What the documents show is what the program prints; every command, package and file that they name exists."""

import re
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


NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")
OURS = re.compile(r"\.py$|^(?:refsync|tests|benchmarks|scripts|docs)/")
ELSEWHERE = {"refsync/enrich/enrich.sqlite", "refsync/formats/KIND/NAME.py"}  # in the user's folder, and to be written


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda page: page.name)
def test_the_files_that_a_page_names_exist(page: Path) -> None:
    """They are named from the root, or as in a table of modules or tests from the package or a folder of tests."""
    if page.name == "CHANGELOG.md":  # of files as they were
        return
    named = [name for name in NAMED.findall(page.read_text(encoding="utf-8")) if OURS.search(name)]
    folders = [ROOT, ROOT / "refsync", ROOT / "tests" / "zotero", ROOT / "tests" / "security"]
    missing = [name for name in named if not any((folder / name).exists() for folder in folders)]
    assert [name for name in missing if name not in ELSEWHERE] == []


def test_the_map_has_every_package_and_module() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("| package | contents |")[2].partition("\n\n")[0]
    names = [
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "refsync").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.name[0] != "_"
    ]
    assert sorted(name for name in names if name not in table) == []


def test_every_page_is_on_the_site() -> None:
    """`make docs` builds the site, where a broken link is an error."""
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
    assert [name for name in pages if f": {name}\n" not in navigation] == []
