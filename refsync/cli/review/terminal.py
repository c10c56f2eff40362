"""`refsync review --tty`: the review in the terminal, by keys; by lines where standard input is no terminal."""

import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING

from refsync.cli.review.keyboard import Keyboard
from refsync.dedup.merge import Choice
from refsync.errors import RefsyncError

if TYPE_CHECKING:
    from rich.console import Console

    from refsync.review.answers import Verdict
    from refsync.review.areas import Paper
    from refsync.review.proposed_values import Gaps, Values
    from refsync.review.questions import Question
    from refsync.review.session import Filter, Session

KEYS = """\
y  one paper              u  undo                j k  next, previous field (>)
n  no duplicates          s  skip, ask later     1 2  take that side
v  versions of one work   q  end; all is saved   b    all words of a list
r  another relation       x  which is earlier    e    write a value
f  other questions: merged, versions, answered   0    leave it to the rules
g  which of three and more records are one paper: g 1 1 2
Of areas: 1 to 6 accepts one, y the first, n none of them, s skips.
Of values: 1 to 9 accepts one, once more rejects it, y all that wait, n none of them, s skips; n 1 3 rejects two."""
_END = {"q", "\x03"}
_ANSWERS: "Mapping[str, Verdict]" = {"y": "same", "n": "not-duplicate", "v": "version-of"}
_RELATIONS = ("preprint-of", "conference-version-of", "variant-of")
_ARROWS = {"\x1b[B": "j", "\x1b[A": "k", "\x1bOB": "j", "\x1bOA": "k", "\r": "", "\n": "", "\x1b": "", "\x04": "q"}


class Quit(Exception):  # noqa: N818 - it is no error
    """The person has had enough."""


def run(session: "Session", *, areas: bool) -> None:
    """Ask until nothing is left or the person ends it."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False)
    keyboard = Keyboard() if sys.stdin.isatty() and sys.stdout.isatty() else None
    desk = _Desk(session, console, _keys(keyboard) if keyboard else _lines(), keyboard)
    with keyboard.by_keys() if keyboard else nullcontext():
        try:
            if session.questions or not session.values:
                desk.ask_pairs()
            if areas and (session.papers or not session.values):
                desk.ask_areas()
            desk.ask_values()
        except (Quit, KeyboardInterrupt, EOFError):
            console.print()


def _keys(keyboard: Keyboard) -> Iterator[list[str]]:
    """Keys as they are pressed, each as a command of one word."""
    while key := keyboard.key():
        yield [_ARROWS.get(key, key)]


def _lines() -> Iterator[list[str]]:
    """Lines, each a key with what it needs behind it: `e title A better title`."""
    for line in sys.stdin:
        try:
            yield shlex.split(line) or [""]
        except ValueError:  # a quotation mark alone
            yield line.split() or [""]


class _Desk:
    """What lies before the person."""

    def __init__(
        self, session: "Session", console: "Console", commands: Iterator[list[str]], keyboard: Keyboard | None
    ) -> None:
        self.session, self.console, self._commands, self._keyboard = session, console, commands, keyboard
        self.which: Filter = "uncertain"
        self.cursor, self.message = 0, ""

    def ask_pairs(self) -> None:
        """Ask about records."""
        from refsync.review.session import FILTERS
        from refsync.review.terminal_view import draw

        question = self.session.next_open("", self.which)
        if question is None:
            self.console.print("no question is left" if self.session.questions else "nothing is in doubt")
        while question:
            self._show(draw(self.session, question, self.cursor, self.console.width, self._place()))
            key, *words = self._next()
            before = question
            try:
                if key == "f":
                    following = FILTERS[(FILTERS.index(self.which) + 1) % len(FILTERS)]
                    self.which, self.message = following, f"now: {following}"
                    question = next(iter(self.session.select(following)), None)
                elif key == "u":
                    outcome = self.session.undo()
                    self.message, question = outcome.message, self._question(outcome.id) or question
                elif key in _ANSWERS:
                    self.message = self.session.answer(question, _ANSWERS[key]).message
                    question = self._after(question)
                elif key == "s":
                    self.message = self.session.skip(question).message
                    question = self._after(question)
                else:
                    self._change(question, key, words)
            except RefsyncError as error:
                self.message = str(error)
            if question is None:
                question = self._question(self._last_word(f"question ({self.which})"))
            if question and question.id != before.id:
                self.cursor = 0

    def _last_word(self, what: str) -> str:
        """At the end: the id of the question or paper whose answer the person takes back; empty if none."""
        self._tell()
        self.console.print(f"no other {what} is left; u takes the last answer back, any other key goes on")
        command = next(self._commands, [""])
        if command[0] in _END:
            raise Quit
        if command[0] != "u":
            return ""
        try:
            outcome = self.session.undo()
        except RefsyncError as error:
            self.console.print(str(error), markup=False)
            return ""
        self.message = outcome.message
        return outcome.id

    def ask_areas(self) -> None:
        """Ask about areas."""
        from refsync.review.terminal_view import draw_paper

        paper = self._open_paper("")
        while paper:
            progress = self.session.area_progress()
            self._show(draw_paper(self.session, paper, f"{progress.answered:,} of {progress.total:,} answered"))
            key, *_ = self._next()
            try:
                self._judge(paper, key)
                if key == "u":
                    outcome = self.session.undo()
                    self.message, paper = outcome.message, self._paper(outcome.id) or paper
                elif key == "s" or self.session.opinion(paper).answered:
                    self.session.skipped.add(paper.id)
                    paper = self._open_paper(paper.id) or self._paper(self._last_word("paper"))
            except RefsyncError as error:
                self.message = str(error)

    def ask_values(self) -> None:
        """Ask about the values that a plan proposes."""
        from refsync.review.terminal_view import draw_gaps

        values = self.session.values
        gaps = values.next_open("") if values else None
        if values and not gaps:
            self.console.print("no value is pending")
        while values and gaps:
            progress = values.progress()
            self._show(draw_gaps(values, gaps, f"{progress.answered:,} of {progress.total:,} answered"))
            key, *words = self._next()
            try:
                if key == "u":
                    outcome = self.session.undo()
                    self.message = outcome.message
                    gaps = next((item for item in values.gaps if item.id == outcome.id), gaps)
                    continue
                if key == "s":
                    self.message = self.session.skip(gaps).message
                elif key in {"y", "n"} or key.isdecimal():
                    self.message = self.session.decide(gaps, self._verdicts(values, gaps, key, words)).message
                else:
                    self.message = KEYS if key == "?" else f"no key {key!r} here; ? lists them" if key else ""
                if key == "s" or not values.is_open(gaps):
                    following = values.next_open(gaps.id, skipped=self.session.skipped)
                    name = following.id if following else self._last_word("record with pending values")
                    gaps = next((item for item in values.gaps if item.id == name), None)
            except RefsyncError as error:
                self.message = str(error)

    def _verdicts(self, values: "Values", gaps: "Gaps", key: str, words: list[str]) -> dict[int, bool | None]:
        """What a key says of the values of a record, by their numbers."""
        places = [key] if key.isdecimal() else words
        if not all(place.isdecimal() and 1 <= int(place) <= len(gaps.values) for place in places):
            raise RefsyncError(f"no such value here; there are {len(gaps.values)}", hint="such as 1, or n 1 2")
        chosen = [gaps.values[int(place) - 1] for place in places]
        if key.isdecimal():
            return {value.number: values.state(value) != "accepted" for value in chosen}
        waiting = [value for value in gaps.values if values.state(value) == "pending"]
        return {value.number: key == "y" for value in chosen or waiting}

    def _open_paper(self, after: str) -> "Paper | None":
        paper = self.session.next_paper(after)
        return paper if paper and paper.id != after and not self.session.opinion(paper).answered else None

    def _paper(self, name: str) -> "Paper | None":
        return next((paper for paper in self.session.papers if paper.id == name), None)

    def _judge(self, paper: "Paper", key: str) -> None:
        names = [area.area for area in paper.areas]
        if key == "n":
            self.message = self.session.judge(paper, dict.fromkeys(names, False)).message
        elif key == "y" or (key.isdecimal() and 1 <= int(key) <= len(names)):
            self.message = self.session.judge(paper, {names[0 if key == "y" else int(key) - 1]: True}).message
        elif key not in "us":
            self.message = KEYS if key == "?" else f"no key {key!r} here; ? lists them"

    def _change(self, question: "Question", key: str, words: list[str]) -> None:
        """What leaves the question on the desk."""
        from refsync.review.terminal_view import open_rows

        rows = open_rows(self.session.rows(question)[0])
        named = next((n for n, row in enumerate(rows) if words and words[0].lower() in (row.name, row.label)), None)
        if named is not None:
            self.cursor, words = named, words[1:]
        elif words and key in {"0", "1", "2", "b", "e"}:
            names = ", ".join(row.name for row in rows)
            raise RefsyncError(f"no field {words[0]!r} to choose", hint=f"there are {names}")
        self.cursor = min(self.cursor, len(rows) - 1)
        name = rows[self.cursor].name
        draft = self.session.draft(question)
        match key:
            case "j" | "k":
                self.cursor = (self.cursor + (1 if key == "j" else -1)) % len(rows)
            case "0":
                self.message = self.session.choose(question, name, None).message
            case "b":
                self.message = self.session.choose(question, name, Choice(union=True)).message
            case "e":
                text = " ".join(words) if words else self._typed(f"{name}: ")
                markup = self.session.rows(question)[1].record.markup
                self.message = self.session.choose(question, name, Choice(text=text, markup=markup)).message
            case "g":
                self._group(question, words or self._typed("the number of its paper, for each record: ").split())
            case "r":
                relation = _RELATIONS[(_RELATIONS.index(draft.relation) + 1) % len(_RELATIONS)]
                self.message = self.session.relate(question, relation, forward=draft.forward).message
            case "x":
                self.message = self.session.relate(question, draft.relation, forward=not draft.forward).message
            case _ if key.isdecimal() and 1 <= int(key) <= len(question.members):
                self.message = self.session.choose(question, name, int(key) - 1).message
            case "?":
                self.message = KEYS
            case "":
                pass
            case _:
                self.message = f"no key {key!r}; ? lists them"

    def _group(self, question: "Question", words: list[str]) -> None:
        if len(words) != len(question.members) or not all(word.isdecimal() and int(word) for word in words):
            raise RefsyncError(f"{len(question.members)} numbers are needed", hint="such as g 1 1 2")
        for place, word in enumerate(words):
            self.session.group(question, place, int(word) - 1)
        self.message = "y saves it: those of one number are one paper, the others are not"

    def _typed(self, prompt: str) -> str:
        """A line of text; where no keys are read, the next line of the input."""
        return self._keyboard.line(prompt).strip() if self._keyboard else " ".join(self._next())

    def _next(self) -> list[str]:
        command = next(self._commands, ["q"])
        if command[0] in _END:
            raise Quit
        return command

    def _after(self, question: "Question") -> "Question | None":
        following = self.session.next_open(question.id, self.which)
        return following if following and following.id != question.id else None

    def _question(self, name: str) -> "Question | None":
        try:
            return self.session.question(name)
        except KeyError:
            return None

    def _place(self) -> str:
        progress = self.session.progress(self.which)
        return f"{progress.answered:,} of {progress.total:,} answered ({self.which}); ? lists the keys"

    def _show(self, drawn: object) -> None:
        if self._keyboard:
            self.console.clear()
        self._tell()
        self.console.print(drawn)

    def _tell(self) -> None:
        if self.message:
            self.console.print(self.message, style="bold cyan", markup=False)
        self.message = ""
