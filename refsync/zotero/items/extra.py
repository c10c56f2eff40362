"""Zotero's Extra field: lines of `Label: value` for values that an item type has no field for, and free text.

The names are those that Zotero and Better BibTeX read: `Citation Key`, `DOI`, `PMID`, `arXiv`, ..., and `tex.NAME` for
BibTeX's own fields: `tex.name: text`, or `tex.name= LaTeX` for a value that text cannot represent. Lines with other
labels (`Original Date: 1850`, `status: in press`) are for Zotero's citation styles: they are no free text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

CITATION_KEY = "Citation Key"
IDENTIFIERS = ("DOI", "ISBN", "ISSN", "PMID", "PMCID", "arXiv")
"""Identifiers that get their own line if the item type has no field for them."""

_LABELS = {label.lower(): label for label in (CITATION_KEY, *IDENTIFIERS)}
_LABELLED_KNOWN = re.compile(rf"\s*(?:{'|'.join(_LABELS)})\s*:", re.IGNORECASE)
_LABELLED = re.compile(r"\s*([A-Za-z][A-Za-z ]*?)\s*:\s*(.*?)\s*\Z")
_OTHER_LABEL = re.compile(r"\s*(?:[^\W\d_][\w-]*(?: [\w-]+){0,3}:\s+\S|\{:)")
_TEX = re.compile(r"\s*tex\.(?:([^\s=]+?)\s*(:(?=\s)|=)|([^\s:=]+)(:))\s*(.*?)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extra:
    """The parsed field; the first line with a name counts, later ones are in `others`.

    Attributes:
        labels: `Citation Key` and identifiers.
        tex: BibTeX's fields as text.
        latex: BibTeX's fields in LaTeX.
        text: the free text.
        others: the lines with other labels.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    tex: Mapping[str, str] = field(default_factory=dict)
    latex: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    others: tuple[str, ...] = ()


def parse_extra(value: str) -> Extra:
    """Parse an Extra field. Nothing is lost."""
    labels: dict[str, str] = {}
    tex: dict[str, str] = {}
    latex: dict[str, str] = {}
    rest: list[str] = []
    others: list[str] = []
    for line in value.splitlines():
        if match := _TEX.match(line):
            name, target = (match[1] or match[3]).lower(), latex if match[2] == "=" else tex
            if match[5] and name not in tex and name not in latex:
                target[name] = match[5]
            else:
                others.append(line)
            continue
        if (match := _LABELLED.match(line)) and match[2]:
            label = _LABELS.get(match[1].lower(), "")
            if label and label not in labels:
                labels[label] = match[2]
                continue
        (others if _OTHER_LABEL.match(line) or _LABELLED_KNOWN.match(line) else rest).append(line)
    return Extra(labels=labels, tex=tex, latex=latex, text="\n".join(rest).strip(), others=tuple(others))


def format_extra(extra: Extra) -> str:
    """The field as one text, with free text first unless one of its lines would be parsed as a named line."""
    lines = [f"{label}: {value}" for label, value in extra.labels.items()]
    lines += [f"tex.{name}: {value}" for name, value in sorted(extra.tex.items())]
    lines += [f"tex.{name}= {value}" for name, value in sorted(extra.latex.items())]
    lines += extra.others
    if extra.text:
        lines.insert(0 if is_free_text(extra.text) else len(lines), extra.text)
    return "\n".join(lines)


def is_free_text(value: str) -> bool:
    """Whether a text can be written to Extra unchanged and is parsed as free text."""
    return bool(value.strip()) and parse_extra(value) == Extra(text=value.strip())


def add_lines(value: str, lines: Sequence[str]) -> str:
    """An Extra field with lines appended."""
    return "\n".join([value.rstrip(), *lines] if value.strip() else lines)
