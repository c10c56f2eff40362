"""The command line. A command parses, calls the library and renders; nothing heavy is imported before it is needed."""

import atexit
import errno
import gc
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from refsync.cli.common.output import echo, echo_lines, shown
from refsync.errors import RefsyncError
from refsync.operating_system import WINDOWS

INTERRUPTED = 130  # as shells report a program ended by Ctrl-C
BROKEN_PIPE = 141  # and one whose reader is gone
TERMINATED = 143  # and one that `kill` ended


class Terminated(KeyboardInterrupt):
    """SIGTERM, by which `kill`, `timeout` and batch systems end a program: what Ctrl-C would undo is undone."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 (findings of `check`), 2 (usage or unreadable input) or 3."""
    from refsync.cli.commands import refsync

    atexit.register(gc.freeze)  # the end of Python would search all objects for reference cycles
    for stream in (sys.stdout, sys.stderr):  # a file name may have bytes that no encoding can write
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")
    try:
        with _undone_when_terminated():
            code = refsync.main(args=argv, prog_name="refsync", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        shown_error = io.StringIO()
        error.show(shown_error)  # its message quotes arguments, which may be names of files
        echo_lines(shown_error.getvalue().replace(error.message, shown(error.message)).splitlines(), err=True)
        return 2
    except RefsyncError as error:
        echo(f"refsync: error: {error}", err=True)
        return 2
    except ModuleNotFoundError as error:
        from refsync.cli.common.extras import missing_package

        if (missing := missing_package(error)) is None:
            raise
        echo(f"refsync: error: {missing}", err=True)
        return 2
    except (KeyboardInterrupt, click.Abort) as interrupt:
        echo("refsync: interrupted; no file was left half written", err=True)
        return TERMINATED if isinstance(interrupt.__cause__ or interrupt, Terminated) else INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the reader of the output (`| head`) is gone; click exits then
        return _to_nobody()
    except OSError as error:
        if WINDOWS and error.errno == errno.EINVAL:  # what Windows calls a broken pipe
            return _to_nobody()
        raise
    return code if isinstance(code, int) else 0


@contextmanager
def _undone_when_terminated() -> Iterator[None]:
    """Inside, SIGTERM raises `Terminated`, unless it is ignored or handled already.

    A thread that waits for input, as in a server, would keep the program: then SIGTERM ends it at once.
    """

    def terminate(number: int, frame: object) -> None:
        if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        raise Terminated

    own = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if own:
        signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        if own:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _to_nobody() -> int:
    """Send what is still to be written nowhere, so that the end of the program does not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
