"""Texts in which records of several formats follow each other: a page with BibTeX beside some papers, joined exports.

A reader of one format reads text in another as comments, or as the end of a value. So the parts of a text are
separated first, by lines with which records of a format certainly begin, and each part is read by its own format.
"""

from collections.abc import Sequence
from dataclasses import replace

from refsync.errors import SourceError
from refsync.formats.bibtex import format as bibtex
from refsync.formats.common.decode import decode_file
from refsync.formats.pages.format_parts import (
    GAPS,
    PAGE,
    STARTS,
    WITH_TEXT,
    Spans,
    families_in,
    has_people,
    only,
    parts_by_format,
    with_page_below,
)
from refsync.formats.registry import HEAD_SIZE, Format, detect
from refsync.records import Problem, Record, Snapshot
from refsync.text.fold import fold
from refsync.text.latex_escape import text_to_latex

_FAMILIES = {
    "json": "csljson zoterojson jsonl crossref openalex semanticscholar datacite inspire adsjson europepmc zenodo "
    "paperjson",
    "xml": "endnotexml pubmedxml mods marcxml jats unixref wordxml citavi zoterordf feed oai",
    "yaml": "cslyaml hayagriva cff papis",
    "csv": "csv tsv",
    PAGE: "listing list markdown pubmedtext",
}
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names.split()}
# Fields that say the same in other words: a page's are not added to an entry that has one of them.
_ALIKE = (
    frozenset({"year", "month", "date"}),
    frozenset(("journal", "journaltitle", "booktitle", "venue", "eventtitle", "series", "publisher", "howpublished")),
    frozenset({"note", "annote", "addendum"}),
    frozenset({"author", "editor"}),
)
_IDENTIFIERS = ("doi", "eprint", "pmid", "pmcid", "isbn")
_TITLE_WORDS = 3


def read_all_formats(form: Format, data: bytes, source: str, *, certain: bool = False) -> Snapshot:
    """The records of a text, also of those parts that are in another format than the whole.

    Args:
        form: the format that was detected or named.
        data: the file.
        source: its name.
        certain: the whole is in this format, as its name or the user says: parts in others are reported, not read.

    Raises:
        SourceError: as the reader of the format; one that cannot be read in any part.
    """
    own = _FAMILY.get(form.name, form.name)
    if own not in STARTS and own != PAGE:
        return form.read(data, source)
    found = families_in(data)
    if found <= {own} and (own not in WITH_TEXT or certain):
        return form.read(data, source)
    text = decode_file(data, source).text
    parts = parts_by_format(text, own)
    if own in GAPS and parts.keys() == {own}:
        parts = with_page_below(text, own)
    if certain:
        snapshot = form.read(data, source)
        unread = tuple(
            Problem(source, f"{_NAMES[family]} begins here, {_UNREAD}", _line_of(text, spans), code="other-format")
            for family, spans in parts.items()
            if family not in (own, PAGE)
        )
        return replace(snapshot, problems=(*snapshot.problems, *unread))
    if parts.keys() <= {own}:
        return form.read(data, source)
    return _read_parts(form, text, parts, source) or form.read(data, source)


_UNREAD = "which is not read: put it into a file of its own"
_NAMES = {"ris": "RIS", "nbib": "PubMed's format", "enw": "EndNote's format", "wos": "Web of Science's format",
          "refworks": "RefWorks' format", "redif": "ReDIF", "marctext": "MARC", "ads": "ADS's format",
          "cochrane": "the Cochrane Library's format", "json": "JSON", "xml": "XML", "yaml": "YAML", "csv": "a table",
          "bibtex": "BibTeX", PAGE: "text"}  # fmt: skip


def with_bibtex_in(text: str, records: Sequence[Record], source: str) -> tuple[list[Record], tuple[Problem, ...]]:
    """The records of a page, with the BibTeX entries in its displayed text; a paper that is in both is one record."""
    spans = parts_by_format(text, PAGE).get("bibtex")
    if not spans:
        return list(records), ()
    snapshot = bibtex.read(only(text, spans).encode(), source)
    joined = _each_once([*records, *(replace(record, line=0) for record in snapshot.records)])
    return _numbered(joined), tuple(replace(problem, line=0, column=0) for problem in snapshot.problems)


def _certain_papers(snapshot: Snapshot) -> Snapshot:
    """The papers in text around BibTeX, which may also be its comments: those with people or an identifier."""
    kept = [record for record in snapshot.records if record.get("author", *_IDENTIFIERS)]
    left = [record for record in snapshot.records if record not in kept]
    notes = tuple(
        Problem(snapshot.source, f"text beside BibTeX, not read as a paper: {title[:80]!r}", line, kind="note")
        for title, line in ((record.get("title"), record.line) for record in left)
    )
    return replace(snapshot, records=tuple(_numbered(kept)), problems=(*snapshot.problems, *notes))


def _line_of(text: str, spans: Spans) -> int:
    return text.count("\n", 0, spans[0][0]) + 1


def _numbered(records: Sequence[Record]) -> list[Record]:
    return [
        replace(record, index=index, id=f"#{index}" if record.id.startswith("#") else record.id)
        for index, record in enumerate(records, 1)
    ]


def _read_parts(form: Format, text: str, parts: dict[str, Spans], source: str) -> Snapshot | None:
    """Each part read by its format; lines keep their numbers, because the others are left empty.

    None where the whole is in its own format: no part has a record, or all are BibTeX's and the rest is comments.
    """
    own = _FAMILY.get(form.name, form.name)
    snapshots: list[Snapshot] = []
    problems: list[Problem] = []
    for family, spans in parts.items():
        view = only(text, spans).encode()
        line = _line_of(text, spans)
        known = family == own and family != PAGE
        try:
            reader = form if known else detect(view.lstrip()[:HEAD_SIZE], "-")
            known = known or family != PAGE
            snapshot = reader.read(view, source)
            if family == PAGE and form.name == "bibtex":
                snapshot = _certain_papers(snapshot)
            snapshots.append(snapshot)
        except SourceError as error:
            if known or has_people(view.decode()):
                problems.append(Problem(source, error.reason, error.line or line, fatal=True))
            else:
                message = "text that is in no known format is left out"
                problems.append(Problem(source, message, line, kind="note"))
    filled = [one for one in snapshots if one.records]
    only_comments = not any(problem.fatal for problem in problems) and [one.format for one in filled] == ["bibtex"]
    if not filled or (own == "bibtex" and only_comments):
        return None
    problems += [problem for one in snapshots for problem in one.problems]
    records = _each_once([record for one in filled for record in one.records])
    if len({one.format for one in filled}) > 1:
        names = ", ".join(dict.fromkeys(one.format for one in filled))
        problems.append(Problem(source, f"a text in several formats, of which each is read: {names}", kind="note"))
    one_format = filled[0].format if len(filled) == 1 and len(parts) == 1 else "mixed"
    preambles = tuple(text for one in filled for text in one.preambles)
    macros = {name: value for one in filled for name, value in one.macros.items()}
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return Snapshot(source, one_format, tuple(_numbered(records)), tuple(problems), preambles=preambles, macros=macros)


def _each_once(records: list[Record]) -> list[Record]:
    """The records in the order of the text, where a paper of a page is one with the BibTeX that the page has of it."""
    pages = [record for record in records if record.markup == "text" and record.id.startswith("#")]
    entries = [record for record in records if record.markup == "latex"]
    by_title: dict[str, list[Record]] = {}
    for record in (*pages, *entries):
        by_title.setdefault(fold(record.get("title")), []).append(record)
    dropped: set[int] = set()
    filled: dict[int, Record] = {}
    for title, alike in by_title.items():
        if len(alike) != 2 or len(title.split()) < _TITLE_WORDS:
            continue
        page, entry = alike
        if page.markup != "latex" and entry.markup == "latex":
            dropped.add(id(page))
            filled[id(entry)] = _filled(entry, page)
    if all(record.line for record in records):
        records = sorted(records, key=lambda record: record.line)
    return [filled.get(id(record), record) for record in records if id(record) not in dropped]


def _filled(entry: Record, page: Record) -> Record:
    """The entry with the values that only the page has."""
    has = set(entry.fields)
    taken = set[str]().union(*(group for group in _ALIKE if group & has))
    added = {name: text_to_latex(value) for name, value in page.fields.items() if name not in has | taken}
    return replace(entry, fields={**entry.fields, **added}) if added else entry
