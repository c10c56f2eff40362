"""The tags and types of RIS and their BibTeX fields and types."""

import re
import sys

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names
from refsync.formats.common.item_types import ARTICLE_TYPES, BOOK_TYPES, PART_TYPES, PUBLISHER_FIELDS, publisher_field
from refsync.formats.common.kinds import KIND_OF_RIS
from refsync.text.identifiers import isbns

TYPE_OF_CODE = {
    "JOUR": "article", "EJOUR": "article", "MGZN": "article", "NEWS": "article", "INPR": "article", "ABST": "article",
    "JFULL": "periodical", "BOOK": "book", "EBOOK": "book", "WHOLE": "book", "EDBOOK": "collection", "CLSWK": "book",
    "ANCIENT": "book", "SER": "book", "PAMP": "booklet", "CHAP": "incollection", "ECHAP": "incollection",
    "ENCYC": "inreference", "DICT": "inreference", "CONF": "inproceedings", "CPAPER": "inproceedings",
    "THES": "phdthesis", "RPRT": "techreport", "GOVDOC": "techreport", "UNPB": "unpublished", "UNPD": "unpublished",
    "SLIDE": "unpublished",
    "MANSCPT": "unpublished", "PCOMM": "letter", "ICOMM": "letter", "PAT": "patent", "STAND": "standard",
    "STD": "standard", "COMP": "software", "DATA": "dataset", "DBASE": "dataset", "AGGR": "dataset", "ELEC": "online",
    "BLOG": "online", "WEB": "online", "STAT": "legislation", "BILL": "legislation", "UNBILL": "legislation",
    "CASE": "jurisdiction", "LEGAL": "legal", "HEAR": "legal", "ART": "artwork", "MUSIC": "music", "SOUND": "audio",
    "VIDEO": "video", "ADVS": "video", "MPCT": "movie", "FIGURE": "image", "MAP": "image", "GEN": "misc",
}  # fmt: skip
CODE_OF_TYPE = {
    "periodical": "JFULL", "booklet": "PAMP", "mastersthesis": "THES", "thesis": "THES", "report": "RPRT",
    "inbook": "CHAP", "manual": "BOOK", "proceedings": "CONF", "conference": "CONF", "mvbook": "BOOK",
    "electronic": "ELEC", "www": "ELEC", "review": "JOUR",
}  # fmt: skip
"""Codes by type; a type in `TYPE_OF_CODE` has the first code with that type."""
for _code, _type in TYPE_OF_CODE.items():
    CODE_OF_TYPE.setdefault(_type, _code)

JOURNAL_TAGS = ("T2", "JF", "JO", "J2", "JA", "J1", "JI", "J9")
"""Tags for the name of a journal, likeliest first."""
PROSE_TAGS = frozenset("AB N2 N1 RN AD U1 U2 U3 U4 U5 C1 C2 C3 C4 C5 FX CR FU PA".split())
"""Tags whose values are prose with several lines."""
LIST_TAGS = frozenset({"KW", "UR", "SN"})
"""Tags for which EndNote writes one value per line, with the tag only before the first."""
KNOWN_TAGS = frozenset(
    "TY ID AU A1 A2 A3 A4 A5 A6 ED TI T1 T2 T3 BT CT TT TA ST JF JO J1 J2 JA JI J9 PY Y1 DA Y2 VL VO IS NV SP EP SE "
    "AB N1 N2 RN KW AD AN AV C1 C2 C3 C4 C5 C6 C7 C8 CA CL CN CP CR CY DB DI DO DP ET FD L1 L2 L3 L4 LA LB LK M1 M2 M3 "
    "NO OL OP PA PB PG PI PP PU RI RP SN SO SV SR U1 U2 U3 U4 U5 UR US WE WP WT WV YR".split()
)
SINGLE_FIELD_TAGS = {
    "VL": "volume", "NV": "volumes", "ET": "edition", "ST": "shorttitle", "LA": "language", "DO": "doi", "L1": "file",
    "CN": "callnumber", "DB": "database", "LB": "label", "AV": "archive-location", "TT": "translatedtitle",
}  # fmt: skip
"""Tags that always have the same field."""
_ALIASES = {"VO": "VL", "YR": "PY", "NO": "IS", "PG": "SP", "DOI": "DO", "US": "UR", "SO": "JF"}
"""Tags of the Cochrane Library and IEEE Xplore and the usual tags for them."""
UNMAPPED_FIELD = "Field: "
"""Prefix of a value of `U5` for a field without a tag: `Field: name: value`."""
UNMAPPED_TYPE = f"{UNMAPPED_FIELD}entrytype: "
"""Prefix of a value of `U5` for a type without a code."""
PRIMARY = "\ue000"
"""Before the name of an author with the tag `A1` among those with `AU`."""
CITATION_KEY = f"{UNMAPPED_FIELD}citation-key: "
"""Prefix of a value of `U5` for a citation key that does not look like one."""
_MASTER = re.compile(r"master|m\.?\s?sc|diplom", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?10\.\d{4}", re.IGNORECASE)
_PUBMED = re.compile(r"PUBMED (\d{1,8})")
_ADDRESSES = re.compile(r"\n|[;\s]\s*(?=https?://)")
_ISSN = re.compile(r"\b\d{4}-?\d{3}[\dXx]\b")
_PAGE_COUNT = re.compile(r"(\d{1,5})(?:\s?(?:p|pp|pages|s|seiten)\.?)?", re.IGNORECASE)
_THESES = frozenset({"phdthesis", "mastersthesis"})
_NUMBERED = frozenset({"techreport", "patent"})
"""Types whose number, as EndNote writes them, is in the tag of ISSN and ISBN."""
_WITH_EDITORS_IN_A3 = frozenset({"book"})
SERIES_EDITOR = "csl-collection-editor"
"""The field that the other formats have for the editors of a series."""
_TWO_PEOPLE = re.compile(r",[^,]+ and [^,]+,")
_MEDLINE = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)


def fields_of(values: dict[str, list[str]]) -> tuple[str, str, dict[str, str]]:
    """The type, id and fields of a record.

    Args:
        values: by tag, in the order of the file; used up by this function.
    """
    for alias, tag in _ALIASES.items():
        if alias in values and tag not in values:
            values[tag] = values.pop(alias)
    tags = _Tags(values)
    draft = tags.draft
    code = (tags.all("TY") or ["GEN"])[0].upper()
    type_ = TYPE_OF_CODE.get(code, "misc")
    if own := next((value for value in values.get("U5", ()) if value.startswith(UNMAPPED_TYPE)), ""):
        values["U5"].remove(own)
        type_ = own.removeprefix(UNMAPPED_TYPE)
    elif type_ == "phdthesis" and any(_MASTER.search(value) for value in values.get("M3", ())):
        type_ = "mastersthesis"
    if code in KIND_OF_RIS:
        draft.put("entrysubtype", KIND_OF_RIS[code], "TY")
    elif CODE_OF_TYPE.get(type_, "GEN") != code:
        draft.keep("TY", [code])
    key, *others = tags.all("ID") or [""]
    draft.keep("ID", others)

    authors, primary = _authors(tags.all("AU", "A1"))
    draft.put("author", join_names(_each_name(authors)), "AU")
    draft.put("author", join_names(_each_name(primary)), "A1")
    _put_editors(tags, type_)
    draft.put("translator", join_names(tags.all("A4")), "A4")
    tags.put("title", "TI", "T1", *(("BT",) if type_ in BOOK_TYPES else ()), "CT")
    _put_container(tags, type_)
    for tag in ("PY", "Y1", "DA"):
        for value in tags.all(tag):
            draft.put_date(value, tag)
    first, last = tags.all("SP"), tags.all("EP")
    if total := _pages_in_all(type_, first, last):
        draft.put("pagetotal", total, "SP")
        first = []
    pages = bibtex_pages(first[0]) if first else ""
    last = [value for value in last if not pages.endswith(f"--{value}")]  # unless the first is a range already
    both = f"{first[0]}--{last[0]}" if first and last else ""  # even if equal, as Zotero writes them in BibTeX
    draft.put("pages", both or bibtex_pages((first or last or [""])[0]), "SP")
    draft.keep("SP", first[1:])
    draft.keep("EP", last[1:])
    tags.put("number", "IS", *(() if type_ in ARTICLE_TYPES else ("M1",)))
    if type_ in ARTICLE_TYPES | PART_TYPES:
        tags.put("eid", "C7")
    tags.put(publisher_field(type_), "PB", "PU")
    tags.put("address", "CY", "PP", "PI")
    for tag, name in SINGLE_FIELD_TAGS.items():
        tags.put("version" if tag == "ET" and type_ == "software" else name, tag)
    tags.put("doi", "DI")
    draft.put_each("url", (url for value in tags.all("UR") for url in _ADDRESSES.split(value)), "UR")
    tags.put("url", "LK")
    serials = [number for value in tags.all("SN") for number in value.split("\n")]
    if type_ in _NUMBERED and "number" not in draft.fields and len(serials) == 1 and not _is_serial(serials[0]):
        draft.put("number", serials[0], "SN")
    else:
        draft.put_serials(serials, "SN", book=type_ in BOOK_TYPES)
    tags.put("abstract", "AB", "N2")
    draft.put_all("annote", tags.all("N1"), "\n", "N1")
    draft.put("keywords", join_keywords(re.split(r"[;\n]", "\n".join(tags.all("KW")))), "KW")
    draft.put_all("affiliation", tags.all("AD"), "; ", "AD")
    for value in tags.all("Y2"):
        draft.put("urldate", value.rstrip("/").replace("/", "-"), "Y2")
    if type_ in PUBLISHER_FIELDS:
        tags.put("type", "M3")
    if type_ in ("incollection", "inreference"):
        tags.put("chapter", "SE")
    _put_identifiers(draft, values)
    for value in tags.all("U5"):
        name, colon, rest = value.removeprefix(UNMAPPED_FIELD).partition(": ")
        if value.startswith(UNMAPPED_FIELD) and colon and name in ("month", "day"):
            draft.fields[name] = rest  # more than `DA` could say
        elif value.startswith(UNMAPPED_FIELD) and colon:
            draft.put(name, rest, "U5")
        else:
            draft.keep("U5", [value])
    for tag, kept in values.items():
        draft.keep(tag, kept)
    return sys.intern(type_), key, draft.build()


def _is_serial(number: str) -> bool:
    return bool(_ISSN.search(number)) or bool(isbns(number))


def _authors(values: list[str]) -> tuple[list[str], list[str]]:
    """The authors in the order of the file, and those of `A1` if they are the same people again."""
    primary = [value.removeprefix(PRIMARY) for value in values if value.startswith(PRIMARY)]
    others = [value for value in values if not value.startswith(PRIMARY)]
    if primary and others and [_family(name) for name in primary] == [_family(name) for name in others]:
        return others, primary
    return [name for value in values if (name := value.removeprefix(PRIMARY)) == value or name not in others], []


def _family(name: str) -> str:
    return name.split(",", maxsplit=1)[0].split(" ", maxsplit=1)[0].casefold()


def _each_name(values: list[str]) -> list[str]:
    """Single names, as some files have `Doe, Jane; Roe, Max` after one tag."""
    parts = [part for value in values for part in value.split(";")]
    return [name for part in parts for name in (part.split(" and ") if _TWO_PEOPLE.search(part) else [part])]


def _pages_in_all(type_: str, first: list[str], last: list[str]) -> str:
    """The number of pages of a book or thesis, for which EndNote and Zotero use `SP`."""
    whole = type_ in BOOK_TYPES or type_ in _THESES
    found = _PAGE_COUNT.fullmatch(first[0].strip()) if whole and len(first) == 1 and not last else None
    return found[1] if found else ""


class _Tags:
    """The values of a record that are not in a field yet."""

    def __init__(self, values: dict[str, list[str]]) -> None:
        self.draft = FieldBuilder("ris")
        self._values = values

    def all(self, *tags: str) -> list[str]:
        """Remove and return the values of these tags."""
        return [value for tag in tags for value in self._values.pop(tag, ())]

    def put(self, name: str, *tags: str) -> None:
        """Set a field to the first value of these tags; other values are kept under their tag."""
        for tag in tags:
            self.draft.put_each(name, self._values.pop(tag, ()), tag)


def _put_editors(tags: _Tags, type_: str) -> None:
    """Set editors: `A2`, and for books also `A3`, beside which `A2` are those of the series."""
    named = tags.all("ED")
    if type_ in _WITH_EDITORS_IN_A3 and (editors := tags.all("A3")):
        tags.draft.put(SERIES_EDITOR, join_names(tags.all("A2")), "A2")
        tags.draft.put("editor", join_names([*editors, *named]), "A3")
        return
    tags.draft.put("editor", join_names([*tags.all("A2"), *named]), "A2")
    if type_ in PART_TYPES:
        tags.draft.put(SERIES_EDITOR, join_names(tags.all("A3")), "A3")


def _put_container(tags: _Tags, type_: str) -> None:
    """Set the journal, book or series in which the work is."""
    if type_ in PART_TYPES:
        booktitle = tags.all("C3") if type_ == "inproceedings" else []
        if booktitle:
            tags.draft.put_all("booktitle", booktitle, "; ", "C3")
            tags.put("eventtitle", "T2")
        tags.put("booktitle", "T2", "BT", "JF", "JO")
        tags.put("series", "T3")
    elif type_ in BOOK_TYPES:
        tags.put("series", "T2", "T3")
    elif type_ in PUBLISHER_FIELDS:
        tags.put("series", "T3")
    else:
        for tag in JOURNAL_TAGS:
            name = "shortjournal" if "journal" in tags.draft.fields and tag not in ("T2", "JF") else "journal"
            for value in tags.all(tag):
                if value != tags.draft.fields.get("journal"):
                    tags.draft.put(name, value, tag)
        tags.put("series", "T3")
    tags.put("shortjournal", "JA", "J2", "JI", "J1", "J9")


def _put_identifiers(draft: FieldBuilder, values: dict[str, list[str]]) -> None:
    """Set identifiers from tags that have several meanings."""
    for tag in ("M3", "L3"):
        if (found := values.get(tag)) and "doi" not in draft.fields and _DOI.match(found[0]):
            draft.put("doi", found[0], tag)
            del values[tag]
    for tag in ("PM", "C3"):
        if (found := values.get(tag)) and (number := _PUBMED.fullmatch(found[0])):
            draft.put("pmid", number[1], tag)
            del values[tag]
    database = " ".join((draft.fields.get("database", ""), *values.get("DP", ()), draft.fields.get("url", "")))
    stated = f"{UNMAPPED_FIELD}pmid: {values.get('AN', [''])[0]}" in values.get("U5", ())
    _put_pmid(draft, "AN", values, certain=stated or states_pmid(database))
    _put_pmid(draft, "C2", values, certain="scopus" in database.lower())
    if "AN" in values:
        draft.put_all("accession", values.pop("AN"), "; ", "AN")


def states_pmid(*database: str) -> bool:
    """Whether an accession number of digits is a PMID, by the names and addresses of the database."""
    return bool(_MEDLINE.search(" ".join(database)))


def _put_pmid(draft: FieldBuilder, tag: str, values: dict[str, list[str]], *, certain: bool) -> None:
    found = values.get(tag, [""])[0]
    if certain and re.fullmatch(r"\d{1,8}", found):
        name = "pmid"
    elif re.fullmatch(r"PMC\d+", found):
        name = "pmcid"
    else:
        return
    draft.put_each(name, values.pop(tag), tag)
