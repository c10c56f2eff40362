"""Remembered answers of people: one JSON object a line in `refsync-decisions.jsonl` beside the library.

A decision names records by their fingerprint, so that it survives renamed keys and moved files. Files of several
people merge by concatenation: the same answer twice is one answer, and answers that contradict each other are
reported and not obeyed. docs/answers.md has the format.
"""

from refsync.decisions.applicable_answers import NOTHING_REMEMBERED, FieldAnswer, Remembered, recall
from refsync.decisions.area_answers import read_area_answers
from refsync.decisions.field_choices import choices_in, field_choice
from refsync.decisions.lines import FILE_NAME, SCHEMA, Decision, FieldChoice, Kind, Relation, as_line, read_decisions
from refsync.decisions.recorded_score import score_of
from refsync.decisions.store import append, remove

__all__ = [
    "FILE_NAME",
    "NOTHING_REMEMBERED",
    "SCHEMA",
    "Decision",
    "FieldAnswer",
    "FieldChoice",
    "Kind",
    "Relation",
    "Remembered",
    "append",
    "as_line",
    "choices_in",
    "field_choice",
    "read_area_answers",
    "read_decisions",
    "recall",
    "remove",
    "score_of",
]
