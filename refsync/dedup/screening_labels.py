"""People's decisions of a systematic review, as screening tools write them into the records. Pure.

Sources: ASReview's "Data format" (columns `included`, `label_included`, `final_included`, ...; in RIS the notes
`ASReview_relevant`, `ASReview_irrelevant`, `ASReview_not_seen`) and its exports (`asreview_label`); SYNERGY's
`label_abstract_included`; Rayyan's notes (`RAYYAN-INCLUSION: {"Ann"=>"Included"}`, `RAYYAN-EXCLUSION-REASONS: ...`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from refsync.dedup.results import Cluster
from refsync.records import Problem, Record
from refsync.text.lists import split_words

ASREVIEW_LABEL: Final = "asreview_label"
"""The column of labels that ASReview reads first."""

NOTE_OF_LABEL: Final = {True: "ASReview_relevant", False: "ASReview_irrelevant"}
"""The notes of RIS that ASReview reads labels from."""

_SCREENING = (ASREVIEW_LABEL, "label_abstract_included", "abstract_included")
_FINAL = (
    "final_included",
    "label_included",
    "included_label",
    "included_final",
    "included",
    "included_flag",
    "include",
)
_REASONS = ("exclusion_reason", "exclusion_reasons", "reason_for_exclusion", "reasons_for_exclusion")
_YES = {"1", "1.0", "yes", "y", "true", "included", "include", "relevant"}
_NO = {"0", "0.0", "no", "n", "false", "excluded", "exclude", "irrelevant"}
_NOTES = ("note", "annote", "keywords")
_SIGNS = ("ASReview", "RAYYAN", "cluded")
_ASREVIEW = re.compile(r"\bASReview_(relevant|irrelevant)\b")
_MARK = re.compile(r"(?:^|(?<=[;\n]))[ \t]*ASReview(?:\\?_)(relevant|irrelevant|not\\?_seen)[ \t]*(?:[;\n]|$)")
_RAYYAN = re.compile(r"RAYYAN-INCLUSION:\s*\{([^}]*)\}")
_RAYYAN_ANSWER = re.compile(r"=>\s*\"?(\w+)")
_RAYYAN_REASONS = re.compile(r"RAYYAN-EXCLUSION-REASONS:\s*([^|\n}]+)")


@dataclass(frozen=True, slots=True)
class Decision:
    """What people decided about one report; None where they did not, or not with one voice.

    Attributes:
        screening: whether its title and abstract are relevant.
        final: whether it is included in the review.
        reasons: why it was excluded.
        contradictory: whether its labels contradict each other.
    """

    screening: bool | None = None
    final: bool | None = None
    reasons: tuple[str, ...] = ()
    contradictory: bool = False


def decision_of(records: Sequence[Record]) -> Decision:
    """The decision about a report that several records describe."""
    found = [_labels(record) for record in records]
    screening = {label for labels, _, _ in found for label in labels}
    final = {label for _, labels, _ in found for label in labels}
    reasons = tuple(dict.fromkeys(reason for *_, some in found for reason in some))
    if len(screening) > 1 or len(final) > 1 or (screening == {False} and final == {True}):
        return Decision(contradictory=True)
    return Decision(next(iter(screening), None), next(iter(final), None), reasons)


def _labels(record: Record) -> tuple[list[bool], list[bool], list[str]]:
    """The labels of screening, the final ones, and the reasons, in one record."""
    fields = {_named(name): value for name, value in record.fields.items()}
    screening = [*_answers(fields.get(name, "") for name in _SCREENING)]
    final = [*_answers(fields.get(name, "") for name in _FINAL)]
    if "asreview_ranking" in fields:  # the export of a screening, whose column is called `included`
        screening, final = [*screening, *final], []
    reasons = [reason for name in _REASONS if (reason := fields.get(name, "").strip())]
    for name in _NOTES:
        text = fields.get(name, "").replace("\\_", "_").replace("\\{", "{").replace("\\}", "}")
        screening += [match == "relevant" for match in _ASREVIEW.findall(text)]
        for answers in _RAYYAN.findall(text):
            given = {answer.lower() for answer in _RAYYAN_ANSWER.findall(answers)}
            screening += [given == {"included"}] if given in ({"included"}, {"excluded"}) else []
        reasons += [reason.strip() for found in _RAYYAN_REASONS.findall(text) for reason in found.split(",")]
    final += _answers(word for word in split_words(fields.get("keywords", "")) if word.lower() in _WORDS)
    return screening, final, [reason for reason in reasons if reason]


@cache
def is_label(name: str) -> bool:
    """Whether a field has the label of a screening tool; `label` has one only if it says yes or no."""
    return _named(name) in (*_SCREENING, *_FINAL, "label")


def united_label(values: Sequence[str]) -> str | None:
    """The label of a paper whose records have these: a yes if there is one; None where one says neither yes nor no."""
    if any(value.strip().lower() not in _YES | _NO for value in values):
        return None
    yes = [value for value in values if value.strip().lower() in _YES]
    return min(yes or values, key=lambda value: (len(value), value))


def with_one_mark(text: str) -> str:
    """Notes that were joined, with one of ASReview's marks: relevant before irrelevant before not seen."""
    if "ASReview" not in text or not (marks := [found[1] for found in _MARK.finditer(text)]):
        return text
    mark = next(one for one in ("relevant", "irrelevant", *marks) if one in marks)
    rest = _MARK.sub("", text).strip("; \n")
    escape = "\\" if "ASReview\\_" in text else ""
    return f"ASReview{escape}_{mark}" + (f"\n{rest}" if rest else "")


def label_of(record: Record) -> bool | None:
    """The label of a record as a screening tool has to read it; None without one.

    `asreview_label` decides, as ASReview reads it first; else one yes is enough.
    """
    if first := [*_answers(value for name, value in record.fields.items() if _named(name) == ASREVIEW_LABEL)]:
        return any(first)
    return _any_label(record)


def included_by(members: Sequence[Record], label: str) -> Record | None:
    """The record that includes a paper of which the merged `asreview_label` says no; None if none does."""
    if label.strip().lower() not in _NO:
        return None
    return next((one for one in members if _any_label(one)), None)


def _any_label(record: Record) -> bool | None:
    if not _may_have_label(record):
        return None
    screening, final, _ = _labels(record)
    labels = [*screening, *final, *_plain_label(record)]
    return any(labels) if labels else None


def _plain_label(record: Record) -> list[bool]:
    """What a column `label` says, which ASReview reads; in BibLaTeX it is another thing."""
    return _answers([record.fields.get("label", "")]) if record.markup == "text" else []


def _may_have_label(record: Record) -> bool:
    """Whether it is worth a closer look: most records have none."""
    fields = record.fields
    return any(map(is_label, fields)) or any(word in fields.get(name, "") for name in _NOTES for word in _SIGNS)


def contradictory_labels(records: Sequence[Record], clusters: Sequence[Cluster]) -> list[Problem]:
    """A note for each paper whose records have labels that contradict each other: it is kept as included."""
    problems = []
    for cluster in clusters:
        members = [records[i] for i in cluster.members if _may_have_label(records[i])]
        plain = {label for one in members for label in _plain_label(one)}
        if not members or not (len(plain) > 1 or decision_of(members).contradictory):
            continue
        labels = [(record, _any_label(record)) for record in members]
        yes = [record for record, label in labels if label]
        no = [record for record, label in labels if label is False]
        names = (", ".join(f"{one.source}:{one.line or one.id}" for one in group) for group in (yes, no or yes))
        message = "labels of one paper contradict each other: included in {}, excluded in {}; kept as included"
        problems.append(Problem(yes[0].source, message.format(*names), yes[0].line, kind="note"))
    return problems


_WORDS = {"included", "excluded"}


@cache
def _named(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name)


def _answers(values: Iterable[str]) -> list[bool]:
    """Yes and no in the values; anything else is no answer."""
    plain = [value.strip().lower() for value in values]
    return [value in _YES for value in plain if value in _YES | _NO]
