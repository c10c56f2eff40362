"""Documents rewritten to cite renamed keys. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from refsync.cites.attribution import named_inputs
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamedKeys:
    """What documents have to know about keys that changed.

    Attributes:
        everywhere: keys that stood for one paper, each with the new one.
        in_files: keys that stood for several papers: by file and key, the key of that file's paper now; empty where it
            is unclear.
        ambiguous: the same keys, each with what it became, as text.
    """

    everywhere: Mapping[str, str]
    in_files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    ambiguous: Mapping[str, str] = field(default_factory=dict)

    def in_document(self, document: Document) -> dict[str, str]:
        """The keys that a document cites whose paper is known, each with its key now, which may be the same.

        What a key means that stood for several papers is known only if the document names its bibliography.
        """
        cited = dict.fromkeys(cite.key for cite in document.cites)
        found = {key: self.everywhere[key] for key in cited if key in self.everywhere}
        unclear = [key for key in cited if key in self.ambiguous]
        sources = {source for source, _ in self.in_files} if unclear else set()
        files = named_inputs(document, sources) if unclear else []
        for key in unclear:
            source = next((file for file in files if (file, key) in self.in_files), None)
            if source and (new := self.in_files[source, key]):
                found[key] = new
        return found


def rewrite_documents(cites: Cites, keys: RenamedKeys, *, write: bool) -> list[RewrittenDocument]:
    """The documents that cite renamed keys; with `write`, the citations in those that the user named are rewritten.

    Citations stay as they are where the document's syntax or encoding cannot represent the new key, and where the
    document also cites the new key itself and may mean another paper by it.

    Args:
        cites: the citations.
        keys: the keys that changed.
        write: whether to rewrite.
    """
    rewritten = []
    named = {document.source for document in cites.documents}
    for document in cites.all_documents:
        known = keys.in_document(document)
        cited = {old: new for old, new in sorted(known.items()) if old != new}
        if not cited:
            continue
        unclear = {cite.key for cite in document.cites if cite.key in keys.ambiguous} - known.keys()
        writable = {
            old: new
            for old, new in cited.items()
            if write and document.source in named and new not in unclear and all(map(document.encoding.can_encode, new))
        }
        # a key that stays while another becomes it would come to mean the other's paper
        while refused_keys := {old for old, new in writable.items() if new in cited and new not in writable}:
            writable = {old: new for old, new in writable.items() if old not in refused_keys}
        after, refused = rewrite(document.text, document.syntax, writable)
        skipped = [cite for cite in document.cites if cite.key in cited and cite.key not in writable]
        not_rewritten = sorted([*refused, *skipped], key=lambda cite: cite.start)
        rewritten.append(RewrittenDocument(document, after, tuple(not_rewritten), cited))
    return rewritten


def outdated_citations(documents: Sequence[RewrittenDocument], cites: Cites, keys: RenamedKeys) -> Iterator[Problem]:
    """A note for each renamed key that a document still cites, and for each cited key that may mean several papers.

    Args:
        documents: those that cite renamed keys.
        cites: all citations.
        keys: the keys that changed.
    """
    for item in documents:
        now = {old: f"which is {new!r} now" for old, new in item.renamed.items()}
        yield from _notes(item.document, item.not_rewritten, now)
    stood_for = {key: f"which stood for several papers: {papers}" for key, papers in keys.ambiguous.items()}
    for document in cites.all_documents if stood_for else ():
        known = keys.in_document(document)
        unclear = [cite for cite in document.cites if cite.key not in known]
        yield from _notes(document, unclear, stood_for)


def _notes(document: Document, cites: Sequence[Cite], about: Mapping[str, str]) -> Iterator[Problem]:
    """A note at the first citation of each of these keys."""
    by_key: dict[str, list[Cite]] = {}
    for cite in cites:
        if cite.key in about:
            by_key.setdefault(cite.key, []).append(cite)
    for key, (first, *others) in by_key.items():
        more = f" (and {len(others)} more here)" if others else ""
        yield Problem(document.source, f"cites {key!r}{more}, {about[key]}", first.line, first.column, kind="note")
