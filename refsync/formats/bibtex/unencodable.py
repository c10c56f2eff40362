"""LaTeX for characters that are added to a file but have no code in its encoding (such as Latin-1)."""

import re

from refsync.formats.bibtex.edit import Edit, apply_edits, check_untouched
from refsync.formats.bibtex.scan import scan
from refsync.formats.common.decode import Encoding
from refsync.text.latex import VERBATIM_FIELDS

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def escape_unencodable(text: str, encoding: Encoding) -> str:
    """The text with LaTeX for characters without a code in this encoding, in values that are text.

    They stay in keys, URLs and comments. Only added text can change: the encoding has codes for the file's own text.
    """
    try:
        encoding.encode(text)
    except UnicodeEncodeError:
        pass
    else:
        return text
    missing = {character for character in set(_BEYOND_ASCII.findall(text)) if not encoding.can_encode(character)}
    known = {character: latex for character in missing if (latex := _latex(character))}
    edits: list[Edit] = []
    changed: list[int] = []
    for block in scan(text):
        for field in block.fields if block.kind == "entry" else ():
            if field.name.lower() in VERBATIM_FIELDS:
                continue
            for at in range(field.value_start, field.value_end):
                if text[at] in known:
                    edits.append(Edit(at, at + 1, known[text[at]]))
                    changed.append(block.start)
    edited = apply_edits(text, edits)
    check_untouched(text, edited, (), set(changed))
    return edited


def _latex(character: str) -> str:
    """LaTeX in braces, so that it does not run into the text after it; empty if there is none."""
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    latex: str = UnicodeToLatexEncoder(unknown_char_policy="ignore", unknown_char_warning=False).unicode_to_latex(
        character
    )
    return f"{{{latex.strip('{}') if latex.count('{') == 1 and latex[:1] == '{' else latex}}}" if latex else ""
