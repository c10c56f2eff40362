"""Fields of which a merged record has the values of all members: what people wrote about a paper themselves."""

import re
from collections.abc import Sequence

from refsync.text.fold import fold
from refsync.text.lists import split_words

LISTS = frozenset({"keywords", "groups", "ids", "tags"})
"""Fields that hold a list of words or names."""

_ONE_VALUE = frozenset(
    "title subtitle titleaddon shorttitle author shortauthor translator commentator annotator introduction foreword "
    "afterword bookauthor holder authortype abstract language origlanguage langid hyphenation doi url urldate "
    "urlyear accessed accessdate lastaccessed lastchecked visited urlaccessdate eprint eprinttype eprintclass "
    "archiveprefix primaryclass pmid pmcid mrnumber mrclass zblnumber zbl lccn urn handle hal_id bibcode adsurl "
    "adsnote isrn iswc coden oclc key label shorthand sorttitle sortname sortkey sortyear sortshorthand presort "
    "indextitle indexsorttitle options gender execute xref related relatedtype relatedstring relatedoptions entryset "
    "verba copyright license timestamp owner creationdate modificationdate date-added date-modified added-at biburl "
    "bibsource interhash intrahash username priority ranking rating readstatus relevance qualityassured printed "
    "__markedentry citationcount citations pubmedid numpages impactfactor status nationality sdate edate uuid "
    "citation-key citationkey refid sourcetype document_type documenttype affiliation".split()
)
"""Known fields that hold one value: of several the policy of the field chooses."""

_TOOLS = re.compile(r"(?:citeulike|mendeley|zotero|jabref|refworks|endnote|scopus|wos|unique|bdsk-color)-")
_NUMBERED = re.compile(r"(bdsk-(?:file|url)-)\d+")


def is_united(name: str) -> bool:
    """Whether a field outside the publication block holds text of which all values stay: notes, unknown fields."""
    return name not in _ONE_VALUE and not _TOOLS.match(name)


def numbered(name: str) -> str:
    """What a numbered field of a reference manager begins with (`bdsk-file-`); empty for other fields."""
    found = _NUMBERED.fullmatch(name)
    return found[1] if found else ""


def united_list(values: Sequence[str]) -> str:
    """Every word once, in the order of the values; separated as in the first. The first stays if it has all."""
    found: dict[str, str] = {}
    first = 0
    for value in values:
        for word in split_words(value):
            found.setdefault(fold(word) or word, word)
        first = first or len(found)
    if len(found) == first:
        return values[0]
    return ("; " if ";" in values[0] else ", ").join(found.values())


def united_files(values: Sequence[str]) -> str:
    r"""The files of all values once: `DESCRIPTION:PATH:TYPE;...`, where `\;` is part of a name (JabRef, Zotero)."""
    files: dict[str, None] = {}
    first = 0
    for value in values:
        for one in re.split(r"(?<!\\);", value):
            if one.strip():
                files.setdefault(one.strip())
        first = first or len(files)
    return values[0] if len(files) == first else ";".join(files)


def united_texts(values: Sequence[str]) -> str:
    """The values one after the other, each once, and of a few none that another one contains."""
    folded: dict[str, str] = {}
    for value in values:
        folded.setdefault((fold(value) if len(value) <= _LONG else "") or " ".join(value.split()), value)
    if 1 < len(folded) <= _FEW:
        folded = {
            text: value for text, value in folded.items() if not any(text in other for other in folded if other != text)
        }
    return "; ".join(value.strip() for value in folded.values()) if len(folded) > 1 else next(iter(folded.values()))


_LONG = 1000  # characters; longer texts are compared as they are
_FEW = 50  # more take too long to compare with each other
