"""CSL-YAML: CSL-JSON's items as YAML, which pandoc and Quarto read and Better BibTeX for Zotero writes.

Texts are pandoc's Markdown; dates are CSL's, EDTF, or mappings with `year`, `month` and `day`.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from refsync.errors import SourceError
from refsync.formats.json import csljson
from refsync.formats.json.csljson import record_of_item
from refsync.formats.registry import Format
from refsync.formats.yaml.csl_markdown import from_markdown, to_markdown
from refsync.formats.yaml.documents import YamlMapping, iter_mappings, read_yaml, yaml_start
from refsync.formats.yaml.dump import dump_yaml
from refsync.records import Problem, Record, Snapshot, repeated_ids

_DATES = frozenset("issued accessed original-date event-date submitted available-date".split())
_VERBATIM = frozenset("id type citation-key DOI URL ISBN ISSN PMID PMCID language custom".split()) | _DATES
_REFERENCES = re.compile(rb"(?:\A|\n)references:[ \t]*(?:#[^\n]*)?\n+\s*- ")
_ITEM = re.compile(rb"(?:\A|\n)[ \t]*-?[ \t]+(?:type|issued|container-title|DOI|accessed|title-short):")
_CSL_TYPE = re.compile(
    rb"\n?[ \t-]+type: ['\"]?(?:article|paper-conference|chapter|book|thesis|report|webpage|entry|post)"
)


def sniff(head: bytes) -> float:
    """High for a list `references:` or a bare list of mappings with variables of CSL."""
    start = yaml_start(head)
    if b"cff-version:" in start:
        return 0.0
    if _REFERENCES.search(start) and _ITEM.search(start):
        return 0.95
    if start.startswith((b"- ", b"-\n")) and _CSL_TYPE.search(start) and _ITEM.search(start):
        return 0.92
    return 0.0


def read(data: bytes | BinaryIO, source: str) -> Snapshot:
    """The items of a file: of `references:`, or of a list.

    Raises:
        SourceError: the file is not YAML, or has no item.
    """
    file = read_yaml(data, source)
    problems = file.problems
    records: list[Record] = []
    items: list[YamlMapping] = []
    for document in file.documents:
        if isinstance(document, YamlMapping):
            _report_others(document, source, problems)
    for values in file.values_of("references"):
        for item in iter_mappings(values if isinstance(values, list) else [values], source, problems):
            items.append(item)
            try:
                record = record_of_item(_json_item(item), source, len(records) + 1)
                cited = record.id_is_key or (not record.id.startswith("#") and "/" not in record.id)  # by documents
                records.append(replace(record, line=item.line, id_is_key=cited))
            except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
                message = f"an item that does not have the structure of CSL ({error!r:.100})"
                problems.append(Problem(source, message, item.line, fatal=True))
    file.report_end(source, items)
    if not records:
        raise SourceError(source, "no item of CSL in it", hint="is it another format? name it with --from")
    found = sorted(problems, key=lambda problem: problem.line)
    return Snapshot(source, "cslyaml", tuple(records), (*found, *repeated_ids(records)))


def _report_others(document: YamlMapping, source: str, problems: list[Problem]) -> None:
    others = [name for name in document if not name.startswith("references") and document[name]]
    if others:
        message = f"not references, and left out: {', '.join(others)[:100]}"
        problems.append(Problem(source, message, document.line, kind="note"))


def _json_item(item: YamlMapping) -> dict[str, Any]:
    """The item as CSL-JSON has it."""
    converted: dict[str, Any] = {"type": "document"}
    for name, value in item.items():
        if name in _DATES:
            converted[name] = _date(value)
        elif name in _VERBATIM:
            converted[name] = value
        else:
            converted[name] = _mapped(value, from_markdown)
    return converted


def _mapped(value: Any, convert: Callable[[str], str]) -> Any:
    """The value with each text converted."""
    if isinstance(value, str):
        return convert(value)
    if isinstance(value, list):
        return [_mapped(one, convert) for one in value]
    if isinstance(value, dict):
        return {name: _mapped(one, convert) for name, one in value.items()}
    return value


def _date(value: Any) -> Any:
    """A date as CSL-JSON's object: from a text, from a mapping of its parts, or from a list of such mappings."""
    if isinstance(value, str):
        return _text_date(value)
    if isinstance(value, dict) and not _is_parts(value):
        circa = value.get("circa", "")
        return {**value, "circa": circa.lower() not in ("", "false", "no", "0")} if "circa" in value else value
    dates = value if isinstance(value, list) else [value]
    if not all(isinstance(date, dict) and _is_parts(date) for date in dates):
        return {"literal": ", ".join(map(str, dates))}
    parts = [[date[name] for name in ("year", "month", "day") if date.get(name)] for date in dates]
    found: dict[str, Any] = {"date-parts": parts}
    for date in dates:
        found |= {name: date[name] for name in ("season", "circa", "other", "literal") if date.get(name)}
    return found


def _is_parts(value: dict[str, Any]) -> bool:
    return "year" in value and isinstance(value["year"], str)


def _text_date(text: str) -> dict[str, Any]:
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    return {"date-parts": [[int(part) for part in found.groups() if part]]} if found else {"raw": text}


def write(records: Sequence[Record]) -> bytes:
    """A CSL-YAML file of these records, in which every item has an id."""
    items: list[dict[str, Any]] = json.loads(csljson.write(records))
    references = [
        {name: value if name in _VERBATIM else _mapped(value, to_markdown) for name, value in item.items()}
        for item in items
    ]
    return dump_yaml({"references": references})


FORMAT = Format(name="cslyaml", suffixes=(".yaml", ".yml"), sniff=sniff, read=read, write=write)
