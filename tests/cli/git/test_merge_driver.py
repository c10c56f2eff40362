"""The merge driver called by git itself: merge, rebase, cherry-pick, stash."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refsync.cli import main

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
BASE = "@article{a,\n  title = {The patience of kelp},\n  year = {2020},\n}\n\n@book{b,\n  title = {Moss},\n}\n"
NEW = "\n@misc{%s,\n  title = {%s},\n}\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with refs.bib, in which git is set up; the working directory."""
    folder = tmp_path / "my papers"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, value in {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
    }.items():
        monkeypatch.setenv(name, value)
    git("init", "-q", "-b", "main")
    assert main(["git-setup"]) == 0
    commit(BASE, "base")
    return folder


def git(*arguments: str, code: int = 0) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def commit(text: str, message: str) -> None:
    Path("refs.bib").write_text(text, encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", message)


def diverge(ours: str, theirs: str) -> None:
    """Two branches: `side` with their version, `main` with ours."""
    git("checkout", "-qb", "side")
    commit(theirs, "theirs")
    git("checkout", "-q", "main")
    commit(ours, "ours")


OURS, THEIRS = (
    BASE.replace("2020", "2021") + NEW % ("m", "Tides"),
    BASE.replace("patience", "growth") + NEW % ("n", "Reefs"),
)
BOTH = BASE.replace("2020", "2021").replace("patience", "growth") + NEW % ("m", "Tides") + NEW % ("n", "Reefs")


@pytest.mark.parametrize("how", [["merge", "-q", "side"], ["cherry-pick", "side"]])
def test_two_people_change_one_entry_and_add_at_one_place(repository: Path, how: list[str]) -> None:
    diverge(OURS, THEIRS)
    git(*how)
    assert Path("refs.bib").read_text(encoding="utf-8") == BOTH


def test_rebase_and_stash(repository: Path) -> None:
    diverge(OURS, THEIRS)
    git("checkout", "-q", "side")
    git("rebase", "-q", "main")
    assert Path("refs.bib").read_text(encoding="utf-8") == BOTH
    git("checkout", "-q", "main")
    Path("refs.bib").write_text(OURS + NEW % ("p", "Shells"), encoding="utf-8")
    git("stash")
    commit(OURS + NEW % ("q", "Noise"), "later")
    git("stash", "pop")
    assert Path("refs.bib").read_text(encoding="utf-8") == OURS + NEW % ("q", "Noise") + NEW % ("p", "Shells")


def test_a_conflict_stays_inside_its_entry(repository: Path) -> None:
    diverge(BASE.replace("2020", "2021"), BASE.replace("2020", "2022"))
    assert "conflict: refs.bib: a: year" in git("merge", "side", code=1)
    text = Path("refs.bib").read_text(encoding="utf-8")
    assert text.startswith("@article{a,\n  title = {The patience of kelp},\n<<<<<<< ours\n  year = {2021},\n=======\n")
    assert text.endswith(BASE[BASE.index("@book") :])
    assert "UU refs.bib" in git("status", "--short")


PAPER = """
@article{%s,
  title = {Sorting shells by their colours},
  author = {Roe, Ann},
  journal = {Algae},
  year = {2021},
  doi = {10.1000/s},
}
"""


def test_one_paper_that_both_added(repository: Path) -> None:
    ours = BASE + PAPER % "roe2021"
    diverge(ours, BASE + PAPER % "sorting")
    assert "both sides added one paper: roe2021, sorting" in git("merge", "side")
    assert Path("refs.bib").read_text(encoding="utf-8") == ours + PAPER % "sorting"
    git("reset", "-q", "--hard", "HEAD~1")
    git("checkout", "-q", "main")
    git("config", "merge.refsync.driver", "refsync merge-driver %O %A %B %P --same-paper merge")
    git("merge", "-q", "side")
    assert Path("refs.bib").read_text(encoding="utf-8") == ours


def test_diffs_show_values(repository: Path) -> None:
    commit(BASE.replace("  title = {The patience of kelp},\n", "title={The patience\n of kelp},"), "laid out anew")
    assert "patience" not in git("diff", "HEAD~1", "--", "refs.bib")
    commit(BASE.replace("patience", 'Pat{\\"i}ence'), "a word")
    assert "+  title        The Patïence of kelp" in git("diff", "HEAD~1", "--", "refs.bib")


def test_what_cannot_be_merged_stays(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, data in (("base", BASE.encode()), ("ours", BASE.encode()), ("theirs", b"\x89PNG\0\0")):
        Path(name).write_bytes(data)
    assert main(["merge-driver", "base", "ours", "theirs", "refs.bib"]) == 1
    assert "refs.bib: their version is not a text file" in capsys.readouterr().err
    Path("theirs").write_text("<<<<<<< a\n@misc{x}\n=======\n>>>>>>> b\n", encoding="utf-8")
    assert main(["merge-driver", "base", "ours", "theirs", "refs.bib"]) == 1
    assert Path("ours").read_bytes() == BASE.encode()
    assert main(["merge-driver", "base", "ours", "gone"]) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_and_line_ends_stay(repository: Path, encoding: str, line_end: str) -> None:
    files = {"base": BASE, "ours": BASE.replace("2020", "2021"), "theirs": BASE.replace("Moss", "Möss")}
    for name, text in files.items():
        Path(name).write_bytes(text.replace("\n", line_end).encode(encoding))
    assert main(["merge-driver", "base", "ours", "theirs"]) == 0
    expected = BASE.replace("2020", "2021").replace("Moss", "Möss").replace("\n", line_end).encode(encoding)
    assert Path("ours").read_bytes() == expected


def test_setup_is_undone_whole(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = Path(".git/config").read_text(encoding="utf-8")
    assert "refsync" in before
    assert main(["git-setup", "--undo", "--dry-run"]) == 0
    assert Path(".git/config").read_text(encoding="utf-8") == before
    assert main(["git-setup", "--undo"]) == 0
    assert "refsync" not in Path(".git/config").read_text(encoding="utf-8")
    assert not Path(".gitattributes").exists()
    Path(".gitattributes").write_text("*.png binary", encoding="utf-8")
    assert main(["git-setup"]) == main(["git-setup"]) == 0
    attributes = Path(".gitattributes").read_text(encoding="utf-8")
    assert attributes.startswith("*.png binary\n")
    assert attributes.count("merge=refsync") == 1
    assert main(["git-setup", "--undo"]) == 0
    assert Path(".gitattributes").read_text(encoding="utf-8") == "*.png binary\n"


def test_no_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["git-setup", str(tmp_path)]) == 2
    assert "name a folder of a git repository" in capsys.readouterr().err
