"""Documents that cite: keys that no entry has, and keys of entries that were merged into others."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from refsync.check.rules.citation_keys import citable_keys
from refsync.cites.documents import Document
from refsync.cites.scan import rewrite
from refsync.cites.token import EVERYTHING
from refsync.errors import RefsyncError
from refsync.records import Record
from refsync.runs.journal import runs
from refsync.text.printable import printable

_NEAR = 75.0  # of 100: keys that are less alike are no misspellings of each other
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class UnknownCitation:
    """A citation, `text[start:end]`, of a key that no entry has, with the keys that may be meant, likeliest first."""

    start: int
    end: int
    key: str
    message: str
    meant: tuple[str, ...] = ()


def unknown_citations(
    document: Document, records: Sequence[Record], merged: Mapping[str, str], labels: Collection[str] = ()
) -> Iterator[UnknownCitation]:
    """The citations of keys that no entry has.

    Args:
        document: the document.
        records: the entries of its bibliographies.
        merged: the keys of entries that were merged into others, each with that of the other.
        labels: what the syntax cites in the same way, such as figures.
    """
    keys = {key for record in records for key in citable_keys(record)}
    folded = {key.casefold(): key for key in keys}
    near: dict[str, tuple[str, ...]] = {}
    for cite in document.cites:
        key = cite.key
        if key in keys or key == EVERYTHING or key in labels:
            continue
        shown = printable(key)
        if (survivor := survivor_of(key, merged, keys)) is not None:
            message = f"{shown!r} was merged into {printable(survivor)!r}; cite that"
            yield UnknownCitation(start=cite.start, end=cite.end, key=key, message=message, meant=(survivor,))
            continue
        if key not in near:
            same = folded.get(key.casefold())
            near[key] = (same,) if same else _nearest(key, keys)
        hint = f"; did you mean {printable(near[key][0])!r}?" if near[key] else ""
        message = f"no entry has the key {shown!r}{hint}"
        yield UnknownCitation(start=cite.start, end=cite.end, key=key, message=message, meant=near[key])


def _nearest(key: str, keys: Collection[str]) -> tuple[str, ...]:
    found = process.extract(
        key, sorted(keys), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_NEAR, limit=_MOST_NEAR
    )
    return tuple(name for name, _, _ in found)


def survivor_of(key: str, merged: Mapping[str, str], keys: Collection[str]) -> str | None:
    """The existing entry into which one was merged, directly or through others."""
    seen = {key}
    while (key := merged.get(key, "")) and key not in seen:
        if key in keys:
            return key
        seen.add(key)
    return None


def merged_keys(files: Sequence[str]) -> dict[str, str]:
    """The keys of entries that runs in these files merged into others, each with that of the other.

    Only runs count that this user made on this computer and has not undone.
    """
    found: dict[str, str] = {}
    own = {Path(name).resolve() for name in files}
    for folder in dict.fromkeys(path.parent for path in own):
        for run in runs(folder):
            try:
                facts = run.facts
                wrote = own.intersection(Path(file["path"]).resolve() for file in facts["files"])
                renamed = run.plan.get("renamed") if wrote and facts["state"] == "applied" else None
            except (RefsyncError, OSError):  # damaged, or removed meanwhile
                continue
            for old, new in renamed.items() if isinstance(renamed, dict) else ():
                found.setdefault(str(old), str(new))
    return found


def rewritten(
    documents: Iterable[Document], renamed: Mapping[str, str], belongs: Callable[[Document], bool]
) -> dict[str, tuple[str, str]]:
    """The documents that cite renamed keys, by path: the text before and after.

    Args:
        documents: those of the project.
        renamed: old keys with the new ones.
        belongs: whether a document cites this library.

    Raises:
        RefsyncError: a document cannot cite the new key.
    """
    changed = {}
    for document in documents:
        if not any(cite.key in renamed for cite in document.cites) or not belongs(document):
            continue
        after, left = rewrite(document.text, document.syntax, renamed)
        if left:
            old, line = left[0].key, left[0].line
            raise RefsyncError(
                f"{document.source}:{line}: cites {old!r}, and cannot cite {renamed[old]!r} in its place",
                hint="nothing was changed",
            )
        if after != document.text:
            changed[document.source] = (document.text, after)
    return changed
