"""What becomes of documents when keys that they cite are other ones. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from refsync.cites.documents import Cites, Document
from refsync.cites.scan import Cite, rewrite
from refsync.records import Problem


@dataclass(frozen=True, slots=True)
class Moved:
    """A document that cites keys which are other ones now: what it holds then, and what could not be rewritten.

    `renamed` has those of its keys that are other ones.
    """

    document: Document
    after: str
    left: tuple[Cite, ...]
    renamed: Mapping[str, str]

    @property
    def source(self) -> str:
        """Its path."""
        return self.document.source

    @property
    def before(self) -> str:
        """What it holds now."""
        return self.document.text

    @property
    def cites(self) -> list[Cite]:
        """Its citations of such keys."""
        return [cite for cite in self.document.cites if cite.key in self.renamed]

    @property
    def rewritten(self) -> int:
        """How many of them were rewritten."""
        return len(self.cites) - len(self.left)


def move_cites(cites: Cites, renamed: Mapping[str, str], *, write: bool) -> list[Moved]:
    """The documents that cite old keys, rewritten where `write` says so.

    A key that the document's syntax or encoding cannot hold leaves its citations as they are.
    """
    moved = []
    for document in cites.documents:
        concerned = {cite.key: renamed[cite.key] for cite in document.cites if cite.key in renamed}
        if not concerned:
            continue
        held = {old: new for old, new in concerned.items() if write and all(map(document.encoding.holds, new))}
        after, left = rewrite(document.text, document.syntax, held)
        missed = [cite for cite in document.cites if cite.key in concerned and cite.key not in held]
        left = sorted([*left, *missed], key=lambda cite: cite.start)
        moved.append(Moved(document, after, tuple(left), concerned))
    return moved


def left_behind(moved: Sequence[Moved]) -> Iterator[Problem]:
    """A finding for each key in each document that is cited still, though no entry has it any more."""
    for item in moved:
        for old in dict.fromkeys(cite.key for cite in item.left):
            first, *others = (cite for cite in item.left if cite.key == old)
            more = f" (and {len(others)} more here)" if others else ""
            message = f"cites {old!r}{more}, which is {item.renamed[old]!r} now"
            yield Problem(item.source, message, first.line, first.column, kind="note")
