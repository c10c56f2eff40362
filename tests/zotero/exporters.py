"""What Zotero's BibTeX and BibLaTeX exporters and Better BibTeX write for items, as far as it matters to a sync."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from refsync.text.months import MONTHS
from refsync.zotero.items.dates import from_date
from refsync.zotero.items.extra import parse_extra
from refsync.zotero.items.schema import bundled_schema

Item = Mapping[str, Any]
Fields = dict[str, str]

_ESCAPES = str.maketrans({c: f"\\{c}" for c in "#$%&_"} | {"{": r"\{", "}": r"\}", "~": r"{\textasciitilde}"})
_TAGS = {"i": "textit", "b": "textbf", "sub": "textsubscript", "sup": "textsuperscript"}
_BIBTEX_TYPES = {
    "book": "book", "bookSection": "incollection", "journalArticle": "article", "magazineArticle": "article",
    "newspaperArticle": "article", "manuscript": "unpublished", "patent": "patent", "conferencePaper": "inproceedings",
    "report": "techreport", "thesis": "phdthesis",
}  # fmt: skip
_BIBLATEX_TYPES = _BIBTEX_TYPES | {
    "thesis": "thesis", "report": "report", "webpage": "online", "computerProgram": "software", "preprint": "online",
    "presentation": "unpublished", "film": "movie", "blogPost": "online", "encyclopediaArticle": "inreference",
    "dataset": "dataset",
}  # fmt: skip
_LANGUAGES = {"en": "english", "en-US": "american", "de": "german", "fr": "french"}


def escaped(text: str, *, protect: bool = False) -> str:
    text = text.translate(_ESCAPES)
    for tag, command in _TAGS.items():
        text = re.sub(rf"<{tag}>(.*?)</{tag}>", lambda match, c=command: f"\\{c}{{{match[1]}}}", text)
    text = re.sub(r"<span[^>]*>(.*?)</span>", r"{{\1}}", text)
    if protect:
        text = re.sub(r"(?<=\s)([^\W\d_]*[A-Z]\w*)", r"{\1}", text)
    return text


def base(item: Item, name: str) -> str:
    """A field by its general name."""
    return str(item.get(bundled_schema().types[item["itemType"]].field(name)) or "")


def people(item: Item, roles: Iterable[str]) -> str:
    found = [one for one in item.get("creators", ()) if one["creatorType"] in roles]
    return " and ".join(
        f"{{{one['name']}}}" if "name" in one else f"{one['lastName']}, {one['firstName']}" for one in found
    )


def creators(item: Item) -> Fields:
    primary = bundled_schema().types[item["itemType"]].creators[0]
    rest = {one["creatorType"] for one in item.get("creators", ())} - {primary, "editor", "seriesEditor", "translator"}
    return {
        "author": people(item, {primary}),
        "editor": people(item, {"editor", "seriesEditor"}),
        "translator": people(item, {"translator"}),
        "collaborator": people(item, rest),
    }


def parts_of_date(item: Item) -> tuple[str, str, str]:
    """Year, month and day as Zotero's parser finds them."""
    date = from_date(base(item, "date"))
    year, month, day = [*(date.get("date") or date.get("year", "")).split("/")[0].split("-"), "", "", ""][:3]
    return year if year.isdigit() else "", month if month < "13" else "", day


def dashes(pages: str) -> str:
    return re.sub(r"[-‒–—]+", "--", pages)


def attachments(item: Item) -> str:
    return ";".join(
        f"{one['title']}:files/7/{one['filename']}:{one['contentType']}" for one in item.get("attachments", ())
    )


def zotero_bibtex(item: Item) -> tuple[str, Fields]:
    kind, extra = item["itemType"], str(item.get("extra") or "")
    year, month, _ = parts_of_date(item)
    container = "booktitle" if kind in ("bookSection", "conferencePaper") else "journal"
    publisher = {"thesis": "school", "report": "institution"}.get(kind, "publisher")
    number = item.get("issue") or base(item, "number") or item.get("seriesNumber") or ""
    type_ = "mastersthesis" if "aster" in item.get("thesisType", "") else _BIBTEX_TYPES.get(kind, "misc")
    return type_, {
        "address": escaped(base(item, "place")),
        "edition": escaped(item.get("edition", "")),
        "type": escaped(base(item, "type")),
        "series": escaped(item.get("series", "")),
        "title": escaped(item["title"], protect=True),
        "volume": item.get("volume", ""),
        "copyright": escaped(item.get("rights", "")),
        "isbn": item.get("ISBN", ""),
        "issn": item.get("ISSN", ""),
        "shorttitle": escaped(item.get("shortTitle", ""), protect=True),
        "url": item.get("url", ""),
        "doi": item.get("DOI", ""),
        "abstract": escaped(item.get("abstractNote", "")),
        "language": item.get("language", ""),
        "number": escaped(number),
        "urldate": item.get("accessDate", "")[:10],
        container: escaped(base(item, "publicationTitle")),
        publisher: escaped(base(item, "publisher")),
        **creators(item),
        "year": year,
        "month": f"#{[*MONTHS][int(month) - 1]}" if month else "",
        "note": escaped(extra),
        "keywords": escaped(", ".join(tag["tag"] for tag in item.get("tags", ()))),
        "pages": dashes(item.get("pages", "")),
        "file": attachments(item),
    }


def zotero_biblatex(item: Item) -> tuple[str, Fields]:
    _, fields = zotero_bibtex(item)
    kind, extra = item["itemType"], str(item.get("extra") or "")
    year, month, day = parts_of_date(item)
    arxiv = re.search(r"^arXiv: ?(\S+)(?: \[(.*)\])?$", extra, re.MULTILINE)
    renamed = {"address": "location", "copyright": "rights", "journal": "journaltitle", "school": "institution"}
    fields = {
        renamed.get(name, name): value for name, value in fields.items() if name not in ("year", "month", "language")
    }
    if kind in ("webpage", "blogPost"):
        fields["titleaddon"] = fields.pop("journaltitle")
    return _BIBLATEX_TYPES.get(kind, "misc"), {
        **fields,
        "date": "-".join(filter(None, (year, month, day))),
        "langid": _LANGUAGES.get(item.get("language", ""), item.get("language", "")),
        "eventtitle": escaped(item.get("conferenceName", "")),
        "shortjournal": escaped(item.get("journalAbbreviation", "")),
        "pagetotal": item.get("numPages", ""),
        "number": item.get("archiveID", "") or fields["number"],
        "note": escaped(extra.replace(arxiv[0], "").strip() if arxiv else extra),
        **({"eprint": arxiv[1], "eprinttype": "arxiv", "eprintclass": arxiv[2] or ""} if arxiv else {}),
        "entrysubtype": {"magazineArticle": "magazine", "newspaperArticle": "newspaper"}.get(kind, ""),
    }


def better_bibtex(item: Item) -> tuple[str, Fields]:
    type_, fields = zotero_bibtex(item)
    extra = parse_extra(str(item.get("extra") or ""))
    archived = item.get("archiveID", "") or extra.labels.get("arXiv", "")
    number, _, section = archived.removeprefix("arXiv:").partition(" ")
    title = re.sub(r"(?<=\s)([a-z])(?=\w{3})", lambda match: match[1].upper(), item["title"])
    del fields["language"]
    return type_, {
        **fields,
        "title": escaped(title, protect=True),
        "note": escaped("\n".join([*([extra.text] if extra.text else []), *extra.others])),
        "langid": _LANGUAGES.get(item.get("language", ""), item.get("language", "")),
        "keywords": escaped(",".join(tag["tag"] for tag in item.get("tags", ()))),
        **({"eprint": number, "archiveprefix": "arXiv", "primaryclass": section.strip("[]")} if archived else {}),
        "pubstate": "prepublished" if item["itemType"] == "preprint" else "",
    }


EXPORTERS: dict[str, Callable[[Item], tuple[str, Fields]]] = {
    "BibTeX": zotero_bibtex,
    "BibLaTeX": zotero_biblatex,
    "Better BibTeX": better_bibtex,
}


def exported(items: Iterable[Item], exporter: str) -> str:
    """The .bib file that an exporter writes for items."""
    entries = []
    for number, item in enumerate(items):
        type_, fields = EXPORTERS[exporter](item)
        key = item.get("citationKey") or f"roe_{number}"
        lines = [
            f"\t{name} = {value[1:] if value.startswith('#') else f'{{{value}}}'}"
            for name, value in fields.items()
            if value
        ]
        entries.append(f"@{type_}{{{key},\n" + ",\n".join(lines) + ",\n}\n")
    return "\n".join(entries)
