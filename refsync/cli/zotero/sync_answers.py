"""Answers to the questions of a sync: on the command line (`--take KEY.FIELD=ours`), or at a prompt."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

import click

from refsync.cli.common.output import echo, echo_below
from refsync.errors import ConfigError

if TYPE_CHECKING:
    from refsync.zotero.sync.plan_types import Review

Side = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a pattern for citation keys, or for keys and units joined by a dot; and the side to take."""

    pattern: str
    side: Side

    def matches(self, key: str, name: str) -> bool:
        """Whether it answers a question about a unit of an entry, or about its deletion if `name` is empty."""
        if fnmatchcase(key, self.pattern):
            return True
        key_pattern, dot, name_pattern = self.pattern.rpartition(".")
        return bool(dot and name) and fnmatchcase(key, key_pattern) and fnmatchcase(name, _unit(name_pattern))


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers; the first that matches counts."""

    answers: tuple[Answer, ...] = ()
    used: set[str] = field(default_factory=set)

    @property
    def given(self) -> tuple[str, ...]:
        """The answers as text, as they are given to `--take`."""
        return tuple(f"{answer.pattern}={answer.side}" for answer in self.answers)

    def of(self, key: str, name: str) -> Side | None:
        """The side that answers a question; None if there is no answer."""
        for answer in self.answers:
            if answer.matches(key, name):
                self.used.add(answer.pattern)
                return answer.side
        return None

    def unused(self) -> list[str]:
        """The patterns that matched no question."""
        return [answer.pattern for answer in self.answers if answer.pattern not in self.used]


def parse_answers(given: Iterable[str]) -> Answers:
    """The answers in the values of `--take`.

    Raises:
        ConfigError: one is malformed.
    """
    answers = []
    for text in given:
        pattern, _, side = text.rpartition("=")
        if side not in ("ours", "theirs") or not pattern:
            raise ConfigError(f"--take {text}: write KEY.FIELD=ours or KEY.FIELD=theirs", hint="ours is the file")
        answers.append(Answer(pattern, side))  # type: ignore[arg-type]
    return Answers(tuple(answers))


def _unit(name: str) -> str:
    """The unit of a field, which may have its BibTeX or BibLaTeX name."""
    from refsync.formats.common.dialect import to_dialect
    from refsync.records import Record
    from refsync.zotero.sync.merge_units import KEY, unit_of

    name = name.lower()
    if name == "key":
        return KEY
    (found,) = to_dialect(Record("", 1, "", type="article", fields={name: "2000"}, markup="latex"), "biblatex").fields
    return unit_of(found)


def ask(reviews: "Sequence[Review]", *, quiet: bool) -> tuple[Answer, ...]:
    """Ask on the terminal, if there is one; questions that are left open are asked again next time."""
    if quiet or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return ()
    answers: list[Answer] = []
    for number, review in enumerate(reviews, 1):
        echo_below(f"{number} of {len(reviews)}: {review.key}  {review.title[:80]}", err=True)
        if review.kind != "conflict":
            echo(f"  {review.why}", err=True)
            choices = {"f": "as the file has it", "z": "as Zotero has it"}
        else:
            echo(f"  {review.field}: {review.why}", err=True)
            if review.base is not None:
                echo(f"    before   {review.base or '(nothing)'}", err=True)
            echo(f"    file     {review.ours or '(nothing)'}", err=True)
            echo(f"    Zotero   {review.theirs or '(nothing)'}", err=True)
            choices = {"f": "the file's", "z": "Zotero's"}
        options = ", ".join(f"{letter} {what}" for letter, what in choices.items())
        reply = click.prompt(
            f"  {options}, l later, q leave the rest",
            type=click.Choice(["f", "z", "l", "q"]),
            default="l",
            err=True,
            show_choices=False,
        )
        if reply == "q":
            break
        if reply != "l":
            side: Side = "ours" if reply == "f" else "theirs"
            name = f"{review.key}.{review.field}" if review.field else review.key
            answers.append(Answer(_literal(name), side))
    return tuple(answers)


def _literal(text: str) -> str:
    """A pattern that matches this text alone."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)
