"""People's decisions of a systematic review, as screening tools write them into the records. Pure.

Sources: ASReview's "Data format" (columns `included`, `label_included`, `final_included`, ...; in RIS the notes
`ASReview_relevant`, `ASReview_irrelevant`, `ASReview_not_seen`) and its exports (`asreview_label`); SYNERGY's
`label_abstract_included`; Rayyan's notes (`RAYYAN-INCLUSION: {"Ann"=>"Included"}`, `RAYYAN-EXCLUSION-REASONS: ...`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from refsync.records import Record
from refsync.text.lists import split_words

_SCREENING = ("asreview_label", "label_abstract_included", "abstract_included")
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
_ASREVIEW = re.compile(r"\bASReview_(relevant|irrelevant)\b")
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
    fields = {re.sub(r"[\s-]+", "_", name): value for name, value in record.fields.items()}
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


_WORDS = {"included", "excluded"}


def _answers(values: Iterable[str]) -> list[bool]:
    """Yes and no in the values; anything else is no answer."""
    plain = [value.strip().lower() for value in values]
    return [value in _YES for value in plain if value in _YES | _NO]
