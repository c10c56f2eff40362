"""Zotero's Extra field: lines of `Name: value` for values that an item type has no field for, and free text.

The names are those that Zotero and Better BibTeX read: `Citation Key`, `DOI`, `PMID`, `arXiv`, ..., and `tex.NAME` for
BibTeX's own fields: `tex.name: text`, or `tex.name= LaTeX` for a value that text cannot represent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CITATION_KEY = "Citation Key"
IDENTIFIERS = ("DOI", "ISBN", "ISSN", "PMID", "PMCID", "arXiv")
"""Identifiers that get their own line if the item type has no field for them."""

_LABELS = {label.lower(): label for label in (CITATION_KEY, *IDENTIFIERS)}
_LABELLED = re.compile(r"\s*([A-Za-z][A-Za-z ]*?)\s*:\s*(.*?)\s*\Z")
_TEX = re.compile(r"\s*tex\.(?:([^\s=]+?)\s*(:(?=\s)|=)|([^\s:=]+)(:))\s*(.*?)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extra:
    """The parsed field; the first line with a name counts, later ones stay in `text`.

    Attributes:
        labels: `Citation Key` and identifiers.
        tex: BibTeX's fields as text.
        latex: BibTeX's fields in LaTeX.
        text: all other lines.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    tex: Mapping[str, str] = field(default_factory=dict)
    latex: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


def parse_extra(value: str) -> Extra:
    """Parse an Extra field. Nothing is lost: lines with other names are text."""
    labels: dict[str, str] = {}
    tex: dict[str, str] = {}
    latex: dict[str, str] = {}
    rest: list[str] = []
    for line in value.splitlines():
        if match := _TEX.match(line):
            name, target = (match[1] or match[3]).lower(), latex if match[2] == "=" else tex
            if match[5] and name not in tex and name not in latex:
                target[name] = match[5]
                continue
        elif (match := _LABELLED.match(line)) and match[2]:
            label = _LABELS.get(match[1].lower(), "")
            if label and label not in labels:
                labels[label] = match[2]
                continue
        rest.append(line)
    return Extra(labels, tex, latex, "\n".join(rest).strip())


def format_extra(extra: Extra) -> str:
    """The field as one text, with free text first unless one of its lines would be parsed as a named line."""
    lines = [f"{label}: {value}" for label, value in extra.labels.items()]
    lines += [f"tex.{name}: {value}" for name, value in sorted(extra.tex.items())]
    lines += [f"tex.{name}= {value}" for name, value in sorted(extra.latex.items())]
    if extra.text:
        lines.insert(0 if is_free_text(extra.text) else len(lines), extra.text)
    return "\n".join(lines)


def is_free_text(value: str) -> bool:
    """Whether a text can be written to Extra unchanged and is parsed as free text."""
    return bool(value.strip()) and parse_extra(value) == Extra(text=value.strip())


def add_lines(value: str, lines: Sequence[str]) -> str:
    """An Extra field with lines appended."""
    return "\n".join([value.rstrip(), *lines] if value.strip() else lines)
