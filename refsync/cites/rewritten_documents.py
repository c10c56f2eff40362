"""Documents rewritten to cite renamed keys. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from refsync.cites.documents import NO_CITES, Cites, Document
from refsync.cites.scan import Cite, rewrite
from refsync.records import Problem

NOTHING: Mapping[str, str] = MappingProxyType({})


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


def rewrite_documents(
    cites: Cites, renamed: Mapping[str, str], *, write: bool, ambiguous: Collection[str] = ()
) -> list[RewrittenDocument]:
    """The documents that cite renamed keys; with `write`, the citations in those that the user named are rewritten.

    Citations stay as they are where the document's syntax or encoding cannot represent the new key, and where the
    document cites the new key itself and may mean another paper by it.

    Args:
        cites: the citations.
        renamed: old keys with the new ones.
        write: whether to rewrite.
        ambiguous: keys that stood for several papers.
    """
    rewritten = []
    named = {document.source for document in cites.documents}
    for document in cites.all_documents:
        keys = {cite.key for cite in document.cites}
        cited = {key: renamed[key] for key in sorted(keys) if key in renamed}
        if not cited:
            continue
        writable = {
            old: new
            for old, new in cited.items()
            if write
            and document.source in named
            and all(map(document.encoding.can_encode, new))
            and not (new in ambiguous and new in keys)
        }
        after, refused = rewrite(document.text, document.syntax, writable)
        skipped = [cite for cite in document.cites if cite.key in cited and cite.key not in writable]
        not_rewritten = sorted([*refused, *skipped], key=lambda cite: cite.start)
        rewritten.append(RewrittenDocument(document, after, tuple(not_rewritten), cited))
    return rewritten


def outdated_citations(
    documents: Sequence[RewrittenDocument], cites: Cites = NO_CITES, ambiguous: Mapping[str, str] = NOTHING
) -> Iterator[Problem]:
    """A note for each renamed key that a document still cites, and for each cited key that stood for several papers.

    Args:
        documents: those that cite renamed keys.
        cites: all citations.
        ambiguous: keys that stood for several papers, each with what it became, as text.
    """
    for item in documents:
        now = {old: f"which is {new!r} now" for old, new in item.renamed.items()}
        yield from _notes(item.document, item.not_rewritten, now)
    stood_for = {key: f"which stood for several papers: {papers}" for key, papers in ambiguous.items()}
    for document in cites.all_documents if ambiguous else ():
        yield from _notes(document, document.cites, stood_for)


def _notes(document: Document, cites: Sequence[Cite], about: Mapping[str, str]) -> Iterator[Problem]:
    """A note at the first citation of each of these keys."""
    by_key: dict[str, list[Cite]] = {}
    for cite in cites:
        if cite.key in about:
            by_key.setdefault(cite.key, []).append(cite)
    for key, (first, *others) in by_key.items():
        more = f" (and {len(others)} more here)" if others else ""
        yield Problem(document.source, f"cites {key!r}{more}, {about[key]}", first.line, first.column, kind="note")
