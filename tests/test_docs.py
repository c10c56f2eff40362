"""What the documents show is what the program prints, and every command is documented."""

import subprocess
import sys

import pytest

from refsync.cli.commands import COMMANDS
from tests.paths import ROOT

PAGES = [page.name for page in sorted(ROOT.glob("docs/*.md")) if "<!-- run -->" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", ["README.md", *PAGES])
def test_a_page_shows_real_output(page: str) -> None:
    script = ROOT / "scripts" / "readme_output.py"
    done = subprocess.run([sys.executable, str(script), "--check", page], check=False)
    assert done.returncode == 0, "run scripts/readme_output.py"


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for section in COMMANDS.values() for name in section if f"refsync {name}" not in text] == []
