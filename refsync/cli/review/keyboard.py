"""Keys as they are pressed, in a terminal that is told to hand them over one by one for as long as it is asked."""

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

_GLANCE = 0.5  # seconds between two glances up: an interrupt that comes just before a long wait is seen after it only
_REST = 0.05  # seconds in which the rest of an arrow's code comes


class Keyboard:
    """A terminal's keys. Those pressed while something else is done are not lost."""

    def __init__(self) -> None:
        self._handle = sys.stdin.fileno()
        try:
            import termios

            self._usual = termios.tcgetattr(self._handle)
        except ImportError:  # Windows
            self._usual = []

    @contextmanager
    def by_keys(self) -> Iterator[None]:
        """Keys come one by one, unseen; Ctrl-C interrupts as ever."""
        if not self._usual:
            yield
            return
        import termios
        import tty

        tty.setcbreak(self._handle, termios.TCSANOW)
        try:
            yield
        finally:
            termios.tcsetattr(self._handle, termios.TCSADRAIN, self._usual)

    def key(self) -> str:
        """The next key; the code of an arrow in one piece, an empty text at the end of input."""
        if not self._usual:
            return click.getchar()
        while not select.select([self._handle], [], [], _GLANCE)[0]:
            pass
        data = os.read(self._handle, 1)
        while data[:1] == b"\x1b" and select.select([self._handle], [], [], _REST)[0]:
            data += os.read(self._handle, 1)
            if len(data) > 2 and data[-1:].isalpha():
                break
        return data.decode("utf-8", "replace")

    def line(self, prompt: str) -> str:
        """A line of text, with what the terminal has for writing one. To be called while keys come one by one."""
        if not self._usual:
            return input(prompt)
        import termios
        import tty

        termios.tcsetattr(self._handle, termios.TCSADRAIN, self._usual)
        try:
            return input(prompt)
        finally:
            tty.setcbreak(self._handle, termios.TCSANOW)
