"""Single keys from a terminal, without waiting for the end of a line."""

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

_WAIT = 0.5  # seconds of one wait: an interrupt just before a wait is handled only after it
_SEQUENCE_WAIT = 0.05  # seconds in which the rest of an arrow key's escape sequence arrives


class Keyboard:
    """The keys of a terminal. Keys pressed during other work are not lost."""

    def __init__(self) -> None:
        self._handle = sys.stdin.fileno()
        try:
            import termios

            self._settings = termios.tcgetattr(self._handle)
        except ImportError:  # Windows
            self._settings = []

    @contextmanager
    def by_keys(self) -> Iterator[None]:
        """Within this context keys come one by one and are not echoed; Ctrl-C still interrupts."""
        if not self._settings:
            yield
            return
        import termios
        import tty

        tty.setcbreak(self._handle, termios.TCSANOW)
        try:
            yield
        finally:
            termios.tcsetattr(self._handle, termios.TCSADRAIN, self._settings)

    def key(self) -> str:
        """The next key; an arrow key as its whole escape sequence, an empty string at the end of input."""
        if not self._settings:
            return click.getchar()
        while not select.select([self._handle], [], [], _WAIT)[0]:
            pass
        data = os.read(self._handle, 1)
        while data[:1] == b"\x1b" and select.select([self._handle], [], [], _SEQUENCE_WAIT)[0]:
            data += os.read(self._handle, 1)
            if len(data) > 2 and data[-1:].isalpha():
                break
        return data.decode("utf-8", "replace")

    def line(self, prompt: str) -> str:
        """A line of text with the terminal's line editing. To be called within `by_keys`."""
        if not self._settings:
            return input(prompt)
        import termios
        import tty

        termios.tcsetattr(self._handle, termios.TCSADRAIN, self._settings)
        try:
            return input(prompt)
        finally:
            tty.setcbreak(self._handle, termios.TCSANOW)
