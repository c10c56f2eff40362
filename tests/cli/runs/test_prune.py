"""Old runs are removed, never unfinished or foreign ones."""

import os
import re
import time
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.runs import journal

pytestmark = pytest.mark.usefixtures("sample_folder")
RUNS = Path(".refsync/runs")


@pytest.fixture
def made(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Four runs, the oldest first."""
    names = []
    for number in range(4):
        assert main(["convert", "coauthor.bib", "-o", f"{number}.ris"]) == 0
        run = next(journal.runs(Path()))
        os.utime(run.folder / "run.json", (1_700_000_000 + number * 86_400,) * 2)
        names.append(run.id)
    capsys.readouterr()
    return names


def left() -> list[str]:
    return sorted(path.name for path in RUNS.iterdir())


def test_the_newest_stay(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "prune", "--keep", "3", "--dry-run"]) == 0
    assert "1 run would be removed" in capsys.readouterr().out
    assert left() == sorted(made)
    assert main(["runs", "prune", "--keep", "3"]) == 0
    assert left() == sorted(made[1:])
    assert main(["runs", "prune"]) == 0
    assert "0 runs removed" in capsys.readouterr().out
    assert main(["undo", made[3]]) == 0, "the others can be undone as before"


def test_what_undo_would_do(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["undo", "--dry-run"]) == 0
    assert f"3.ris: would be as before the run {made[3]} (convert)" in capsys.readouterr().out
    assert Path("3.ris").exists()
    assert main(["undo"]) == 0
    assert not Path("3.ris").exists()


def test_only_older_runs(made: list[str]) -> None:
    now = time.time()  # else the system sets its own time, which may differ from that of the process
    os.utime(RUNS / made[1] / "run.json", (now, now))
    assert main(["runs", "prune", "--keep", "0", "--older-than", "30"]) == 0
    assert left() == [made[1]]


def test_unfinished_and_foreign_runs_stay(made: list[str]) -> None:
    unfinished, foreign = (RUNS / name / "run.json" for name in made[:2])
    journal.Run(unfinished.parent).mark("stopped")
    foreign.write_text(re.sub('"mac": ".', '"mac": "x', foreign.read_text(encoding="utf-8")), encoding="utf-8")
    assert main(["runs", "prune", "--keep", "0"]) == 0
    assert left() == sorted(made[:2])


def test_the_list_has_sizes(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == made[::-1]
    assert all(line.endswith(" MB") for line in lines)
