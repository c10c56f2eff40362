"""The fields of MARC 21 (loc.gov/marc/bibliographic) and their BibTeX fields."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import bibtex_pages, join_keywords, join_names
from refsync.formats.common.item_types import PUBLISHER_FIELDS, publisher_field
from refsync.records import Name, Record

Subfields = list[tuple[str, str]]
"""Codes and values of a field, in order."""


@dataclass(slots=True)
class MarcRecord:
    """A record: its leader, control fields by tag, and the data fields in order with their subfields."""

    leader: str = ""
    control: dict[str, str] = field(default_factory=dict)
    fields: list[tuple[str, Subfields]] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Subfields]:
        """The subfields of each field with one of these tags."""
        return (subfields for tag, subfields in self.fields if tag in tags)

    def texts(self, tag: str, codes: str) -> Iterator[str]:
        """The values of these subfields of each field with this tag."""
        return (text for subfields in self.all(tag) for code, text in subfields if code in codes)

    def first(self, tag: str, codes: str) -> str:
        """The first of these values; empty if there is none."""
        return next(self.texts(tag, codes), "")


_ISBD = re.compile(r"\s*[/:;,=+]\s*$")
_FINAL = re.compile(r"(?<=\w{3})\.\s*$|(?<=[\])])\.\s*$")
_ROLES = {
    "edt": "editor", "ed": "editor", "editor": "editor", "hrsg": "editor", "trl": "translator",
    "translator": "translator",
    "aut": "author", "author": "author", "cre": "author", "joint author": "author", "verfasser": "author",
}  # fmt: skip
_TYPES_BY_LEADER = {
    "e": "image", "f": "image", "g": "video", "i": "audio", "j": "music", "k": "image", "m": "software", "c": "music",
    "d": "music",
}  # fmt: skip
_PART = re.compile(r"(?:vol(?:ume)?\.?|v\.|bd\.?|jg\.?|t\.)\s*([\w/-]+)", re.I)
_ISSUE = re.compile(r"(?:no\.?|nr\.?|issue|iss\.?|heft|h\.|n\.|issue\s+no\.)\s*([\w/-]+)", re.I)
_PAGES = re.compile(r"(?:p|pp|pages?|s|str)\.?\s*(\w*\d+(?:\s*[-–]\s*\w*\d+)?)", re.I)
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
_TOTAL = re.compile(r"(?:^|[,(\s])(\d{1,5})\s*(?:p\.|p\b|pages|S\.|s\.|leaves|str\.)")
_READ = frozenset(
    "020 022 024 041 100 110 111 245 250 260 264 300 490 520 700 710 711 773 856 600 610 611 630 650 651 653 502 500 "
    "830 800 810 811 440 590".split()
)
_BOOKKEEPING = frozenset(
    "003 005 006 007 008 035 040 042 336 337 338 588 880 906 925 955 985 049 029 019 016 015".split()
)
"""Fields that describe the record, code what others say, or hold numbers of other catalogues."""


def plain(text: str) -> str:
    """A value without the punctuation that ISBD puts after it.

    >>> plain("The patience of moss :"), plain("Moss Press,"), plain("Roe, A. B.")
    ('The patience of moss', 'Moss Press', 'Roe, A. B.')
    """
    return _FINAL.sub("", _ISBD.sub("", " ".join(text.split()))).strip()


def to_record(marc: MarcRecord, source: str, index: int, line: int = 0) -> Record:
    """The record of a MARC record."""
    draft = FieldBuilder("marc")
    type_ = _type(marc)
    _put_titles(marc, draft, type_)
    _put_people(marc, draft)
    for tag in ("260", "264"):
        draft.put_each("address", (plain(text).strip("[]") for text in marc.texts(tag, "a")), f"{tag}a")
        draft.put_each(publisher_field(type_), (plain(text).strip("[]") for text in marc.texts(tag, "b")), f"{tag}b")
        for text in marc.texts(tag, "c"):
            _put_year(draft, text, f"{tag}c")
    draft.put_each("edition", map(plain, marc.texts("250", "a")), "250")
    _put_thesis(marc, draft, type_)
    _put_host(marc, draft, type_)
    if "year" not in draft.fields and re.fullmatch(r"\d{4}", year := marc.control.get("008", "")[7:11]):
        draft.put("year", year, "008")
    for subfields in marc.all("300"):
        text = " ".join(text for _, text in subfields)
        total = _TOTAL.search(text)
        draft.put("pagetotal", total[1] if total else "", "300")
        draft.keep("300", [text])
    draft.put_all("isbn", (text.split(" ")[0] for text in marc.texts("020", "a")), ", ", "020")
    draft.keep("020", marc.texts("020", "qc"))
    draft.put_all("issn", marc.texts("022", "a"), ", ", "022")
    for subfields in marc.all("024"):
        values = dict(reversed(subfields))
        name = {"doi": "doi", "uri": "url"}.get(values.get("2", "").lower(), "")
        if name:
            draft.put(name, values.get("a", ""), "024")
        else:
            draft.keep("024", [values.get("a", "")])
    language = marc.first("041", "a") or marc.control.get("008", "")[35:38].strip()
    draft.put("language", language if re.fullmatch(r"[a-z]{3}", language) else "", "041")
    for tag in ("490", "440", "830"):
        for subfields in marc.all(tag):
            name = plain(" ".join(text for code, text in subfields if code in "anp"))
            if name.casefold() != draft.fields.get("series", "").casefold():
                draft.put("series", name, tag)
            number = plain(next((text for code, text in subfields if code == "v"), ""))
            draft.put("number" if type_ != "article" else "marc-490v", number, f"{tag}v")
    draft.put_each("abstract", marc.texts("520", "a"), "520")
    draft.put_all("note", marc.texts("500", "a"), "; ", "500")
    draft.put("keywords", join_keywords(_subjects(marc)), "650")
    for subfields in marc.all("856"):
        draft.put_each("url", (text for code, text in subfields if code == "u"), "856u")
        draft.keep("856", (text for code, text in subfields if code in "yz3"))
    _keep_others(marc, draft)
    return Record(source, index, f"#{index}", type=type_, fields=draft.build(), line=line)


def _type(marc: MarcRecord) -> str:
    kind, level = marc.leader[6:7], marc.leader[7:8]
    if any(marc.all("502")):
        text = " ".join(marc.texts("502", "ab")).lower()
        return "mastersthesis" if re.search(r"master|m\.\s?a\.|m\.\s?sc|diplom", text) else "phdthesis"
    if any(marc.all("773")) or level in ("a", "b"):
        if marc.first("773", "z") and not marc.first("773", "x"):
            return "incollection"
        return "article" if marc.first("773", "t") else "misc"
    if kind in _TYPES_BY_LEADER:
        return _TYPES_BY_LEADER[kind]
    if level == "s":
        return "periodical"
    if any(marc.all("111")):
        return "proceedings"
    return "book" if kind in ("a", "t") or level == "m" else "misc"


def _put_titles(marc: MarcRecord, draft: FieldBuilder, type_: str) -> None:
    for subfields in marc.all("245"):
        parts = [(code, plain(text)) for code, text in subfields if code in "abnp" and plain(text)]
        title = ""
        for code, text in parts:
            title += (
                (": " if code == "b" else ". " if code == "n" else ", " if code == "p" else " ") + text
                if title
                else text
            )
        draft.put("title", title, "245")
        draft.keep("245c", (text for code, text in subfields if code == "c"))
        draft.keep("245h", (text for code, text in subfields if code in "hkfgs"))


def _put_people(marc: MarcRecord, draft: FieldBuilder) -> None:
    people: dict[str, list[Name | str]] = {}
    for tag, subfields in marc.fields:
        if tag not in ("100", "110", "111", "700", "710", "711"):
            continue
        if any(code == "t" for code, _ in subfields):  # a work by this person, not this one
            draft.keep(tag, [" ".join(text for _, text in subfields)])
            continue
        roles = [plain(text).strip("[]().").lower() for code, text in subfields if code in "e4" and len(text) < 40]
        role = next((_ROLES[one] for one in roles if one in _ROLES), "")
        own_work = tag in ("100", "110") or not roles
        field = role or ("author" if own_work and tag != "711" else roles[0].replace(" ", "-") if roles else "meeting")
        if tag == "111":
            draft.put("eventtitle", plain(" ".join(text for code, text in subfields if code in "an")), tag)
            draft.put("venue", plain(next((text for code, text in subfields if code == "c"), "")).strip("()"), "111c")
            draft.keep("111d", (plain(text) for code, text in subfields if code == "d"))
            continue
        name = _name(subfields, tag)
        people.setdefault(field, []).append(name)
        dates = [plain(text) for code, text in subfields if code == "d"]
        draft.keep("person-dates", (f"{name.family if isinstance(name, Name) else name}: {text}" for text in dates))
    for field, names in people.items():
        if field in ("author", "editor", "translator"):
            draft.put(field, join_names(names), "700")
        else:
            draft.keep(field, [join_names(names)])


def _name(subfields: Subfields, tag: str) -> Name | str:
    parts = [plain(text) for code, text in subfields if code in ("ab" if tag.endswith("10") else "a")]
    text = ". ".join(filter(None, parts))
    if tag.endswith("10"):
        return Name(text)
    suffix = next((plain(text) for code, text in subfields if code == "c"), "")
    family, comma, given = text.partition(", ")
    numeral = next((plain(text) for code, text in subfields if code == "b"), "")
    suffix = suffix if re.fullmatch(r"(?:Jr|Sr|Junior|[IV]+)\.?", suffix) else numeral
    return Name(family, given, suffix=suffix) if comma else text


def _put_thesis(marc: MarcRecord, draft: FieldBuilder, type_: str) -> None:
    if type_ not in PUBLISHER_FIELDS:
        draft.keep("502", (text for subfields in marc.all("502") for _, text in subfields))
        return
    for subfields in marc.all("502"):
        values = dict(reversed(subfields))
        if school := values.get("c", ""):
            if known := draft.fields.pop("school", ""):
                draft.keep("260b", [known])
            draft.put("school", plain(school), "502c")
        draft.put("type", values.get("b", ""), "502b")
        _put_year(draft, values.get("d", ""), "502d")
        draft.keep("502", (text for code, text in subfields if code in "ago"))


def _put_host(marc: MarcRecord, draft: FieldBuilder, type_: str) -> None:
    for subfields in marc.all("773"):
        values: dict[str, str] = dict(reversed(subfields))
        field = "booktitle" if type_ == "incollection" else "journal"
        draft.put(field, plain(values.get("t") or values.get("s") or values.get("a", "")), "773t")
        draft.put("shortjournal", plain(values.get("p", "")), "773p")
        draft.put_all("issn", (text for code, text in subfields if code == "x"), ", ", "773x")
        draft.put_all("isbn", (text for code, text in subfields if code == "z"), ", ", "773z")
        for code, text in subfields:
            if code == "g":
                _put_part(draft, text)
            elif code == "d" and not draft.fields.get("publisher"):
                place, colon, rest = text.partition(" : ")
                draft.keep("773d", [text])
                draft.put("address", plain(place) if colon else "", "773d")
                draft.put("publisher", plain(rest.rpartition(",")[0]) if colon else "", "773d")
                _put_year(draft, text, "773d")
            elif code in "bhikmnoqruy":
                draft.keep(f"773{code}", [text])


def _put_part(draft: FieldBuilder, text: str) -> None:
    """Put volume, issue, year and pages of `Vol. 7, no. 3 (2020), p. 11-19`, which is kept too."""
    for pattern, name in ((_PART, "volume"), (_ISSUE, "number"), (_PAGES, "pages")):
        found = pattern.search(text)
        if found:
            draft.put(name, bibtex_pages(found[1]) if name == "pages" else found[1], "773g")
    _put_year(draft, text, "773g")
    draft.keep("773g", [text])


def _put_year(draft: FieldBuilder, text: str, tag: str) -> None:
    found = _YEAR.search(text)
    if found:
        draft.put("year", found[0], tag)
    if plain(text).strip("[]().©c ") != (found[0] if found else ""):
        draft.keep(tag, [plain(text)])


def _subjects(marc: MarcRecord) -> Iterable[str]:
    for tag, subfields in marc.fields:
        if tag == "653":
            yield from (plain(text) for code, text in subfields if code == "a")
        elif tag in ("600", "610", "611", "630", "650", "651"):
            yield " -- ".join(plain(text) for code, text in subfields if code.isalpha() and plain(text))


def _keep_others(marc: MarcRecord, draft: FieldBuilder) -> None:
    draft.keep("001", [marc.control.get("001", "")])
    for number, tag in enumerate(("050", "082", "090", "084")):
        texts = [" ".join(text for code, text in subfields if code in "ab") for subfields in marc.all(tag)]
        draft.put_each("callnumber", texts, tag if number else "050")
    for tag, subfields in marc.fields:
        if tag not in _READ and tag not in _BOOKKEEPING and tag not in ("050", "082", "084", "090"):
            draft.keep(tag, [" ".join(text for _, text in subfields)])
