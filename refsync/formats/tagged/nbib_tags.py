"""The tags of PubMed (NLM, MEDLINE/PubMed Data Element Descriptions) and their BibTeX fields."""

import re

from refsync.formats.common.field_builder import FieldBuilder
from refsync.formats.common.field_values import group_name, join_keywords, join_names, medline_pages
from refsync.formats.common.unmapped import TYPE, split_unmapped
from refsync.text.identifiers import issns

GROUP = "\ue000"
"""Before the name of a group among `FAU`."""
SIMPLE_TAGS = {
    "TI": "title", "BTI": "booktitle", "CTI": "series", "TT": "translatedtitle", "JT": "journal", "TA": "shortjournal",
    "VI": "volume", "IP": "number", "AB": "abstract", "PMC": "pmcid", "PB": "publisher",
    "EN": "edition", "PMID": "pmid",
}  # fmt: skip
"""Tags that each have one field."""
CITATION_KEY = "citation-key"
"""The name under which a general note has the citation key."""
_IDENTIFIER = re.compile(r"(\S.*?)\s*\[(\w+)\]")
_KINDS = (
    ("dissertation", "phdthesis"), ("collected works - proceedings", "proceedings"),
    ("speeches/meeting papers", "inproceedings"), ("report", "techreport"),
)  # fmt: skip
_USUAL_TYPES = {"Journal Article"}


def fields_of(values: dict[str, list[str]]) -> tuple[str, str, dict[str, str]]:
    """Type, id (empty unless a general note has it) and fields of a record, given its values by tag."""
    draft = FieldBuilder("nbib")
    stated, values["GN"] = split_unmapped(values.pop("GN", ()))
    authors = values.pop("FAU", [])
    if all(name.startswith(GROUP) for name in authors):
        authors = [*values.pop("AU", ()), *authors]
    values.pop("AU", None)  # the same names with initials
    authors = [group_name(name.removeprefix(GROUP)) if name.startswith(GROUP) else name for name in authors]
    groups = [group_name(name) for name in values.pop("CN", ())]
    editors = values.pop("FED", None) or values.get("ED", [])
    values.pop("ED", None)
    draft.put("author", join_names([*authors, *groups]), "FAU")
    draft.put("editor", join_names(editors), "FED")
    for tag, name in SIMPLE_TAGS.items():
        draft.put_each(name, values.pop(tag, ()), tag)
    draft.put_all("pages", map(medline_pages, values.pop("PG", ())), "; ", "PG")
    if "title" not in draft.fields and "booktitle" in draft.fields:
        draft.rename({"booktitle": "title"})
    for value in values.pop("DP", ()):
        draft.put_date(value, "DP")
    for tag in ("LID", "AID"):
        for value in values.pop(tag, ()):
            found = _IDENTIFIER.fullmatch(value)
            if found and found[2] in ("doi", "pii"):
                draft.put(found[2], found[1], tag)
            else:
                draft.keep(tag, [value])
    numbers = [issn for value in values.pop("IS", ()) for issn in (issns(value) or (value,))]
    draft.put_all("issn", numbers, ", ", "IS")
    draft.put_all("isbn", values.pop("ISBN", ()), ", ", "ISBN")
    draft.put_all("language", values.pop("LA", ()), ", ", "LA")
    draft.put("keywords", join_keywords([*values.pop("OT", ()), *values.pop("MH", ())]), "OT")
    draft.put_all("affiliation", values.pop("AD", ()), "; ", "AD")
    types = values.get("PT", [])
    if "book" in " ".join(types).lower() and "journal" not in draft.fields:
        draft.put_each("address", values.pop("PL", ()), "PL")  # of a journal, the country
    if set(types) <= _USUAL_TYPES:
        values.pop("PT", None)
    for tag, kept in values.items():
        draft.keep(tag, kept)
    type_ = _type(types, draft.fields)
    fields = draft.build() | stated
    return fields.pop(TYPE, "") or type_, "", fields


def _type(types: list[str], fields: dict[str, str]) -> str:
    kinds = " ".join(types).lower()
    if "preprint" in kinds:
        fields.setdefault("entrysubtype", "preprint")
    if "journal" in fields:
        return "article"
    for word, type_ in _KINDS:  # of ERIC
        if word in kinds:
            return type_
    if "book" in kinds or "isbn" in fields:
        return "incollection" if "booktitle" in fields else "book"
    return "phdthesis" if "dissertation" in kinds else "article"
