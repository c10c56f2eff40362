"""The command line as a whole: version, help, wrong usage, pipes and terminals."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import refsync
from refsync.cli import main
from tests.cli.sample_files import FILES

pytestmark = pytest.mark.usefixtures("sample_folder")
MAIN = "import sys; from refsync.cli import main; sys.exit(main())"


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == main(["--help"]) == 0
    out = capsys.readouterr().out
    assert f"refsync {refsync.__version__}" in out
    for word in ("run", "dedupe", "tag", "explain", "demo", "check", "Examples:"):
        assert word in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "coauthor.bib", "--profile", "bold"],
        ["run", "coauthor.bib", "--from", "papyrus"],
        ["run", "coauthor.bib", "--config", "gone.toml"],
        ["run", "coauthor.bib", "-o", "library.docx"],
        ["run", "coauthor.bib", "-o", "gone/library.bib"],
        ["run", "coauthor.bib", "-o", "coauthor.bib"],
        ["run", "coauthor.bib", "-o", "./coauthor.bib"],
        ["run", "trending_page.txt", "--against", "coauthor.bib", "-o", "coauthor.bib"],
        ["dedupe", "trending_page.txt", "--against", "./coauthor.bib", "-o", "coauthor.bib"],
        ["run", "coauthor.bib", "--against", "./coauthor.bib"],
        ["frobnicate"],
        ["explain", "coauthor.bib"],
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], sample_folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in sample_folder.iterdir()}
    assert main(arguments) == 2
    assert capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in sample_folder.iterdir()} == before


def test_a_closed_pipe_is_not_an_error() -> None:
    command = [sys.executable, "-c", MAIN, "dedupe", *FILES]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()  # as `head` does
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_terminal_shows_a_table_and_progress_bars() -> None:
    pty = pytest.importorskip("pty")
    mine, terminal = pty.openpty()
    command = [sys.executable, "-c", MAIN, "run", *FILES, "-o", "library.bib"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=terminal, stderr=terminal, env=environment) as process:
        os.close(terminal)
        shown = b""
        while data := read_terminal(mine):
            shown += data
    os.close(mine)
    assert process.returncode == 0
    assert "Reading" in shown.decode()
    assert "━" in shown.decode()
    assert re.search(r"papers +.*written to library.bib", shown.decode())


def read_terminal(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the error of Linux when the other side has closed it
        return b""
