"""UNIMARC (IFLA, national libraries of France, Italy, Portugal, ...), whose fields are given MARC 21's numbers."""

from collections.abc import Iterator
from dataclasses import replace

from refsync.formats.marc.marc_fields import MarcRecord, Subfields

# UNIMARC's field: MARC 21's, and its subfields' codes, each followed by MARC 21's.
_FIELDS = {
    "010": ("020", "aa"), "011": ("022", "aa"), "017": ("024", "aa22"), "101": ("041", "aa"),
    "200": ("245", "aaebfchnip"), "205": ("250", "aa"), "210": ("260", "aacbdc"), "214": ("264", "aacbdc"),
    "215": ("300", "aa"), "225": ("490", "aavv"), "300": ("500", "aa"), "328": ("502", "aabbcced"),
    "330": ("520", "aa"), "461": ("773", "ttvgxx"), "463": ("773", "ttvgxx"), "606": ("650", "aaxxyyzz"),
    "607": ("651", "aaxxyyzz"), "610": ("653", "aa"), "856": ("856", "uu"),
}  # fmt: skip
_PEOPLE = {"700": "100", "701": "700", "702": "700"}
_BODIES = {"710": "110", "711": "710", "712": "710"}
# IFLA's codes of roles (UNIMARC Manual, appendix C).
_ROLES = {
    "070": "aut",
    "340": "edt",
    "650": "pbl",
    "651": "edt",
    "730": "trl",
    "440": "ill",
    "080": "aui",
    "727": "ths",
}
# Fields that describe the record itself, or code what other fields say.
_BOOKKEEPING = frozenset("005 020 035 100 102 105 106 110 181 182 183 801 830".split())
_SORTED_FROM = str.maketrans("", "", "\x88\x89\x98\x9c")  # marks around an article that is not sorted


def is_unimarc(record: MarcRecord) -> bool:
    """Whether a record is in UNIMARC: it has its field of titles and not that of MARC 21."""
    return bool(record.first("200", "a")) and not any(True for _ in record.all("245"))


def to_marc21(record: MarcRecord) -> MarcRecord:
    """The record with the fields of MARC 21; a field without one keeps its number, marked as UNIMARC's."""
    fields = [changed for tag, subfields in record.fields for changed in _changed(tag, subfields)]
    return replace(record, fields=fields)


def _changed(tag: str, subfields: Subfields) -> Iterator[tuple[str, Subfields]]:
    if tag in _BOOKKEEPING:
        return
    subfields = [(code, text.translate(_SORTED_FROM)) for code, text in subfields]
    role = [("4", _ROLES.get(text, text)) for code, text in subfields if code == "4"]
    parts = dict(reversed(subfields))  # of a repeated one the first
    if tag in _FIELDS:
        to, codes = _FIELDS[tag]
        code_of = dict(zip(codes[::2], codes[1::2], strict=True))
        yield to, [(code_of[code], text) for code, text in subfields if code in code_of]
        if left := [(code, text) for code, text in subfields if code not in code_of and code.isalpha()]:
            yield f"unimarc-{tag}", left
    elif tag in _PEOPLE and "a" in parts:
        family, given = parts["a"].strip(" ,"), parts.get("b", "").strip(" ,")
        yield _PEOPLE[tag], [("a", f"{family}, {given}" if given else family), *role]
    elif tag in _BODIES and "a" in parts:
        yield _BODIES[tag], [*((code, text) for code, text in subfields if code in "ab"), *role]
    else:
        yield f"unimarc-{tag}", subfields
