"""Remembered answers of people: one JSON object per line in `refsync-decisions.jsonl` next to the library.

A decision identifies records by fingerprint, so it survives renamed keys and moved files. Files of several people can
be concatenated: repeated answers count once, and answers that contradict each other are reported and ignored.
docs/answers.md specifies the format.
"""

from refsync.decisions.area_answers import read_area_answers
from refsync.decisions.field_choices import choice_of_member, choices_for_clusters
from refsync.decisions.lines import (
    FILE_NAME,
    SCHEMA,
    Decision,
    FieldChoice,
    Kind,
    format_decision,
    read_decisions,
)
from refsync.decisions.recorded_score import score_to_record
from refsync.decisions.remembered_answers import (
    NO_REMEMBERED_ANSWERS,
    FieldAnswer,
    RememberedAnswers,
    applicable_answers,
)
from refsync.decisions.store import append, remove

__all__ = [
    "FILE_NAME",
    "NO_REMEMBERED_ANSWERS",
    "SCHEMA",
    "Decision",
    "FieldAnswer",
    "FieldChoice",
    "Kind",
    "RememberedAnswers",
    "append",
    "format_decision",
    "choices_for_clusters",
    "choice_of_member",
    "read_area_answers",
    "read_decisions",
    "applicable_answers",
    "remove",
    "score_to_record",
]
