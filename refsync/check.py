"""Findings in .bib files, each with a stable code. Pure: records and problems in, findings out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from refsync.dedup.results import Deduplication
from refsync.records import Problem, Record

Severity = Literal["error", "note"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code stands for. Errors fail the check; notes are told and do not."""

    code: str
    severity: Severity
    title: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, at a place that an editor can jump to."""

    rule: Rule
    source: str
    line: int
    column: int
    key: str
    message: str


RULES = {
    rule.code: rule
    for rule in (
        Rule(
            "RS101",
            "error",
            "duplicate entry",
            "Two entries are one paper: cited under two keys, it is listed twice.",
            "Keep the entry whose key you cite, move over what only the other has, and delete the other. "
            "`refsync explain FILE --pair KEY KEY` says why they are held to be one paper.",
        ),
        Rule(
            "RS103",
            "note",
            "perhaps a duplicate",
            "Two entries look alike, but not surely enough.",
            "Look at both with `refsync explain FILE --pair KEY KEY`. Nothing need be done if they are two papers.",
        ),
        Rule(
            "RS104",
            "note",
            "another version is present",
            "A preprint and its published form, or a conference paper and its journal form, both have an entry.",
            "Cite the published form where you can; keep both if you mean both.",
        ),
        Rule(
            "RS201",
            "error",
            "key used twice",
            "BibTeX stops at the second entry with a key (biber drops one), so that a citation may show another paper.",
            "Give one of the entries another key, or delete it if both are one paper.",
        ),
        Rule(
            "RS301",
            "error",
            "malformed or doubtful block",
            "A part of the file is not an entry as BibTeX reads it, so that something in it is lost or misread.",
            "Look at the line named: a missing comma, brace or quote is the commonest cause.",
        ),
    )
}


def find(records: Sequence[Record], found: Deduplication, problems: Sequence[Problem]) -> list[Finding]:
    """All findings, in the order of files and lines.

    Args:
        records: the entries of all files that are looked at together.
        found: what the deduplicator says of them.
        problems: what could not be read.
    """
    findings = [*_duplicates(records, found), *_repeated_keys(records), *_damage(records, problems)]
    order = {source: place for place, source in enumerate(dict.fromkeys(record.source for record in records))}
    return sorted(findings, key=lambda item: (order.get(item.source, -1), item.line, item.rule.code, item.key))


def _duplicates(records: Sequence[Record], found: Deduplication) -> Iterator[Finding]:
    for cluster in found.clusters:
        first, *others = (records[i] for i in cluster.members)
        for record in others:
            yield _about(record, "RS101", f"is the same paper as {_name(first, record)} (p={cluster.probability:.3f})")
    for link in found.review:
        first, second = (records[i] for i in sorted(link.members))
        yield _about(second, "RS103", f"may be the same paper as {_name(first, second)} (p={link.probability:.2f})")
    for link in found.versions:
        one, other = (records[i] for i in link.members)
        yield _about(one, "RS104", f"{link.relation.replace('-', ' ')} {_name(other, one)}")


def _repeated_keys(records: Sequence[Record]) -> Iterator[Finding]:
    first: dict[tuple[str, str], Record] = {}
    for record in records:
        earlier = first.setdefault((record.source, record.id.casefold()), record)
        if earlier is not record and not record.id.startswith("#"):
            same = "is used" if earlier.id == record.id else f"differs only in case from {earlier.id!r}, used"
            yield _about(record, "RS201", f"the key {same} in line {earlier.line} already")


def _damage(records: Sequence[Record], problems: Sequence[Problem]) -> Iterator[Finding]:
    starts = {(record.source, record.line): record.id for record in records}
    for item in problems:
        if item.kind in ("damage", "encoding"):
            key = starts.get((item.source, item.line), "")
            yield Finding(RULES["RS301"], item.source, item.line or 1, item.column or 1, key, item.message)


def _about(record: Record, code: str, message: str) -> Finding:
    return Finding(RULES[code], record.source, record.line, 1, record.id, message)


def _name(record: Record, seen_from: Record) -> str:
    """How to name another record: by key and line, and by its file where it is in another one."""
    place = f"line {record.line}" if record.source == seen_from.source else f"{record.source}:{record.line}"
    return f"{record.id!r} ({place})"
