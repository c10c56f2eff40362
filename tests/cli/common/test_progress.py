"""Progress bars and notes: a note never shares a line with a bar."""

import io

import pytest
from rich.console import Console

from refsync.cli.common.output import above, echo


def test_a_note_is_printed_above_the_bars(capsys: pytest.CaptureFixture[str]) -> None:
    drawn = io.StringIO()
    with above(Console(file=drawn, width=40)):
        echo("refsync: note: a long line that is wider than the console is", err=True)
        echo("on standard output")
    echo("below", err=True)
    printed = capsys.readouterr()
    assert drawn.getvalue() == "refsync: note: a long line that is wider than the console is\n"
    assert (printed.out, printed.err) == ("on standard output\n", "below\n")
