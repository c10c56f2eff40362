"""Recognises text that is certainly no page and no list of papers: tags of formats, data, program code."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_MAX_TEXT = 1 << 14  # characters that are looked at
_LINES = 300
_MAX_LINE = 400  # characters of a line that are looked at


@dataclass(frozen=True, slots=True)
class ForeignFormat:
    """What a text looks like, and the name of the nearest format that can be read (empty if none is near)."""

    looks_like: str
    nearest: str

    @property
    def message(self) -> str:
        """Why it is not read."""
        return f"not a format that refsync knows; it looks like {self.looks_like}"

    @property
    def hint(self) -> str:
        """What to do."""
        if not self.nearest:
            return "if it is another format, name it with --from"
        return f"the nearest known format is {self.nearest}: export it as that, or name the format with --from"


def _share(pattern: str, least: float, count: int = 3, distinct: int = 1) -> Callable[[list[str]], bool]:
    """Whether at least this share of the lines begin so, and at least so many, with so many different beginnings."""
    compiled = re.compile(pattern)

    def holds(lines: list[str]) -> bool:
        found = [match[0] for line in lines if (match := compiled.match(line))]
        return len(found) >= max(count, least * len(lines)) and len(set(found)) >= distinct

    return holds


_MARC_FIELD = re.compile(r"(?:LDR|LEADER|\d{3})\s")
_MARC_SUBFIELD = re.compile(r"(?:LDR|LEADER)\s|\d{3}\s+[\d_#\\ ]{0,4}\s*.{0,200}[$|‡ǂ]\s?[a-z0-9]")


def _is_marc(lines: list[str]) -> bool:
    fields = sum(_MARC_FIELD.match(line) is not None for line in lines)
    return fields * 5 >= 3 * len(lines) and sum(_MARC_SUBFIELD.match(line) is not None for line in lines) > 1


_KEY = re.compile(r"\s*(?:- )?[a-z_][\w-]{0,30}:(?:\s|$)")
_ITEM = re.compile(r"\s*- \S|---\s*$|\s{2,}\S|\.\.\.$|#")


def _is_yaml(lines: list[str]) -> bool:
    keys = sum(_KEY.match(line) is not None for line in lines)
    others = sum(_ITEM.match(line) is not None and not _KEY.match(line) for line in lines)
    return keys >= 2 and keys * 4 >= len(lines) and (keys + others) * 5 >= len(lines) * 4


_MAIL = re.compile(
    r"(?:From|To|Cc|Subject|Date|Reply-To|Message-ID|Received|MIME-Version|Content-Type): ", re.IGNORECASE
)


def _is_mail(lines: list[str]) -> bool:
    return len({found[0].lower() for line in lines[:30] if (found := _MAIL.match(line))}) > 2


_REFWORKS = (
    "RT|SR|A1|T1|JF|JO|YR|FD|VO|IS|SP|OP|K1|AB|NO|PB|PP|SN|UL|DO|LK|DB|DS|OL|LA|ID|A2|T2|AD|RD|ST|U[1-9]|CN|AN|CL|ED"
)
_CODE = (
    r"\s*(?:def \w+\(|import \w+|from [\w.]+ import |class \w+[:({]|#include|return\b.{0,80};?$"
    r"|(?:if|for|while) ?\(.*\{$"
    r"|(?:const|let|var|public|private|static|function|fn|use|package|namespace)\s.*[;{(]$|\}[;,)]*$|.{0,200}[;{]$"
    r"|else:|try:|(?:if|for|while|with|elif|except)\b.{1,150}:$|@\w+$|//|/\*)"
)
_TABLE = ForeignFormat("a table without a header of known columns", "csv")

# In this order: what is more specific is asked first.
_FORMATS: tuple[tuple[Callable[[list[str]], bool], ForeignFormat], ...] = (
    (_share(r"=(?:LDR|\d{3})  ", 0.5), ForeignFormat("MARC as MarcEdit writes it", "marctext")),
    (_is_marc, ForeignFormat("MARC fields", "marctext")),
    (_share(r"\d{5}[acdnp][a-z]..[a ]22\d{5}", 0.01, 1), ForeignFormat("binary MARC (ISO 2709)", "marc")),
    (_share(r"Template-Type:\s*ReDIF", 0.005, 1), ForeignFormat("RePEc's ReDIF", "redif")),
    (_share(r"\s*[A-Z][A-Z0-9]\s{1,2}-(?:\s|$)", 0.5), ForeignFormat("RIS without its type (`TY  - `)", "ris")),
    (
        _share(r"\s*[A-Z]{2,4}\s{0,2}-\s", 0.5, 3, 3),
        ForeignFormat("tags of PubMed or Ovid without a beginning", "nbib"),
    ),
    (_share(r"%[A-Z0-9+*@]\s", 0.4), ForeignFormat("tags of Refer, EndNote or ADS without a beginning", "enw")),
    (_share(rf"(?:{_REFWORKS}) (?=\S)", 0.5, 3, 3), ForeignFormat("RefWorks' tagged format", "refworks")),
    (_share(r"[A-Z][A-Z0-9] (?=\S)", 0.6, 5, 4), ForeignFormat("tags of Web of Science without a beginning", "wos")),
    (_share(r"[A-Z][A-Z0-9]{1,3}\s?: ", 0.5, 3, 3), ForeignFormat("tagged records", "ris")),
    (
        _share(r"\\(?:documentclass|usepackage|begin|end|bibitem|newcommand|section|item|newblock)\b", 0.15, 2),
        ForeignFormat("LaTeX", "bibtex"),
    ),
    (_is_yaml, ForeignFormat("YAML", "cslyaml")),
    (
        _share(r"[\w.\"-]{1,40}\s?=\s?\S|\[{1,2}[\w.\"-]{1,40}\]{1,2}$", 0.6),
        ForeignFormat("TOML or settings", "csljson"),
    ),
    (_share(r"[^\t]*\t[^\t]*\t", 0.8), _TABLE),
    (_share(r"(?:[^;]{0,80};){4}", 0.8), _TABLE),
    (_share(r"(?:\"[^\"]{0,200}\"(?:,|$)){2}", 0.8), _TABLE),
    (_share(r"This is (?:\w{0,10}TeX|Biber|BibTeX), ", 0.001, 1), ForeignFormat("a log", "")),
    (_is_mail, ForeignFormat("an e-mail", "")),
    (_share(r"(?:INSERT INTO|CREATE TABLE|SELECT .{1,100} FROM|DROP TABLE)\b", 0.2, 1), ForeignFormat("SQL", "csv")),
    (_share(r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\w{3} +\d{1,2} \d\d:\d\d:\d\d ", 0.5), ForeignFormat("a log", "")),
    (_share(_CODE, 0.4, 5), ForeignFormat("program code", "")),
)


def foreign_format(text: str) -> ForeignFormat | None:
    """The format that a text is in, if it is in none that pages and lists have.

    >>> foreign_format("RT Journal Article\\nA1 Roe, Ann\\nT1 Kelp in Noise\\nYR 2020\\n").nearest
    'refworks'
    """
    return _foreign_format(text[:_MAX_TEXT])


@lru_cache(maxsize=4)  # several formats ask about one file
def _foreign_format(text: str) -> ForeignFormat | None:
    lines = [line[:_MAX_LINE].rstrip() for line in text.splitlines() if line.strip()][:_LINES]
    if not lines:
        return None
    return next((form for holds, form in _FORMATS if holds(lines)), None)
