"""What the command line answers where the command is missing or misspelt."""

import pytest

from refsync.cli import main
from refsync.cli.commands import COMMANDS

pytestmark = pytest.mark.usefixtures("sample_folder")


@pytest.mark.parametrize(
    ("arguments", "suggested"),
    [
        (["dedup", "coauthor.bib"], "refsync dedupe"),
        (["Check", "coauthor.bib"], "refsync check"),
        (["tidy", "coauthor.bib"], "refsync format"),
        (["coauthor.bib"], "refsync run coauthor.bib -o"),
        (["coauthor.bib", "trending_page.txt"], "refsync check coauthor.bib trending_page.txt"),
        (["-o", "out.bib", "run", "coauthor.bib"], "refsync run ... -o"),
        (["--strict", "check", "coauthor.bib"], "refsync check ... --strict"),
        (["qqq"], "refsync --help"),
    ],
)
def test_a_suggestion(capsys: pytest.CaptureFixture[str], arguments: list[str], suggested: str) -> None:
    assert main(arguments) == 2
    assert suggested in capsys.readouterr().err


def test_help_is_a_command_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == main(["--help"]) == 0
    first, _, second = capsys.readouterr().out.partition("Usage: refsync [OPTIONS] COMMAND")[2].partition("Usage: ")
    assert first.strip() in second
    for section in COMMANDS.values():
        for name in section:
            assert main(["help", name]) == 0
            assert f"Usage: refsync {name}" in capsys.readouterr().out
