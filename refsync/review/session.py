"""A review in progress: questions, drafts, answers, undo. The page and the terminal both use it.

Each method does what a person asked for and returns an `Outcome`. When it returns, the answer is in the file.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from refsync.decisions import format_decision
from refsync.dedup.explain import explain_pair
from refsync.dedup.merge import Choice, Merged, value_of
from refsync.dedup.relations import Relation
from refsync.dedup.results import Deduplication, Link, Pair
from refsync.errors import RefsyncError
from refsync.review.alike import Likeness, by_likeness, joint_question, likeness, separating_statements
from refsync.review.answers import VERDICT_LABELS, Draft, Members, saved_draft, statements
from refsync.review.areas import Paper
from refsync.review.doubt import doubt_sentence
from refsync.review.history import History, Step
from refsync.review.line_changes import line_changes
from refsync.review.proposed_values import ProposedValues, RecordProposals
from refsync.review.question_status import Verdict
from refsync.review.questions import Question
from refsync.review.queue import Library, ReviewQueue
from refsync.review.side_by_side import FieldRow, can_unite, compare_fields
from refsync.review.suggestion import suggested_groups


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, for people, and the id of the question, paper or record that it was done to."""

    message: str
    id: str


def counted_papers(count: int, before: int | None = None) -> str:
    """The number of papers, and what changed it, such as `41 papers (1 fewer)`."""
    papers = f"{count:,} paper{'s' if count != 1 else ''}"
    if before is None or count == before:
        return papers
    return f"{papers} ({abs(count - before):,} {'fewer' if count < before else 'more'})"


class Session(ReviewQueue):
    """One review of a library.

    Attributes:
        deduplicate_again: deduplicates the records with the answers in the file; called when all is answered, because
            answers can leave doubts that were hidden behind others. None if nothing is asked then.
    """

    def __init__(
        self,
        library: Library,
        path: Path,
        by: str = "",
        changed: Callable[["Session", str], None] = lambda session, name: None,
        values: ProposedValues | None = None,
    ) -> None:
        """Starts with the answers that the decisions file has.

        Args:
            library: what is reviewed.
            path: the decisions file; created with the first answer.
            by: who answers; empty for the name of the user's account.
            changed: called with the id of a question or paper after its changed answer was saved.
            values: the values that a plan proposes to fill in.
        """
        super().__init__(library, path)
        self.by, self.values = by, values
        self._changed = changed
        self.deduplicate_again: Callable[[], Deduplication] | None = None
        self._drafts: dict[str, Draft] = {}
        self._links: dict[str, tuple[Link, ...]] = {}
        self._suggested: dict[str, tuple[int, ...]] = {}
        self._alike: dict[Likeness, list[Question]] | None = None  # made when first needed
        self._history = History()

    def refresh(self) -> None:
        """Take in what others have written to the decisions file or to the plan that proposes values."""
        super().refresh()
        if self.values:
            self.values.refresh()

    @property
    def revision(self) -> int:
        """Grows whenever the decisions file or the plan has something new."""
        return super().revision + (self.values.revision if self.values else 0)

    @property
    def has_open(self) -> bool:
        """Whether anything waits for an answer: a question, a paper with uncertain areas, a proposed value."""
        pending = self.values.progress().open if self.values else 0
        return bool(self.progress("uncertain").open or self.area_progress().open or pending)

    @property
    def saved_in(self) -> str:
        """Where answers are kept: the decisions file, the plan that proposes values, or both."""
        paths = [self.path] if self.questions or self.papers or not self.values else []
        return " and ".join(str(path) for path in [*paths, *([self.values.path] if self.values else [])])

    # What is shown of a question

    def draft(self, question: Question) -> Draft:
        """What is set: by a person in this review, else by the answer in the file, else what is likely."""
        if question.id in self._drafts:
            return self._drafts[question.id]
        return saved_draft(self._members(question), self.status(question), self.suggested_groups(question))

    def suggested_groups(self, question: Question) -> tuple[int, ...]:
        """For each member, the number of the paper that the evidence suggests."""
        if question.id not in self._suggested:
            self._suggested[question.id] = suggested_groups(question, self.links(question), self._compare)
        return self._suggested[question.id]

    def _members(self, question: Question) -> Members:
        return Members(question, self.library.records, self.fingerprints)

    def links(self, question: Question) -> tuple[Link, ...]:
        """The links of a question with their evidence, which is computed now if deduplication did not need it."""
        if question.id not in self._links:
            self._links[question.id] = tuple(
                link if link.evidence else replace(link, evidence=(pair := self._compare(*link.members),),
                                                   probability=pair.probability)
                for link in question.links
            )  # fmt: skip
        return self._links[question.id]

    def doubt(self, question: Question) -> str:
        """What the doubt about a question is, as a sentence."""
        records = self._members(question).records
        return doubt_sentence(question, self.links(question), records, self.library.dedup.same)

    def papers_if_same(self, question: Question) -> int:
        """How many papers there would be if the draft's groups were answered to be one paper each.

        The number of papers now, if the question is answered already: its answer may have merged others.
        """
        counter = self.papers_counted
        if self.status(question).state != "open":
            return counter.total
        return counter.total - counter.fewer_if(question.members, self.draft(question).groups)

    def _compare(self, a: int, b: int) -> Pair:
        records = self.library.records
        return replace(explain_pair(records[a], records[b], self.library.dedup).pair, a=min(a, b), b=max(a, b))

    def rows(self, question: Question) -> tuple[list[FieldRow], Merged]:
        """The members side by side, and the merged record."""
        draft = self.draft(question)
        links = self.links(question)
        found = sorted((item for link in links for item in link.evidence[0].fields), key=lambda item: item.similarity)
        evidence = [*{item.field: item for item in reversed(found)}.values()]  # of several pairs, the least similar
        members = [self.library.records[i] for i in question.members]
        return compare_fields(members, self.library.merge, draft.fields, draft.merged_positions, evidence)

    # What a person does

    def choose(self, question: Question, name: str, choice: Choice | int | None) -> Outcome:
        """Set the merged record's value of a field. If the question is answered, its answer changes too.

        Args:
            question: whose members are merged.
            name: the field; `entrytype` for the entry type.
            choice: the position of the member whose value is taken, a choice, or None for the value by the rules.

        Raises:
            RefsyncError: the member has no such value, or the field holds one value only.
        """
        draft = self.draft(question)
        if isinstance(choice, int):
            record = self.library.records[question.members[choice]]
            if not value_of(record, name).strip():
                raise RefsyncError(f"this record has no {name}", hint="take the other side, or edit the value")
            if choice not in draft.merged_positions:
                raise RefsyncError("this record is not part of the merge", hint="give it the number of the others")
            choice = Choice((record.source, record.index))
        elif choice and choice.union and not can_unite(name):
            raise RefsyncError(f"{name} holds one value", hint="edit it to combine the two")
        fields = {one: chosen for one, chosen in draft.fields.items() if one != name}
        if choice:
            fields[name] = choice
        description = f"{name} chosen" if choice else f"{name} left to the rules"
        return self._set(question, replace(draft, fields=fields), description, part_of="same")

    def group(self, question: Question, position: int, number: int) -> Outcome:
        """Set the number of the paper that a member belongs to."""
        draft = self.draft(question)
        groups = tuple(number if i == position else group for i, group in enumerate(draft.groups))
        description = f"record {position + 1} belongs to paper {number + 1}"
        return self._set(question, replace(draft, groups=groups), description)

    def regroup(self, question: Question, groups: Sequence[int]) -> Outcome:
        """Set the numbers of the papers that all members belong to, in one step.

        Raises:
            RefsyncError: it is not one number for each member.
        """
        count = len(question.members)
        if len(groups) != count or not all(0 <= number < count for number in groups):
            raise RefsyncError(f"{count} numbers from 1 to {count} are needed", hint="such as 1 1 2")
        return self._set(question, replace(self.draft(question), groups=tuple(groups)), "records grouped")

    def relate(self, question: Question, relation: str, *, forward: bool) -> Outcome:
        """Set how two members relate as versions, and whether the first is the earlier form."""
        if relation not in get_args(Relation):
            raise RefsyncError(f"unknown relation {relation!r}", hint=f"one of: {', '.join(get_args(Relation))}")
        draft = replace(self.draft(question), relation=relation, forward=forward)
        return self._set(question, draft, relation.replace("-", " "), part_of="version-of")

    def _set(self, question: Question, draft: Draft, description: str, part_of: Verdict | None = None) -> Outcome:
        """Set a draft; if the question has the answer that it is part of, change the answer too."""
        verdict = self.status(question).verdict
        if part_of and (verdict == part_of or (part_of == "same" and verdict == "mixed")):
            return self._answer(question, part_of, draft, description)
        before = self._drafts.get(question.id)
        return self._do(Step(description=description, id=question.id, draft_before=before, draft_after=draft))

    def answer(self, question: Question, verdict: Verdict) -> Outcome:
        """Save an answer: one paper (within the groups of the draft), not duplicates, or versions.

        It replaces earlier lines about the same records that contradict it; `undo` restores them.

        Raises:
            RefsyncError: the file cannot be written, or the draft has to say more first.
        """
        before = self.paper_count
        outcome = self._answer(question, verdict, self.draft(question), VERDICT_LABELS[verdict])
        return replace(outcome, message=f"{outcome.message}; {counted_papers(self.paper_count, before)}")

    def _answer(self, question: Question, verdict: Verdict, draft: Draft, description: str) -> Outcome:
        members = self._members(question)
        groups, answer = statements(members, verdict, draft)
        removed, added = line_changes(members, draft, groups, answer, self.status(question).lines, self.by)
        return self._do(
            Step(
                description=description,
                id=question.id,
                draft_before=self._drafts.get(question.id),
                draft_after=draft,
                removed=removed,
                added=added,
            )
        )

    def alike(self, question: Question) -> list[Question]:
        """This question and those like it that are open too: one answer, no duplicates, holds for all of them.

        Empty if there is no other.
        """
        if question.kind != "uncertain" or self.status(question).state != "open":
            return []
        if self._alike is None:
            self._alike = by_likeness(self._by_kind["uncertain"], self._likeness)
        common = self._likeness(question)
        same = self._alike.get(common, []) if common else []
        found = [item for item in same if item.id == question.id or self.status(item).state == "open"]
        return found if len(found) > 1 else []

    def _likeness(self, question: Question) -> Likeness | None:
        members = self._members(question)
        return likeness(
            question, question.links if question.links[0].evidence else self.links(question), members.records
        )

    def answer_alike(self, question: Question, expected: Collection[str] = ()) -> Outcome:
        """Answer that this question and all like it are about no duplicates, in one step.

        Args:
            question: one of them.
            expected: the ids of the questions that the person was shown; empty for those that are alike now.

        Raises:
            RefsyncError: there are none, others than were shown, or the file cannot be written.
        """
        questions = self.alike(question)
        if not questions or (expected and {*expected} != {item.id for item in questions}):
            raise RefsyncError("the questions alike have changed", hint="look at the list again")
        joint = self._members(joint_question(questions))
        papers = self.papers_counted

        def known(a: int, b: int) -> bool:
            about = self.decisions_file.pair_lines([self.fingerprints[a], self.fingerprints[b]])
            return papers.are_one(a, b) or bool(about)

        statements = separating_statements(joint, questions, known)
        groups = tuple(range(len(joint.question.members)))
        draft = Draft(groups)
        lines = [line for item in questions for line in self.status(item).lines]
        removed, added = line_changes(joint, draft, groups, statements, lines, self.by)
        outcome = self._do(
            Step(
                description=f"{len(questions)} questions: not duplicates",
                id=question.id,
                others=tuple(item.id for item in questions if item.id != question.id),
                draft_before=self._drafts.get(question.id),
                draft_after=self._drafts.get(question.id),
                removed=removed,
                added=tuple(dict.fromkeys(added)),
            )
        )
        return replace(outcome, message=f"{outcome.message}; {counted_papers(self.paper_count)}")

    def remove_answer(self, question: Question) -> Outcome:
        """Remove the answer from the file, any person's."""
        lines = tuple(line.raw for line in self.status(question).lines)
        before = self._drafts.get(question.id)
        return self._do(Step(description="answer removed", id=question.id, draft_before=before, removed=lines))

    def skip(self, item: Question | Paper | RecordProposals) -> Outcome:
        """Ask this later."""
        self.skipped.add(item.id)
        return Outcome("skipped: asked again at the end", item.id)

    def answer_areas(self, paper: Paper, verdicts: Mapping[str, bool | None]) -> Outcome:
        """Save which areas a paper has (True) and does not have (False); None clears the answer about an area."""
        answers = self.area_answers(paper)
        accepted, rejected = set(answers.accepted), set(answers.rejected)
        for area, verdict in verdicts.items():
            accepted.discard(area)
            rejected.discard(area)
            if verdict is not None:
                (accepted if verdict else rejected).add(area)
        value = {"accepted": sorted(accepted), "rejected": sorted(rejected)}
        value = {name: areas for name, areas in value.items() if areas}
        line = format_decision(
            "area", self.fingerprints[paper.members[0]], keys=[paper.record.id], value=value, by=self.by
        )
        words = {True: "accepted", False: "rejected", None: "cleared"}
        return self._do(
            Step(
                description=", ".join(f"{area} {words[verdict]}" for area, verdict in verdicts.items()),
                id=paper.id,
                removed=tuple(line.raw for line in answers.lines),
                added=(line,) if value else (),
            )
        )

    def answer_values(self, proposals: RecordProposals, verdicts: Mapping[int, bool | None]) -> Outcome:
        """Accept (True), reject (False) or reset to pending (None) the values proposed for a record, by number.

        Raises:
            RefsyncError: the plan cannot be written.
            KeyError: the record has no such value.
        """
        assert self.values
        states = self.values.changed_states(proposals, verdicts)
        if not states:
            return Outcome("nothing changes", proposals.id)
        by_number = {value.number: value for value in proposals.values}
        return self._do(
            Step(
                description=", ".join(f"{by_number[number].label} {state}" for number, state in states.items()),
                id=proposals.id,
                states_before={number: self.values.state(by_number[number]) for number in states},
                states_after=states,
            )
        )

    # Undo and redo

    def undo(self) -> Outcome:
        """Undo the last step of this review.

        Raises:
            RefsyncError: there is none, or the file cannot be written.
        """
        step = self._history.last_done()
        missing = self._carry_out(step.reversed())
        self._history.note_undone()
        self._report(step)
        note = "; somebody else had changed it" if missing else ""
        return Outcome(f"undone: {step.description}{note}", step.id)

    def redo(self) -> Outcome:
        """Do the step again that was undone last.

        Raises:
            RefsyncError: there is none, or the file cannot be written.
        """
        step = self._history.last_undone()
        self._carry_out(step)
        self._history.note_redone()
        self._report(step)
        return Outcome(f"redone: {step.description}", step.id)

    @property
    def answer_count(self) -> int:
        """How many questions and papers were answered, or had their answers changed, in this review."""
        return len(self._history.answered_ids())

    @property
    def value_count(self) -> int:
        """How many proposed values were accepted or rejected in this review."""
        return len(self._history.changed_values())

    @property
    def undo_description(self) -> str:
        """What `undo` would undo; empty if nothing."""
        return self._history.undo_description

    @property
    def redo_description(self) -> str:
        """What `redo` would do again; empty if nothing."""
        return self._history.redo_description

    def _do(self, step: Step) -> Outcome:
        self._carry_out(step)
        self._history.add(step)
        self._report(step)
        message = step.description
        asked = self._questions_by_id.get(step.id)
        settles = step.added and asked and asked.kind == "uncertain" and not self.progress("uncertain").open
        if settles and self.deduplicate_again:
            self._alike = None
            if count := self.add_questions(self.deduplicate_again()):
                message += f"; {count:,} more question{'s' if count != 1 else ''} after these answers"
        return Outcome(message, step.id)

    def _carry_out(self, step: Step) -> int:
        """Write what a step changes; returns how many of the lines to remove were already gone."""
        missing = 0
        if step.removed or step.added:
            missing = self.decisions_file.replace(step.removed, step.added)
        if step.states_after and self.values:
            self.values.set_states(step.states_after)
        self.refresh()
        if step.id in self._questions_by_id:
            if step.draft_after is None:
                self._drafts.pop(step.id, None)
            else:
                self._drafts[step.id] = step.draft_after
        return missing

    def _report(self, step: Step) -> None:
        """Call `changed`: last, so that if it fails the answer is saved and can be undone."""
        if step.removed or step.added:
            for name in (step.id, *step.others):
                self._changed(self, name)
