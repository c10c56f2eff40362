"""A git repository in which commands are run, with what tests commit to it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.paths import ROOT

BIN = Path(sys.executable).parent

CLEAN = "@article{moss2001,\n  title = {A Theory of Moss},\n  author = {Roe, Richard},\n  year = 2001,\n}\n"
TWICE = """
@article{doe2020,
  title  = {The Patience of Kelp in Noisy Water},
  author = {Doe, Jane},
  year   = 2020,
  doi    = {10.5555/1},
}

@article{doe2020kelp,
  title   = {The patience of kelp in noisy water},
  author  = {Doe, J.},
  journal = {Journal of Kelp},
  year    = 2020,
  doi     = {10.5555/1},
}
"""


class Repository:
    """A git repository in which commands are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
            "PREK_HOME": str(folder.parent / "prek"),
            "NO_COLOR": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            **{f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        folder.mkdir()
        self("git", "init", "--quiet")

    def __call__(self, *command: str, code: int = 0) -> str:
        completed = subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False, encoding="utf-8"
        )
        output = completed.stdout + completed.stderr
        assert completed.returncode == code, output
        return output

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        self("git", "add", name)
