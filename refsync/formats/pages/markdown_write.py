"""Records as a Markdown list for people: authors, year, title with its link, venue."""

import re
from collections.abc import Sequence

from refsync.formats.common.text_record import TextRecord, to_text_record
from refsync.formats.pages.markdown_read_back import LIST_MARK
from refsync.records import Name, Record
from refsync.text.identifiers import arxiv, doi

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&!])")
_MAX_SHOWN = 6  # authors


def dump(records: Sequence[Record]) -> bytes:
    """A list item for each record. The title links to the DOI, else the arXiv page, else the URL, or is bold."""
    return f"{LIST_MARK}\n\n{''.join(f'- {_item(to_text_record(record))}{chr(10)}' for record in records)}".encode()


def _item(record: TextRecord) -> str:
    people = record.creators.get("author") or record.creators.get("editor") or ()
    title = _escaped(record.get("title") or record.id or "untitled")
    link = _link(record)
    volume = record.get("volume") + (
        f"({record.get('number')})" if record.get("volume") and record.get("number") else ""
    )
    venue = " ".join(filter(None, (_venue(record), volume)))
    parts = [
        _names(people),
        f"({_escaped(record.get('year'))})" if record.get("year") else "",
        f"[{title}](<{link}>)." if link else f"**{title}**.",
        f"*{_escaped(venue)}*." if venue else "",
    ]
    return " ".join(filter(None, parts))


def _venue(record: TextRecord) -> str:
    names = ("journal", "booktitle", "school", "institution", "publisher", "howpublished")
    return next((value for name in names if (value := record.get(name))), "")


def _link(record: TextRecord) -> str:
    if found := doi(record.get("doi")):
        return f"https://doi.org/{found}".replace("<", "%3C").replace(">", "%3E")
    if record.get("archiveprefix").lower() in ("", "arxiv") and (found := arxiv(record.get("eprint"), bare=True)):
        return f"https://arxiv.org/abs/{found}"
    url = record.get("url")
    return url if re.fullmatch(r"https?://[^\s<>]+", url) else ""


def _names(people: Sequence[Name]) -> str:
    shown = [_escaped(f"{person.given} {person.prefix}".strip() + f" {person.family}".rstrip()) for person in people]
    if len(shown) > _MAX_SHOWN:
        return f"{shown[0].strip()} et al."
    return ", ".join(name.strip() for name in shown)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
