"""Documents rewritten to cite renamed keys. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from refsync.cites.documents import Cites, Document
from refsync.cites.scan import Cite, rewrite
from refsync.records import Problem


@dataclass(frozen=True, slots=True)
class RewrittenDocument:
    """A document that cites renamed keys, before and after.

    Attributes:
        document: as it was read.
        after: its text with the new keys.
        not_rewritten: the citations of renamed keys that stay as they are.
        renamed: the renamed keys that it cites, each with the new one.
    """

    document: Document
    after: str
    not_rewritten: tuple[Cite, ...]
    renamed: Mapping[str, str]

    @property
    def source(self) -> str:
        """Its path."""
        return self.document.source

    @property
    def before(self) -> str:
        """Its text as it was read."""
        return self.document.text

    @property
    def cites(self) -> list[Cite]:
        """Its citations of renamed keys."""
        return [cite for cite in self.document.cites if cite.key in self.renamed]

    @property
    def rewritten(self) -> int:
        """How many of these citations were rewritten."""
        return len(self.cites) - len(self.not_rewritten)


def rewrite_documents(cites: Cites, renamed: Mapping[str, str], *, write: bool) -> list[RewrittenDocument]:
    """The documents that cite renamed keys; with `write`, their citations are rewritten.

    Citations stay as they are where the document's syntax or encoding cannot represent the new key.
    """
    rewritten = []
    for document in cites.documents:
        cited = {cite.key: renamed[cite.key] for cite in document.cites if cite.key in renamed}
        if not cited:
            continue
        writable = {old: new for old, new in cited.items() if write and all(map(document.encoding.can_encode, new))}
        after, refused = rewrite(document.text, document.syntax, writable)
        skipped = [cite for cite in document.cites if cite.key in cited and cite.key not in writable]
        not_rewritten = sorted([*refused, *skipped], key=lambda cite: cite.start)
        rewritten.append(RewrittenDocument(document, after, tuple(not_rewritten), cited))
    return rewritten


def outdated_citations(documents: Sequence[RewrittenDocument]) -> Iterator[Problem]:
    """A note for each renamed key that a document still cites."""
    for item in documents:
        for old in dict.fromkeys(cite.key for cite in item.not_rewritten):
            first, *others = (cite for cite in item.not_rewritten if cite.key == old)
            more = f" (and {len(others)} more here)" if others else ""
            message = f"cites {old!r}{more}, which is {item.renamed[old]!r} now"
            yield Problem(item.source, message, first.line, first.column, kind="note")
