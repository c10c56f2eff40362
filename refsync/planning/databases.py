"""The bibliographic database that each record was exported from, and what each contributes to a review. Pure.

A record names its database itself (`DB` of RIS, the column `database`), or an identifier or a tag of one database does,
or else the name of its file. Systematic reviews state these numbers (PRISMA-S, items 1 and 16).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final, Literal

from refsync.dedup.results import Cluster
from refsync.papis.configuration import INFO_NAME
from refsync.records import Record
from refsync.sources import STDIN, is_remote
from refsync.text.latex_escape import text_to_latex

FIELD: Final = "database"
SEPARATOR: Final = "; "
Kind = Literal["database", "register"]

_NAMES = {
    "PubMed": r"pubmed|pub med", "MEDLINE": r"medline", "Embase": r"embase", "Scopus": r"scopus",
    "Web of Science": r"web of science|webofscience|wos|isi", "Cochrane Library": r"cochrane|central",
    "CINAHL": r"cinahl", "APA PsycInfo": r"psyc ?info", "ERIC": r"eric", "IEEE Xplore": r"ieee|ieee ?xplore",
    "ACM Digital Library": r"acm", "LILACS": r"lilacs", "AMED": r"amed", "Google Scholar": r"google ?scholar",
    "OpenAlex": r"open ?alex", "Semantic Scholar": r"semantic ?scholar", "Europe PMC": r"europe ?pmc",
    "arXiv": r"arxiv", "bioRxiv": r"biorxiv", "medRxiv": r"medrxiv", "DBLP": r"dblp", "ProQuest": r"proquest",
    "Dimensions": r"dimensions",
    "ClinicalTrials.gov": r"clinical ?trials ?gov|clinicaltrials|ctgov", "ICTRP": r"ictrp", "ISRCTN": r"isrctn",
    "EU Clinical Trials Register": r"euctr|eudract|ctis", "ANZCTR": r"anzctr", "DRKS": r"drks", "ChiCTR": r"chictr",
    "UMIN-CTR": r"umin", "CTRI": r"ctri", "PROSPERO": r"prospero",
}  # fmt: skip
_KNOWN = [(name, re.compile(rf"(?<![^\W_])(?:{words})(?![^\W\d_])")) for name, words in _NAMES.items()]
_REGISTER = re.compile(
    r"clinical\s?trials?\b|trials? regist|"
    r"\b(?:ictrp|isrctn|euctr|eudract|ctis|anzctr|drks|chictr|umin|ctri|prospero)\b",
    re.IGNORECASE,
)
_COVERAGE = re.compile(r"\s*<[^<>]*>|\s*\((?:R|TM)\)|[®™]")
_PAPIS = "papis"
_PACKED = {".gz", ".bz2", ".xz", ".zst", ".zip"}
_SCOPUS_URL = re.compile(r"https?://(?:www\.)?scopus\.com/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DatabaseCounts:
    """The records of one database: `records` = `kept` + `within` + `between` + `present`.

    Attributes:
        database: its name.
        kind: a register of studies, or any other database.
        records: identified in it.
        within: removed as duplicates of another record of it.
        between: removed as duplicates of a record of a database that was read before it.
        present: left out because the library that the inputs are compared with has them.
        kept: the others.
        unique: papers that no other database and no library has.
    """

    database: str
    kind: Kind
    records: int
    within: int
    between: int
    present: int
    kept: int
    unique: int


def kind_of(database: str) -> Kind:
    """Whether this is a register of studies, which the PRISMA diagram counts separately."""
    return "register" if _REGISTER.search(database) else "database"


def databases_of(records: Sequence[Record]) -> list[str]:
    """The database of each record.

    Records that do not name theirs have the one that most records of their file name, if these agree.
    """
    found = [_said_by(record) for record in records]
    of_file: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for record, name in zip(records, found, strict=True):
        of_file[record.source][name] += 1
    by_name = _names_of_files(of_file)
    others = {source: _agreed(counts) or by_name[source] for source, counts in of_file.items()}
    names = [name or others[record.source] for record, name in zip(records, found, strict=True)]
    spelling: dict[str, str] = {}
    return [spelling.setdefault(name.casefold(), name) for name in names]


def _said_by(record: Record) -> str:
    """The database that a record names, or whose identifiers or tags it has; empty if there is none."""
    if name := " ".join(_COVERAGE.sub("", record.get(FIELD)).split()):
        return _spelled(name)
    fields = record.fields
    if (provider := _known(fields.get("ris-dp", ""))) and provider != "ProQuest":
        return provider
    if fields.get("wos") or fields.get("accession", "").startswith("WOS:"):
        return "Web of Science"
    if fields.get("scopus") or _SCOPUS_URL.match(fields.get("url", "")):
        return "Scopus"
    return "PubMed" if any(name.startswith("nbib-") for name in fields) else ""


def _spelled(name: str) -> str:
    """A name as this package spells it, if it is only one of these names."""
    return next((known for known in _NAMES if known.casefold() == name.casefold()), name)


def _known(text: str) -> str:
    """The only known database that a text names."""
    plain = re.sub(r"[\W_]+", " ", text.casefold())
    names = [name for name, pattern in _KNOWN if pattern.search(plain)]
    return names[0] if len(names) == 1 else ""


def _agreed(counts: Counter[str]) -> str:
    """The only database that the records of a file name, if more than half of them name it."""
    named = {name: count for name, count in counts.items() if name}
    return next(iter(named)) if len(named) == 1 and 2 * sum(named.values()) > counts.total() else ""


def _names_of_files(sources: Iterable[str]) -> dict[str, str]:
    """A name for each source: the known database in its name, or else the file's name without ending."""
    stems = {source: _stem(source) for source in sources}
    known = {source: _known(stem) for source, stem in stems.items()}
    repeated = Counter(stem for source, stem in stems.items() if not known[source])
    return {
        source: known[source] or (stem if repeated[stem] == 1 or stem == _PAPIS else source)
        for source, stem in stems.items()
    }


def _stem(source: str) -> str:
    if source == STDIN:
        return "standard input"
    if is_remote(source):
        return source
    path = PurePath(source)
    if path.name == INFO_NAME:
        return _PAPIS
    while path.suffix.lower() in _PACKED and PurePath(path.stem).suffix:
        path = PurePath(path.stem)
    return path.stem or source


def count_by_database(records: Sequence[Record], clusters: Sequence[Cluster], known: int = 0) -> list[DatabaseCounts]:
    """The counts of each database, in the order in which it was first read.

    Of each cluster the record that was read first counts as kept, whichever the merged record continues.

    Args:
        records: what was read, after the `known` records of a library.
        clusters: which of these are one paper.
        known: how many of the first records are those of the library.
    """
    names = databases_of(records[known:])
    read = Counter(names)
    within: Counter[str] = Counter()
    between: Counter[str] = Counter()
    present: Counter[str] = Counter()
    unique = Counter(names)
    for cluster in clusters:
        counts = Counter(names[i - known] for i in cluster.members if i >= known)
        unique.subtract(counts)
        if cluster.members[0] < known:
            present.update(counts)
            continue
        unique.update(counts.keys() if len(counts) == 1 else ())
        within.update({name: count - 1 for name, count in counts.items()})
        between.update([*counts][1:])
    return [
        DatabaseCounts(
            database=name,
            kind=kind_of(name),
            records=count,
            within=within[name],
            between=between[name],
            present=present[name],
            kept=count - within[name] - between[name] - present[name],
            unique=unique[name],
        )
        for name, count in read.items()
    ]


def with_databases(record: Record, databases: Iterable[str]) -> Record:
    """The record with the names of databases in the field that RIS, EndNote and tables have for them."""
    names = dict.fromkeys(name for value in databases for name in value.split(SEPARATOR))
    value = SEPARATOR.join(names)
    text = text_to_latex(value) if record.markup == "latex" else value
    return replace(record, fields={**record.fields, FIELD: text})


def with_database_note(record: Record) -> Record:
    """The record with its databases in the notes too, which screening tools show (`N1`), while some drop `DB`."""
    databases = record.get(FIELD)
    note = f"Database: {databases}"
    before = record.get("annote")
    if not databases or note in before.split("\n"):
        return record
    return replace(record, fields={**record.fields, "annote": f"{before}\n{note}".strip()})
