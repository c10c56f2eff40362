r"""What a document says about its bibliography: the files it names, and whether BibTeX or BibLaTeX processes them."""

import re
from dataclasses import dataclass
from typing import Literal

from refsync.records import keys_in

Processor = Literal["", "bibtex", "biblatex"]

_COMMENT = re.compile(r"(?<!\\)%[^\r\n]*")
_TEX_FILES = re.compile(
    r"\\(?:bibliography|nobibliography\*?|addbibresource|addglobalbib|addsectionbib)\s*(?:\[[^\]\r\n]{0,200}\]\s*)?"
    r"\{([^{}\\]{1,2000})\}"
)
_TEX_BIBLATEX = re.compile(
    r"\\addbibresource(?![A-Za-z])|\\printbibliography(?![A-Za-z])|"
    r"\\(?:usepackage|RequirePackage)\s*(?:\[[^\]]{0,2000}\]\s*)?\{[^{}]{0,500}\bbiblatex(?:-[a-z]+)?\b"
)
_TEX_BIBTEX = re.compile(r"\\(?:bibliographystyle|bibliography)\s*\{")
_YAML_FILES = re.compile(
    r"^bibliography:[ \t]*(?:\[([^\]]{1,2000})\]|([^\s\[#][^\r\n]{0,500})|"
    r"((?:\r?\n[ \t]*-[ \t]+[^\r\n]{1,500}){1,100}))",
    re.MULTILINE,
)
_YAML_METHOD = re.compile(r"^(?:[ \t]+)?cite-method:[ \t]*[\"']?(biblatex|natbib)\b", re.MULTILINE)
_TYPST_CALL = re.compile(r"#?\bbibliography\s*\(([^()]{0,500}(?:\([^()]{0,2000}\))?)")
_QUOTED = re.compile(r'"([^"\r\n]{1,500})"')
_RST_FILES = re.compile(r"^[ \t]*\.\.[ \t]+bibliography::[ \t]+([^\r\n]{1,500})", re.MULTILINE)
_ORG_FILES = re.compile(r"^[ \t]*#\+bibliography:[ \t]*([^\r\n]{1,500})|(?:^|\s)bibliography:(\S{1,500})", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The bibliography of a document.

    Attributes:
        files: the files it names, as written, in order; LaTeX leaves out the suffix `.bib`.
        processor: what it is processed by; empty where the document does not show it.
    """

    files: tuple[str, ...] = ()
    processor: Processor = ""


NO_BIBLIOGRAPHY = Bibliography()


def bibliography_of(text: str, syntax: str) -> Bibliography:
    r"""What a document says about its bibliography.

    >>> bibliography_of("\\addbibresource{refs.bib}", "tex")
    Bibliography(files=('refs.bib',), processor='biblatex')

    Args:
        text: the document.
        syntax: the name of its syntax, see `refsync.cites.scan`.
    """
    match syntax:
        case "tex":
            return _of_tex(_COMMENT.sub("", text))
        case "typst":
            found = [name for call in _TYPST_CALL.finditer(text) for name in _QUOTED.findall(call[1])]
            return Bibliography(tuple(name for name in found if name.lower().endswith(_SUFFIXES)))
        case "rst":
            return Bibliography(tuple(name for line in _RST_FILES.findall(text) for name in line.split()))
        case "org":
            names = [name for found in _ORG_FILES.findall(text) for name in keys_in(found[0].strip("\"' ") or found[1])]
            return _joined(Bibliography(tuple(names)), _of_tex(text))
    method = _YAML_METHOD.search(text)
    processor: Processor = "" if not method else "biblatex" if method[1] == "biblatex" else "bibtex"
    return _joined(Bibliography(tuple(_yaml_names(text)), processor), _of_tex(text))


_SUFFIXES = (".bib", ".yml", ".yaml")


def _of_tex(text: str) -> Bibliography:
    files = tuple(name for found in _TEX_FILES.findall(text) for name in keys_in(found))
    processor: Processor = "biblatex" if _TEX_BIBLATEX.search(text) else "bibtex" if _TEX_BIBTEX.search(text) else ""
    return Bibliography(files, processor)


def _joined(one: Bibliography, other: Bibliography) -> Bibliography:
    return Bibliography((*one.files, *other.files), one.processor or other.processor)


def _yaml_names(text: str) -> list[str]:
    """The files in the metadata of a Markdown document."""
    names: list[str] = []
    for in_brackets, single, lines in _YAML_FILES.findall(text):
        if lines:
            names += [line.strip().removeprefix("-") for line in lines.splitlines() if line.strip()]
        else:
            names += in_brackets.split(",") if in_brackets else [single]
    return [name for name in (name.strip().strip("\"'") for name in names) if name]
