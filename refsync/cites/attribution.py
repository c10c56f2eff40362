"""Which file's paper a document means by a key that several files use. Pure.

A document that names its bibliography means the first named file that has the key, as BibTeX does. One that names none
belongs with the documents of its folder that do; failing that, it means the file that has most of the keys it cites, of
equal ones the nearest. What is still undecided counts for all files that are equal.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from refsync.cites.bibliographies import Processor
from refsync.cites.documents import Cites, Document


def cited_by_source(cites: Cites, keys: Mapping[str, Collection[str]]) -> Counter[tuple[str, str]]:
    """How often documents cite each key of each file: by (source, key).

    Args:
        cites: the citations.
        keys: the keys of each source, with the aliases in `ids`.
    """
    sources_with: dict[str, list[str]] = defaultdict(list)
    for source, own in keys.items():
        for key in own:
            sources_with[key].append(source)
    named = _Named(cites.all_documents, [*keys])
    counted: Counter[tuple[str, str]] = Counter()
    for document in cites.all_documents:
        cited = Counter(cite.key for cite in document.cites if cite.key in sources_with)
        if not cited:
            continue
        covered = Counter(source for key in cited for source in sources_with[key])
        for key, count in cited.items():
            candidates = sources_with[key]
            if len(candidates) > 1:
                ranks = {source: named.rank(document, source, covered[source]) for source in candidates}
                best = min(ranks.values())
                candidates = [source for source in candidates if ranks[source] == best]
            for source in candidates:
                counted[source, key] += count
    return counted


def named_inputs(document: Document, sources: Collection[str]) -> list[str]:
    """The inputs that a document surely names as its bibliography, in order, up to the first file that is none.

    Args:
        document: the document.
        sources: the inputs.
    """
    folder = os.path.dirname(os.path.abspath(document.source))
    by_path = {os.path.abspath(source): source for source in sources}
    found: list[str] = []
    for name in document.bibliography.files:
        source = by_path.get(os.path.abspath(os.path.join(folder, _bib_file(name))))
        if source is None:
            break
        found.append(source)
    return found


def _bib_file(name: str) -> str:
    """A file name with the suffix, which LaTeX leaves out."""
    return name if name.lower().endswith(".bib") else f"{name}.bib"


def processors(cites: Cites, sources: Sequence[str]) -> dict[str, Processor]:
    """What processes each file, by its documents; the empty string where none shows it.

    A document that names none of the files counts for all of them. BibTeX, which supports less, wins over BibLaTeX.
    """
    named = _Named(cites.all_documents, sources)
    found: dict[str, set[Processor]] = defaultdict(set)
    for document in cites.all_documents:
        if document.bibliography.processor:
            for source in named.own(document) or sources:
                found[source].add(document.bibliography.processor)
    return {source: "" if not found[source] else min(found[source], key=_KNOWS_LESS.index) for source in sources}


def documents_naming(documents: Sequence[Document], sources: Sequence[str]) -> dict[str, set[str]]:
    """For each file that a document names as its bibliography, the documents that do, by their sources."""
    named = _Named(documents, sources)
    naming: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for source in named.own(document):
            naming[source].add(document.source)
    return dict(naming)


_KNOWS_LESS: tuple[Processor, ...] = ("bibtex", "biblatex")


class _Named:
    """The files that documents name as their bibliographies."""

    def __init__(self, documents: Sequence[Document], sources: Sequence[str]) -> None:
        self._path = {source: os.path.abspath(source) for source in sources}
        by_name: dict[str, list[str]] = defaultdict(list)
        for source in sources:
            by_name[Path(source).name].append(source)
        self._by_name = by_name
        self._of_folder: dict[str, list[str]] = defaultdict(list)
        self._own: dict[str, list[str]] = {}
        for document in documents:
            folder = os.path.dirname(os.path.abspath(document.source))
            own = [source for name in document.bibliography.files for source in self._sources(folder, name)]
            self._own[document.source] = own
            self._of_folder[folder] += own

    def own(self, document: Document) -> list[str]:
        """The files that a document itself names."""
        return self._own[document.source]

    def rank(self, document: Document, source: str, covered: int) -> tuple[int, int, int]:
        """How likely a document means the key of this source: smallest first."""
        named = self._named_by(document)
        if source in named:
            return (0, named.index(source), 0)
        here, there = os.path.dirname(os.path.abspath(document.source)), os.path.dirname(self._path[source])
        return (1, -covered, len(Path(os.path.relpath(there, here)).parts) if here != there else 0)

    def _named_by(self, document: Document) -> list[str]:
        """The files that a document names, or else the documents in the nearest folder that name any."""
        if own := self._own[document.source]:
            return own
        folder = os.path.dirname(os.path.abspath(document.source))
        while True:
            if named := self._of_folder.get(folder):
                return named
            if (parent := os.path.dirname(folder)) == folder:
                return []
            folder = parent

    def _sources(self, folder: str, name: str) -> list[str]:
        """The sources that a name means for documents in this folder: the file itself, else one so called."""
        file = _bib_file(name)
        path = os.path.abspath(os.path.join(folder, file))
        exact = [source for source, own in self._path.items() if own == path]
        return exact or self._by_name.get(Path(file).name, [])
