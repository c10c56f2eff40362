"""Answers about two entries, written to the file of decisions as `refsync review` writes them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from refsync.decisions import FILE_NAME, append, format_decision, score_to_record
from refsync.dedup.explain import explain_pair
from refsync.dedup.profile import fingerprint
from refsync.errors import RefsyncError
from refsync.lsp.library import CheckedLibrary
from refsync.review.questions import likely_relation

AnswerKind = Literal["same", "not-duplicate", "version-of"]
KINDS: tuple[AnswerKind, ...] = get_args(AnswerKind)


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's answer about two entries, named by their fingerprints."""

    kind: AnswerKind
    one: str
    other: str

    @classmethod
    def about(cls, library: CheckedLibrary, kind: AnswerKind, one: int, other: int) -> "Answer":
        """An answer about two records of a library."""
        records = library.records
        return cls(kind, fingerprint(records[one]), fingerprint(records[other]))

    @classmethod
    def parse(cls, kind: object, one: object, other: object) -> "Answer":
        """The answer that an editor sends back.

        Raises:
            RefsyncError: it is none.
        """
        known = next((item for item in KINDS if item == kind), None)
        if known is None or not isinstance(one, str) or not isinstance(other, str):
            raise RefsyncError(f"not an answer: {kind!r}", hint=f"one of: {', '.join(KINDS)}")
        return cls(known, one, other)


def write_answer(library: CheckedLibrary, answer: Answer) -> Path:
    """Write an answer; returns the file.

    Raises:
        RefsyncError: the entries are no longer there, or the file cannot be written.
    """
    prints = {fingerprint(record): record for record in reversed(library.records)}
    if answer.one not in prints or answer.other not in prints:
        raise RefsyncError("one of the two entries was changed meanwhile", hint="no answer was written; try again")
    one, other = prints[answer.one], prints[answer.other]
    value = score_to_record(explain_pair(one, other, library.config.dedup).pair)
    if answer.kind == "version-of":
        relation, forward = likely_relation(one, other)
        one, other = (one, other) if forward else (other, one)
        value["relation"] = relation
    path = decisions_path(library)
    line = format_decision(answer.kind, fingerprint(one), fingerprint(other), keys=[one.id, other.id], value=value)
    append(path, [line])
    return path


def decisions_path(library: CheckedLibrary) -> Path:
    """The file of decisions, which need not exist: the configured one, else the one beside the first .bib file."""
    if library.config.decisions:
        return Path(library.config.decisions)
    found = library.answer_files().path
    return found or Path(library.inputs[0]).parent / FILE_NAME
