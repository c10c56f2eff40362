"""`refsync review --tty`: the review in the terminal, by single keys; by lines if standard input is not a terminal."""

import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, get_args

from refsync.cli.common.output import safe_console
from refsync.cli.common.text import counted
from refsync.cli.review.keyboard import Keyboard
from refsync.dedup.merge import Choice
from refsync.dedup.relations import Relation
from refsync.errors import RefsyncError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from refsync.review.areas import Paper
    from refsync.review.proposed_values import ProposedValues, RecordProposals
    from refsync.review.question_status import Verdict
    from refsync.review.questions import Question
    from refsync.review.queue import Filter
    from refsync.review.session import Outcome, Session

KEYS = """\
y  one paper (m too)      u  undo                j k  next, previous field (>)
n  not duplicates         s  skip, ask later     1 2  take that side
v  versions of one work   q  end; all is saved   b    all values of a list
r  another relation       x  swap the versions   e    write a value
f  other questions: merged, versions, answered   0    leave it to the rules
g  which of three and more records are one paper: g 1 1 2
t  questions alike (one title, one journal): see them, then answer n to all together
Areas: 1 to 6 accepts one, y or m the first, n none of them, s skips.
Values: 1 to 9 accepts one, once more rejects it, y or m all pending, n none of them, s skips; n 1 3 rejects two."""
_END = {"q", "\x03"}
_VERDICTS: "Mapping[str, Verdict]" = {"y": "same", "m": "same", "n": "not-duplicate", "v": "version-of"}
_RELATIONS = get_args(Relation)
_KEY_NAMES = {"\x1b[B": "j", "\x1b[A": "k", "\x1bOB": "j", "\x1bOA": "k", "\r": "", "\n": "", "\x1b": "", "\x04": "q"}


class Quit(Exception):  # noqa: N818 - it is no error
    """The user ends the review."""


def run(session: "Session", *, areas: bool) -> None:
    """Ask until nothing is left or the user ends the review."""
    console = safe_console(highlight=False, soft_wrap=False)
    keyboard = Keyboard() if sys.stdin.isatty() and sys.stdout.isatty() else None
    review = _TerminalReview(session, console, _keys(keyboard) if keyboard else _lines(), keyboard)
    with keyboard.by_keys() if keyboard else nullcontext():
        try:
            if not session.has_open:  # asked for nevertheless: what was linked and merged
                merges = session.progress("merges").open and not session.progress("versions").open
                review.which = "merges" if merges else "versions"
            if session.questions or not session.values:
                review.ask_pairs()
            if areas and (session.papers or not session.values):
                review.ask_areas()
            review.ask_values()
        except (Quit, KeyboardInterrupt, EOFError):
            console.print()


def _keys(keyboard: Keyboard) -> Iterator[list[str]]:
    """Each key pressed, as a command of one word."""
    while key := keyboard.key():
        yield [_KEY_NAMES.get(key, key)]


def _lines() -> Iterator[list[str]]:
    """Each line as a command: a key and its arguments, such as `e title A better title`."""
    for line in sys.stdin:
        try:
            yield shlex.split(line) or [""]
        except ValueError:  # an unbalanced quotation mark
            yield line.split() or [""]


class _TerminalReview:
    """The dialogue with the user."""

    def __init__(
        self, session: "Session", console: "Console", commands: Iterator[list[str]], keyboard: Keyboard | None
    ) -> None:
        self.session, self.console, self._commands, self._keyboard = session, console, commands, keyboard
        self.which: Filter = "uncertain"
        self.cursor, self.message = 0, ""

    def ask_pairs(self) -> None:
        """Ask about duplicates and versions."""
        from refsync.review.queue import FILTERS
        from refsync.review.terminal_view import draw_question

        question = self.session.next_open("", self.which)
        if question is None:
            self.console.print("no question is left" if self.session.questions else "no pair is uncertain")
        while question:
            self._show(draw_question(self.session, question, self.cursor, self.console.width, self._progress()))
            key, *words = self._next_command()
            before = question
            try:
                if key == "f":
                    self.which = FILTERS[(FILTERS.index(self.which) + 1) % len(FILTERS)]
                    self.message = f"now: {self.which}"
                    question = next(iter(self.session.select(self.which)), None)
                elif key == "u":
                    outcome = self._undo()
                    question = self._question(outcome.id) or question
                elif key in _VERDICTS:
                    self.message = self.session.answer(question, _VERDICTS[key]).message
                    question = self._question_after(question)
                elif key == "s":
                    self.message = self.session.skip(question).message
                    question = self._question_after(question)
                elif key == "t":
                    if self._answer_alike(question):
                        question = self._question_after(question)
                else:
                    self._change_draft(question, key, words)
            except RefsyncError as error:
                self.message = str(error)
            if question is None:
                question = self._question(self._ask_at_end(f"question ({self.which})"))
            if question and question.id != before.id:
                self.cursor = 0

    def _answer_alike(self, question: "Question") -> bool:
        """Show the questions alike, and answer them if the same key is pressed again; whether they were answered."""
        from refsync.review.terminal_view import draw_alike

        questions = self.session.alike(question)
        if not questions:
            raise RefsyncError("no other open question is like this one")
        self._show(draw_alike(self.session, questions))
        if self._next_command()[0] != "t":
            self.message = "nothing was answered"
            return False
        self.message = self.session.answer_alike(question, [item.id for item in questions]).message
        return True

    def _ask_at_end(self, what: str) -> str:
        """Offer to undo the last answer; returns the id of its question or paper, or an empty string."""
        self._print_message()
        self.console.print(f"no other {what} is left; u undoes the last answer, any other key continues")
        command = next(self._commands, [""])
        if command[0] in _END:
            raise Quit
        if command[0] != "u":
            return ""
        try:
            return self._undo().id
        except RefsyncError as error:
            self.console.print(str(error), markup=False)
            return ""

    def ask_areas(self) -> None:
        """Ask about areas."""
        from refsync.review.terminal_view import draw_paper

        paper = self._open_paper("")
        while paper:
            progress = self.session.area_progress()
            self._show(draw_paper(self.session, paper, f"{progress.answered:,} of {progress.total:,} answered"))
            key, *_ = self._next_command()
            try:
                self._answer_areas(paper, key)
                if key == "u":
                    outcome = self._undo()
                    paper = self._paper(outcome.id) or paper
                elif key == "s" or self.session.area_answers(paper).answered:
                    self.session.skipped.add(paper.id)
                    paper = self._open_paper(paper.id) or self._paper(self._ask_at_end("paper"))
            except RefsyncError as error:
                self.message = str(error)

    def ask_values(self) -> None:
        """Ask about the values that a plan proposes."""
        from refsync.review.terminal_view import draw_values

        values = self.session.values
        proposals = values.next_open("") if values else None
        if values and not proposals:
            self.console.print("no value is pending")
        while values and proposals:
            progress = values.progress()
            self._show(draw_values(values, proposals, f"{progress.answered:,} of {progress.total:,} answered"))
            key, *words = self._next_command()
            try:
                if key == "u":
                    name = self._undo().id
                    proposals = next((item for item in values.records if item.id == name), proposals)
                    continue
                if key == "s":
                    self.message = self.session.skip(proposals).message
                elif key in {"y", "m", "n"} or key.isdecimal():
                    verdicts = _value_verdicts(values, proposals, key, words)
                    self.message = self.session.answer_values(proposals, verdicts).message
                else:
                    self.message = KEYS if key == "?" else f"no key {key!r} here; ? lists them" if key else ""
                if key == "s" or not values.is_open(proposals):
                    following = values.next_open(proposals.id, skipped=self.session.skipped)
                    name = following.id if following else self._ask_at_end("record with pending values")
                    proposals = next((item for item in values.records if item.id == name), None)
            except RefsyncError as error:
                self.message = str(error)

    def _open_paper(self, after: str) -> "Paper | None":
        paper = self.session.next_paper(after)
        return paper if paper and paper.id != after and not self.session.area_answers(paper).answered else None

    def _paper(self, name: str) -> "Paper | None":
        return next((paper for paper in self.session.papers if paper.id == name), None)

    def _answer_areas(self, paper: "Paper", key: str) -> None:
        names = [area.area for area in paper.areas]
        if key == "n":
            self.message = self.session.answer_areas(paper, dict.fromkeys(names, False)).message
        elif key in {"y", "m"} or (key.isdecimal() and 1 <= int(key) <= len(names)):
            accepted = names[int(key) - 1 if key.isdecimal() else 0]
            self.message = self.session.answer_areas(paper, {accepted: True}).message
        elif key not in "us":
            self.message = KEYS if key == "?" else f"no key {key!r} here; ? lists them"

    def _change_draft(self, question: "Question", key: str, words: list[str]) -> None:
        """The keys after which the same question is shown again."""
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
                text = " ".join(words) if words else self._input(f"{name}: ")
                markup = self.session.rows(question)[1].record.markup
                self.message = self.session.choose(question, name, Choice(text=text, markup=markup)).message
            case "g":
                self._group(question, words or self._input("the number of its paper, for each record: ").split())
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
        self.session.regroup(question, [int(word) - 1 for word in words])
        self.message = "y saves it: records with the same number are one paper, the others are not"

    def _undo(self) -> "Outcome":
        outcome = self.session.undo()
        self.message = outcome.message
        return outcome

    def _input(self, prompt: str) -> str:
        """A line of text; without a terminal, the next line of the input."""
        return self._keyboard.line(prompt).strip() if self._keyboard else " ".join(self._next_command())

    def _next_command(self) -> list[str]:
        command = next(self._commands, ["q"])
        if command[0] in _END:
            raise Quit
        return command

    def _question_after(self, question: "Question") -> "Question | None":
        following = self.session.next_open(question.id, self.which)
        return following if following and following.id != question.id else None

    def _question(self, name: str) -> "Question | None":
        try:
            return self.session.question(name)
        except KeyError:
            return None

    def _progress(self) -> str:
        progress = self.session.progress(self.which)
        answered = f"{progress.answered:,} of {progress.total:,} answered ({self.which})"
        return f"{answered}; {counted(self.session.paper_count, 'paper')}; ? lists the keys"

    def _show(self, drawn: "RenderableType") -> None:
        if self._keyboard:
            self.console.clear()
        self._print_message()
        self.console.print(drawn)

    def _print_message(self) -> None:
        if self.message:
            self.console.print(self.message, style="bold cyan", markup=False)
        self.message = ""


def _value_verdicts(
    values: "ProposedValues", proposals: "RecordProposals", key: str, words: list[str]
) -> dict[int, bool | None]:
    """The verdicts that a key gives on the values of a record, by their numbers in the plan.

    Raises:
        RefsyncError: the key or its arguments name a value that does not exist.
    """
    positions = [key] if key.isdecimal() else words
    if not all(position.isdecimal() and 1 <= int(position) <= len(proposals.values) for position in positions):
        raise RefsyncError(f"no such value here; there are {len(proposals.values)}", hint="such as 1, or n 1 2")
    chosen = [proposals.values[int(position) - 1] for position in positions]
    if key.isdecimal():
        return {value.number: values.state(value) != "accepted" for value in chosen}
    pending = [value for value in proposals.values if values.state(value) == "pending"]
    return {value.number: key != "n" for value in chosen or pending}
