"""A check of the files that belong together, with the texts of those that are open in the editor."""

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from refsync.check.baseline import read_baseline, split_by_baseline
from refsync.check.entries import BibFile, Library
from refsync.check.examine_file import macros
from refsync.check.findings import Finding
from refsync.check.rule_selection import selected_codes
from refsync.check.run_rules import DUPLICATES
from refsync.check_inputs import examine_library, library_files, library_findings
from refsync.check_inputs.bibliography_scope import documents_of_project
from refsync.cites.documents import Cites, Document, document_of, read_cites
from refsync.cites.project_documents import ProjectDocuments, bibliography_files
from refsync.cites.scan import syntax_of
from refsync.config import Config, load_config
from refsync.decisions import NO_REMEMBERED_ANSWERS, RememberedAnswers
from refsync.decisions.answer_files import AnswerFiles
from refsync.dedup.results import Deduplication
from refsync.errors import RefsyncError
from refsync.formats.bibtex.format import FORMAT
from refsync.formats.common.decode import decode
from refsync.formats.common.dialect import dialect_of
from refsync.memory import no_collection
from refsync.planning.run_models import Progress, find_duplicates
from refsync.records import Problem, Record
from refsync.sources import Reading, read_again, read_sources

OpenTexts = Mapping[str, str]
"""The texts in the editor, by the path of the file relative to the working directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLibrary:
    """The files that belong together, after a check.

    Attributes:
        inputs: the .bib files.
        config: the settings in force.
        codes: the rules that were applied.
        reading: what was read.
        records: all entries, those of the configured library first.
        texts: the texts of the .bib files.
        findings: all findings.
        deduplication: the duplicates; empty as long as they are searched for.
        remembered: people's answers about these records.
        others: what the rules for single entries need from all files together.
        complete: whether duplicates were searched for.
        problems: files that cannot be read, and answers that are not applied.
    """

    inputs: tuple[str, ...]
    config: Config
    codes: frozenset[str]
    reading: Reading
    records: tuple[Record, ...]
    texts: Mapping[str, str]
    findings: tuple[Finding, ...]
    deduplication: Deduplication
    remembered: RememberedAnswers
    others: Library
    complete: bool
    problems: tuple[Problem, ...] = ()
    _biblatex: Mapping[str, bool] = field(default_factory=dict)

    def is_biblatex(self, source: str) -> bool:
        """Whether the entries of a file are written for BibLaTeX."""
        return self._biblatex.get(source, False)

    def answer_files(self) -> AnswerFiles:
        """Where people's answers are."""
        return answer_files(self.inputs, self.config)


class LibraryChecker:
    """Checks one library again and again; duplicates are searched for only where an entry changed."""

    def __init__(self, inputs: tuple[str, ...]) -> None:
        self.inputs = inputs
        self._found: tuple[tuple[object, ...], Deduplication] | None = None

    def check(
        self, open_texts: OpenTexts, progress: Progress, publish: Callable[[CheckedLibrary], None]
    ) -> CheckedLibrary:
        """Check the files; `publish` gets the findings in single entries before duplicates are searched for.

        What `progress` raises ends the check.

        Raises:
            RefsyncError: a configuration or a file of answers cannot be read.
        """
        with no_collection():
            return self._check(open_texts, progress, publish)

    def _check(
        self, open_texts: OpenTexts, progress: Progress, publish: Callable[[CheckedLibrary], None]
    ) -> CheckedLibrary:
        config = load_config(near=self.inputs)
        rules = config.check
        codes = selected_codes(rules.select, rules.extend_select, rules.ignore)
        library = library_files(rules, self.inputs)
        names = (*library, *self.inputs)
        contents = {name: text.encode() for name, text in open_texts.items() if name in names}
        reading = replace(read_sources(names, contents=contents), libraries=len(library))
        cites = configured_cites(config, open_texts) if config.cites else None
        texts = {
            item.source: decode(read_again(reading, item.source), item.source)
            for item in reading.snapshots
            if item.format == "bibtex"
        }
        progress("read", 1, 1)
        files = [BibFile(item, texts.get(item.source, "")) for item in reading.snapshots]
        libraries = sum(item.source in library for item in reading.snapshots)
        reading = replace(reading, libraries=libraries)
        examined = examine_library(files, libraries, codes, rules, config.export.keys, cites)
        checked = CheckedLibrary(
            inputs=self.inputs,
            config=config,
            codes=codes,
            reading=reading,
            records=reading.records,
            texts=texts,
            findings=(),
            deduplication=Deduplication(),
            remembered=NO_REMEMBERED_ANSWERS,
            others=Library.of(files, macros(files), examined.context.file_exists),
            complete=False,
            problems=tuple(item for item in reading.problems if item.fatal),
            _biblatex={item.source: dialect_of(item.records) == "biblatex" for item in reading.snapshots},
        )

        def with_findings(deduplication: Deduplication) -> CheckedLibrary:
            found = library_findings(examined, deduplication, self.inputs, cites)
            return replace(checked, findings=_without_baseline(found, rules.baseline), deduplication=deduplication)

        if not codes & DUPLICATES or len(reading.records) < 2:
            return replace(with_findings(Deduplication()), complete=True)
        remembered, disputed = answer_files(self.inputs, config).about_pairs(reading.records)
        checked = replace(checked, remembered=remembered, problems=(*checked.problems, *disputed))
        compared = (config.dedup, remembered, reading.known, *map(_compared, reading.records))
        if self._found is None or self._found[0] != compared:
            publish(with_findings(Deduplication()))
            found = find_duplicates(reading.records, config.dedup, remembered, progress, reading.known)
            self._found = (compared, found)
        return replace(with_findings(self._found[1]), complete=True)


def _compared(record: Record) -> tuple[object, ...]:
    """What the deduplicator knows of a record: all but its line."""
    return (record.source, record.index, record.id, record.type, record.fields)


def answer_files(inputs: Sequence[str], config: Config) -> AnswerFiles:
    """Where people's answers about the entries of these files are."""
    return AnswerFiles(beside=inputs, decisions=config.decisions, calibration=config.dedup.calibration)


def _without_baseline(findings: Sequence[Finding], baseline: str) -> tuple[Finding, ...]:
    path = Path(baseline)
    if not baseline or not path.is_file():
        return tuple(findings)
    return tuple(split_by_baseline(findings, read_baseline(path), path.parent)[0])


def configured_cites(config: Config, open_texts: OpenTexts) -> Cites:
    """The citations of the documents that the configuration names, as the editor has them.

    Raises:
        ConfigError: one does not exist.
    """
    return with_open_texts(read_cites(config.cites), open_texts)


def with_open_texts(cites: Cites, open_texts: OpenTexts) -> Cites:
    """The citations with the open documents as the editor has them."""
    documents = tuple(_as_open(item, open_texts) for item in cites.documents)
    counts = Counter(cite.key for document in (*documents, *cites.beside) for cite in document.cites)
    return replace(cites, documents=documents, counts=counts)


def _as_open(document: Document, open_texts: OpenTexts) -> Document:
    text = open_texts.get(relative(document.source))
    return document if text is None else document_of(document.source, text.encode())


def relative(path: str) -> str:
    """A path as messages show it: relative to the working directory where that is possible."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on another drive
        return os.path.abspath(path)


def is_bibliography(path: str) -> bool:
    """Whether a path is that of a .bib file."""
    return path.lower().endswith(FORMAT.suffixes)


def project_documents(source: str, open_texts: OpenTexts) -> list[Document]:
    """The documents of the project that a file is part of, and the open ones, as the editor has them."""
    found = {relative(item.source): item for item in documents_of_project([source])}
    for name, text in open_texts.items():
        if syntax_of(name):
            found[name] = document_of(name, text.encode())
    return [replace(item, source=name) for name, item in found.items()]


def files_of_bibliography(source: str, documents: Sequence[Document]) -> tuple[str, ...]:
    """A .bib file with the others that the documents that name it name too, in the order in which they are read."""
    here = os.path.abspath(source)
    files: dict[str, None] = {}
    for document in documents:
        named = bibliography_files(document)
        if any(os.path.abspath(name) == here for name in named):
            files.update((relative(name), None) for name in named if Path(name).is_file())
    return tuple(files) if source in files else (*files, source)


def bibliographies_of_document(source: str, open_texts: OpenTexts) -> tuple[str, ...]:
    """The .bib files that a document names, or the main document that it is part of; empty where there is none."""
    opened: dict[str, Document | None] = {
        name: document_of(name, text.encode()) for name, text in open_texts.items() if syntax_of(name)
    }
    try:
        found = ProjectDocuments(opened).with_main_document(source)
    except RefsyncError:  # a document that disappeared meanwhile
        found = [document for document in (opened.get(source),) if document]
    files = dict.fromkeys(relative(name) for document in found for name in bibliography_files(document))
    return tuple(name for name in files if Path(name).is_file() or name in open_texts)
