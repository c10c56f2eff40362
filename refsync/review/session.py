"""A review under way: questions, what is set and answered, undo, progress. One for the page and for the terminal.

A session is told what a person does and gives what is to be shown. An answer is in the file when the call returns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args

from refsync.decisions import FieldChoice, Relation, as_line
from refsync.dedup.explain import explain_pair
from refsync.dedup.merge import Choice, Merged, value_of
from refsync.dedup.results import Link, Pair
from refsync.errors import RefsyncError
from refsync.planning.file import State
from refsync.review.answers import Draft, Verdict, first_draft, statements
from refsync.review.areas import Paper
from refsync.review.line_changes import Members, lines_for
from refsync.review.proposed_values import Gaps, Values
from refsync.review.questions import Question
from refsync.review.queue import FILTERS, Agenda, Filter, Library, Progress
from refsync.review.side_by_side import LISTS, Row, rows

__all__ = ["DONE", "FILTERS", "Filter", "Library", "Outcome", "Progress", "Session"]

DONE: Mapping[str, str] = {
    "same": "one paper",
    "not-duplicate": "not duplicates",
    "version-of": "versions of one work",
    "mixed": "some of them one paper",
}
"""What an answer comes to, for people."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, in words, and the question or paper that it was done to."""

    message: str
    id: str


@dataclass(frozen=True, slots=True)
class _Step:
    """What can be taken back: what was set before and after, lines taken out and added, states of values."""

    what: str
    id: str
    before: Draft | None = None
    after: Draft | None = None
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    old: Mapping[int, State] = field(default_factory=dict)
    new: Mapping[int, State] = field(default_factory=dict)


class Session(Agenda):
    """One review of a library."""

    def __init__(
        self,
        library: Library,
        path: Path,
        by: str = "",
        changed: Callable[["Session", str], None] = lambda session, name: None,
        values: Values | None = None,
    ) -> None:
        """Starts from what the file says already.

        Args:
            library: what is reviewed.
            path: the file of decisions; made with the first answer.
            by: who answers; empty for the name of the user's account.
            changed: told of the question or paper (its id) that was answered here otherwise, after it was saved.
            values: what a plan proposes to fill.
        """
        super().__init__(library, path)
        self.by, self.values = by, values
        self._changed = changed
        self._drafts: dict[str, Draft] = {}
        self._evidence: dict[str, tuple[Link, ...]] = {}
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    def refresh(self) -> None:
        """Take in what somebody else wrote meanwhile, to the file or to a plan that proposes values."""
        super().refresh()
        if self.values:
            self.values.refresh()

    @property
    def said(self) -> int:
        """Grows whenever the file, or such a plan, says something new."""
        return super().said + (self.values.changes if self.values else 0)

    @property
    def saved_in(self) -> str:
        """Where answers are: the file, and the plan that proposes values."""
        paths = [self.path] if self.questions or self.papers or not self.values else []
        return " and ".join(str(path) for path in [*paths, *([self.values.path] if self.values else [])])

    # How one question stands

    def draft(self, question: Question) -> Draft:
        """What is set: by a person here, else by the answer in the file, else what is likely."""
        if question.id in self._drafts:
            return self._drafts[question.id]
        draft = first_draft(question, self.library.records)
        now = self.standing(question)
        if now.verdict in {"same", "mixed"} and now.state == "answered":
            draft = replace(draft, groups=_numbered(now.groups))
        for said in now.said:
            assert said.decision
            if said.decision.fields:
                draft = replace(draft, fields={**draft.fields, **self._choices(question, said.decision.fields)})
            if said.decision.relation:
                forward = self.prints[question.members[0]] == said.decision.a
                draft = replace(draft, relation=said.decision.relation, forward=forward)
        return draft

    def _choices(self, question: Question, said: Sequence[tuple[str, FieldChoice]]) -> dict[str, Choice]:
        found = {}
        for name, choice in said:
            if not choice.source:
                found[name] = Choice(text=choice.text, markup=choice.markup, union=choice.union)
                continue
            for i in question.members:
                record = self.library.records[i]
                if self.prints[i] == choice.source and value_of(record, name).strip():
                    found[name] = Choice((record.source, record.index))
                    break
        return found

    def links(self, question: Question) -> tuple[Link, ...]:
        """What speaks for and against each pair in doubt; worked out now where deduplicating had no need to."""
        if question.id not in self._evidence:
            self._evidence[question.id] = tuple(
                link if link.evidence else replace(link, evidence=(pair := self._compare(*link.members),),
                                                   probability=pair.probability)
                for link in question.links
            )  # fmt: skip
        return self._evidence[question.id]

    def _compare(self, a: int, b: int) -> Pair:
        records = self.library.records
        return replace(explain_pair(records[a], records[b], self.library.dedup).pair, a=min(a, b), b=max(a, b))

    def rows(self, question: Question) -> tuple[list[Row], Merged]:
        """The members side by side, and what they are merged into."""
        draft = self.draft(question)
        links = self.links(question)
        evidence = links[0].evidence[0].fields if len(question.members) == 2 and links else ()
        members = [self.library.records[i] for i in question.members]
        return rows(members, self.library.merge, draft.fields, draft.together, evidence)

    # What a person does

    def choose(self, question: Question, name: str, choice: Choice | int | None) -> Outcome:
        """Set what the merged record has in a field. An answer that is given already is changed with it.

        Args:
            question: whose members are merged.
            name: the field; `entrytype` for the type of the entry.
            choice: the place of the member whose value is taken, a choice, or None for what the rules take.

        Raises:
            RefsyncError: the member has no such value, or the field holds one value only.
        """
        before = self.draft(question)
        if isinstance(choice, int):
            record = self.library.records[question.members[choice]]
            if not value_of(record, name).strip():
                raise RefsyncError(f"this record has no {name}", hint="take the other side, or edit the value")
            if choice not in before.together:
                raise RefsyncError("this record is not part of the merge", hint="give it the number of the others")
            choice = Choice((record.source, record.index))
        elif choice and choice.union and name not in LISTS:
            raise RefsyncError(f"{name} holds one value", hint="edit it to have words of both")
        fields = {one: chosen for one, chosen in before.fields.items() if one != name}
        if choice:
            fields[name] = choice
        what = f"{name} chosen" if choice else f"{name} by the rules"
        return self._set(question, replace(before, fields=fields), what, of="same")

    def group(self, question: Question, place: int, number: int) -> Outcome:
        """Say that a member is of the paper with this number."""
        before = self.draft(question)
        groups = tuple(number if i == place else group for i, group in enumerate(before.groups))
        return self._set(question, replace(before, groups=groups), f"record {place + 1} is of paper {number + 1}")

    def relate(self, question: Question, relation: str, *, forward: bool) -> Outcome:
        """Say how two members would relate as versions, and whether the first is the earlier form."""
        if relation not in get_args(Relation):
            raise RefsyncError(f"unknown relation {relation!r}", hint=f"one of: {', '.join(get_args(Relation))}")
        after = replace(self.draft(question), relation=relation, forward=forward)
        return self._set(question, after, relation.replace("-", " "), of="version-of")

    def _set(self, question: Question, draft: Draft, what: str, of: Verdict | None = None) -> Outcome:
        """Set something; where it is part of an answer that is given already (`of`), change that with it."""
        verdict = self.standing(question).verdict
        if of and (verdict == of or (of == "same" and verdict == "mixed")):
            return self._answer(question, of, draft, what)
        return self._do(_Step(what, question.id, self._drafts.get(question.id), draft))

    def answer(self, question: Question, verdict: Verdict) -> Outcome:
        """Save what a person says: one paper (as far as the groups say so), no duplicates, or versions.

        What earlier lines about the same records say otherwise is replaced; `undo` brings it back.

        Raises:
            RefsyncError: the file cannot be written, or the answer needs more.
        """
        return self._answer(question, verdict, self.draft(question), DONE[verdict])

    def _answer(self, question: Question, verdict: Verdict, draft: Draft, what: str) -> Outcome:
        groups, told = statements(question, verdict, draft, self.library.records)
        members = Members(question, self.library.records, self.prints)
        removed, added = lines_for(members, draft, groups, told, self.standing(question).said, self.by)
        return self._do(_Step(what, question.id, self._drafts.get(question.id), draft, removed, added))

    def forget(self, question: Question) -> Outcome:
        """Take the answer out of the file, whoever gave it."""
        lines = tuple(said.raw for said in self.standing(question).said)
        return self._do(_Step("answer taken back", question.id, self._drafts.get(question.id), None, lines))

    def skip(self, asked: Question | Paper | Gaps) -> Outcome:
        """Ask this later."""
        self.skipped.add(asked.id)
        return Outcome("skipped: asked again at the end", asked.id)

    def undo(self) -> Outcome:
        """Take back the last thing done here.

        Raises:
            RefsyncError: there is nothing, or the file cannot be written.
        """
        if not self._done:
            raise RefsyncError("nothing to undo")
        step = self._done[-1]
        back = _Step(step.what, step.id, step.after, step.before, step.added, step.removed, step.new, step.old)
        gone = self._carry_out(back)
        self._undone.append(self._done.pop())
        self._follow(back)
        others = "; somebody else had changed it" if gone else ""
        return Outcome(f"undone: {step.what}{others}", step.id)

    def redo(self) -> Outcome:
        """Do again what was undone last.

        Raises:
            RefsyncError: there is nothing, or the file cannot be written.
        """
        if not self._undone:
            raise RefsyncError("nothing to redo")
        step = self._undone[-1]
        self._carry_out(step)
        self._done.append(self._undone.pop())
        self._follow(step)
        return Outcome(f"done again: {step.what}", step.id)

    @property
    def saved(self) -> int:
        """How many questions and papers have answers that were given or changed here."""
        return len({step.id for step in self._done if step.removed or step.added})

    @property
    def decided(self) -> int:
        """How many proposed values were accepted or rejected here."""
        return len({number for step in self._done for number in step.new})

    @property
    def can_undo(self) -> str:
        """What `undo` would take back; empty if nothing."""
        return self._done[-1].what if self._done else ""

    @property
    def can_redo(self) -> str:
        """What `redo` would do; empty if nothing."""
        return self._undone[-1].what if self._undone else ""

    def _do(self, step: _Step) -> Outcome:
        self._carry_out(step)
        self._done.append(step)
        self._undone.clear()
        self._follow(step)
        return Outcome(step.what, step.id)

    def _carry_out(self, step: _Step) -> int:
        gone = 0
        if step.removed or step.added:
            gone = self.ledger.replace(step.removed, step.added)
        if step.new and self.values:
            self.values.set(step.new)
        self.refresh()
        if step.id in self._by_id:
            if step.after is None:
                self._drafts.pop(step.id, None)
            else:
                self._drafts[step.id] = step.after
        return gone

    def _follow(self, step: _Step) -> None:
        """Tell of it; last, so that what fails there leaves an answer that is saved and can be taken back."""
        if step.removed or step.added:
            self._changed(self, step.id)

    # Areas and values

    def judge(self, paper: Paper, verdicts: Mapping[str, bool | None]) -> Outcome:
        """Save which areas a paper has (True), has not (False), or that nothing is said of one (None)."""
        now = self.opinion(paper)
        accepted, rejected = set(now.accepted), set(now.rejected)
        for area, verdict in verdicts.items():
            accepted.discard(area)
            rejected.discard(area)
            if verdict is not None:
                (accepted if verdict else rejected).add(area)
        value = {"accepted": sorted(accepted), "rejected": sorted(rejected)}
        value = {name: listed for name, listed in value.items() if listed}
        line = as_line("area", self.prints[paper.members[0]], keys=[paper.record.id], value=value, by=self.by)
        words = {True: "accepted", False: "rejected", None: "cleared"}
        what = ", ".join(f"{area} {words[verdict]}" for area, verdict in verdicts.items())
        return self._do(
            _Step(what, paper.id, removed=tuple(said.raw for said in now.said), added=(line,) if value else ())
        )

    def decide(self, gaps: Gaps, verdicts: Mapping[int, bool | None]) -> Outcome:
        """Save which proposed values (by number) a record gets (True), does not get (False), or are pending (None).

        Raises:
            RefsyncError: the plan cannot be written.
            KeyError: the record has no such value.
        """
        assert self.values
        new = self.values.judged(gaps, verdicts)
        if not new:
            return Outcome("nothing changes", gaps.id)
        of = {value.number: value for value in gaps.values}
        what = ", ".join(f"{of[number].label} {state}" for number, state in new.items())
        return self._do(_Step(what, gaps.id, old={number: self.values.state(of[number]) for number in new}, new=new))


def _numbered(groups: Sequence[int]) -> tuple[int, ...]:
    """The same groups, counted from 0 in the order in which they come."""
    order = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    return tuple(order[group] for group in groups)
