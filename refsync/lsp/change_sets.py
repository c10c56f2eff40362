"""Changes of several files at once: merging two entries, renaming a key. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from refsync.cites.documents import Cites, Document
from refsync.decisions import choices_for_clusters
from refsync.dedup.inheritance import with_inherited
from refsync.dedup.results import Cluster, Deduplication
from refsync.errors import RefsyncError
from refsync.formats.bibtex.edit import Edit, apply_edits, check_untouched, entries, refuse_conflict, rename_key
from refsync.formats.bibtex.scan import Block
from refsync.lsp.citing import rewritten
from refsync.lsp.entries import editable_sources
from refsync.lsp.library import CheckedLibrary
from refsync.lsp.text_edits import minimal_edits
from refsync.planning.citation_keys import renamed_keys
from refsync.planning.key_ownership import citations_of_records
from refsync.planning.key_references import reference_edits, with_other_spellings
from refsync.planning.library_dialect import dialects_of_files
from refsync.planning.merge_in_place import first_survivor, merge_in_place
from refsync.records import Record


@dataclass(frozen=True, slots=True)
class FileChange:
    """Edits of one text."""

    text: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class ProjectDocuments:
    """The documents of a project, and which of them cite the library."""

    documents: tuple[Document, ...]
    belongs: Callable[[Document], bool]

    def citing(self) -> Cites:
        """The citations of the documents that cite the library."""
        own = tuple(item for item in self.documents if item.cites and self.belongs(item))
        return Cites(own, (), Counter(cite.key for item in own for cite in item.cites))


def preferred_survivor(library: CheckedLibrary, members: tuple[int, int], documents: ProjectDocuments) -> int:
    """The entry of two that `refsync check --fix` would keep."""
    records = library.records
    citations = citations_of_records(records, [members], documents.citing())
    return first_survivor(members, with_inherited(records), citations, library.config.merge)


def merge_entries(
    library: CheckedLibrary, survivor: int, other: int, documents: ProjectDocuments
) -> dict[str, FileChange]:
    """The edits that merge an entry into another: of the .bib files, and of the documents that cite the removed key.

    Raises:
        RefsyncError: a file cannot be changed, or a document cannot cite the other key.
    """
    texts = {source: library.texts[source] for source in editable_sources(library)}
    for index in (survivor, other):
        if (source := library.records[index].source) not in texts or index < library.reading.known:
            raise RefsyncError(f"{source}: its entries cannot be changed", hint="is there a conflict of a merge in it?")
    places = [index for index, record in enumerate(library.records) if record.source in texts]
    places = [index for index in places if index >= library.reading.known]
    new_index = {old: new for new, old in enumerate(places)}
    records = [library.records[index] for index in places]
    members = (new_index[survivor], new_index[other])
    cluster = Cluster(members, 1.0, ())
    choices, _ = choices_for_clusters([Cluster((survivor, other), 1.0, ())], library.records, library.remembered)
    chosen = {min(members): choice for choice in choices.values()}
    dialects = dialects_of_files(_by_source(records), documents.citing())
    aliased = [source for source, dialect in dialects.items() if dialect == "biblatex"]
    revisions = merge_in_place(texts, records, Deduplication((cluster,)), library.config.merge, aliased, chosen)
    changes = {
        item.source: FileChange(item.before, tuple(minimal_edits(item.before, item.after))) for item in revisions
    }
    old, new = library.records[other].id, library.records[survivor].id
    kept = [record.id for index, record in enumerate(library.records) if index != other]
    renamed = renamed_keys([(old, new)], kept)
    return changes | _document_changes(documents, renamed)


def _by_source(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.source, []).append(record)
    return found


def rename_entry(library: CheckedLibrary, old: str, new: str, documents: ProjectDocuments) -> dict[str, FileChange]:
    """The edits that rename a citation key, in the .bib files and in the documents that cite it.

    Raises:
        RefsyncError: no entry or several have the key, another has the new one, or it cannot be written somewhere.
    """
    texts = {source: library.texts[source] for source in editable_sources(library)}
    owners = [record for record in library.records if record.id == old]
    if len(owners) != 1 or owners[0].source not in texts:
        what = "no entry that can be changed has" if len(owners) < 2 else f"{len(owners)} entries have"
        raise RefsyncError(f"{what} the key {old!r}", hint="nothing was renamed")
    if new == old:
        return {}
    for record in library.records:
        taken = {key.casefold() for key in (record.id, *record.get("ids").replace(",", " ").split())}
        if new.casefold() in taken and record is not owners[0]:
            raise RefsyncError(f"{new!r} is a key of the entry in {record.source}:{record.line}", hint="choose another")
    changes = {}
    for source, text in texts.items():
        edits, changed = _rename_in_file(text, old, new, own=source == owners[0].source)
        if edits:
            refuse_conflict(text, source)
            after = apply_edits(text, edits)
            check_untouched(text, after, (), changed)
            changes[source] = FileChange(text, tuple(edits))
    return changes | _document_changes(documents, {old: new})


def _rename_in_file(text: str, old: str, new: str, *, own: bool) -> tuple[list[Edit], set[int]]:
    blocks = entries(text)
    spelled: Mapping[str, str] = with_other_spellings({old: new}, text, blocks)
    edits: list[Edit] = []
    changed: set[int] = set()
    for block in blocks:
        found = [*reference_edits(text, block, spelled, ())]
        if own and block.key == old:
            found.append(_key_edit(text, block, new))
        if found:
            edits += found
            changed.add(block.start)
    return edits, changed


def _key_edit(text: str, block: Block, new: str) -> Edit:
    try:
        return rename_key(text, block, new)
    except ValueError as error:
        raise RefsyncError(str(error), hint="a key has no spaces, commas, braces or quotes") from None


def _document_changes(documents: ProjectDocuments, renamed: Mapping[str, str]) -> dict[str, FileChange]:
    found = rewritten(documents.documents, renamed, documents.belongs) if renamed else {}
    return {
        source: FileChange(before, tuple(minimal_edits(before, after))) for source, (before, after) in found.items()
    }
