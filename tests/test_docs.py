"""What the documents show is what the program prints, and every command is documented."""

import subprocess
import sys
from pathlib import Path

from refsync.cli.commands import COMMANDS

ROOT = Path(__file__).parents[1]


def test_the_readme_shows_real_output() -> None:
    script = ROOT / "scripts" / "readme_output.py"
    done = subprocess.run([sys.executable, str(script), "--check"], check=False)
    assert done.returncode == 0, "run scripts/readme_output.py"


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for section in COMMANDS.values() for name in section if f"refsync {name}" not in text] == []
