"""The files of an item in the field `file`, and its notes and annotations as Markdown. Pure."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

Data = Mapping[str, Any]

_STORED = ("imported_file", "imported_url")
_INLINE = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_HEADINGS = {f"h{level}": "#" * (level + 2) for level in range(1, 5)}
_BLOCKS = frozenset({"p", "div", "li", "blockquote", "pre", "tr", *_HEADINGS})


def children_by_item(items: Iterable[Data]) -> dict[str, list[Data]]:
    """The notes, attachments and annotations outside the trash, by the key of what they belong to."""
    children: dict[str, list[Data]] = {}
    for item in items:
        if item.get("parentItem") and not item.get("deleted"):
            children.setdefault(item["parentItem"], []).append(item)
    return children


def file_field(children: Sequence[Data], folder: str) -> str:
    """The field `file` as JabRef and Better BibTeX read it (`title:path:type;...`); empty without files.

    A file whose name would break a .bib file is left out.

    Args:
        children: the notes and attachments of an item.
        folder: Zotero's data directory, in which stored files are.
    """
    files = []
    for child in children:
        mode, name = child.get("linkMode", ""), str(child.get("filename") or "")
        if mode in _STORED and name:
            path = f"{folder.rstrip('/')}/storage/{child['key']}/{name}"
        elif mode == "linked_file" and child.get("path"):
            path = str(child["path"]).removeprefix("attachments:")  # below the base directory of linked files
        else:
            continue
        parts = (str(child.get("title") or ""), path, str(child.get("contentType") or ""))
        if not any(character in "{}\n" for part in parts for character in part):
            files.append(":".join(re.sub(r"([\\:;])", r"\\\1", part) for part in parts))
    return ";".join(files)


def markdown_of(title: str, key: str, children: Mapping[str, Sequence[Data]]) -> str:
    """The notes of an item and the annotations of its files as Markdown; empty if there are none.

    Args:
        title: its title.
        key: its key.
        children: by the key of what they belong to.
    """
    parts: list[str] = []
    for child in children.get(key, ()):
        if child["itemType"] == "note":
            parts.append(note_markdown(str(child["note"])))
        marks = [one for one in children.get(child["key"], ()) if one["itemType"] == "annotation"]
        found = [mark for one in sorted(marks, key=_place) if (mark := _annotation(one))]
        if found:
            parts += [f"## {_escaped(str(child.get('title') or child.get('filename') or 'File'))}", *found]
    kept = [part for part in parts if part.strip()]
    return "\n\n".join([f"# {_escaped(title)}", *kept]) + "\n" if kept else ""


def note_markdown(note: str) -> str:
    """A note in HTML as Markdown.

    >>> note_markdown("<h1>On kelp</h1><p>Read <b>twice</b>.</p><ul><li>R&amp;D</li></ul>")
    '### On kelp\\n\\nRead **twice**.\\n\\n- R&amp;D'
    """
    parser = _Note()
    parser.feed(note)
    parser.close()
    return "\n\n".join(block for text in parser.blocks if (block := text.strip()))


def _annotation(mark: Data) -> str:
    text, comment = (_escaped(str(mark.get(name) or "")) for name in ("annotationText", "annotationComment"))
    page = str(mark.get("annotationPageLabel") or "")
    quoted = "\n".join(f"> {line}" for line in text.splitlines()) + (f" (p. {page})" if page and text else "")
    own = comment if text or not page or not comment else f"{comment} (p. {page})"
    return "\n\n".join(part for part in (quoted.strip(), own.strip()) if part)


def _place(mark: Data) -> str:
    return str(mark.get("annotationSortIndex") or "")


def _escaped(text: str) -> str:
    """A text that Markdown does not read as HTML."""
    return html.escape(text, quote=False)


class _Note(HTMLParser):
    """Collects a note's blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = [""]
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            prefix = "- " if tag == "li" else "> " if tag == "blockquote" else ""
            self.blocks.append(f"{_HEADINGS[tag]} " if tag in _HEADINGS else prefix)
        elif tag == "br":
            self.blocks[-1] += "  \n"
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            self._links.append(address if re.match(r"(?:https?|zotero)://[^\s()<>]+\Z", address) else "")
            self.blocks[-1] += "[" if self._links[-1] else ""
        self.blocks[-1] += _INLINE.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        self.blocks[-1] += _INLINE.get(tag, "")
        if tag == "a" and self._links and (address := self._links.pop()):
            self.blocks[-1] += f"]({address})"
        if tag in _BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        self.blocks[-1] += re.sub(r"\s+", " ", _escaped(data))
