"""Compares the CSL-JSON that refsync makes of `.bib` files with pandoc's, field by field.

A field is one CSL variable of one entry that has a value in pandoc's; what refsync has beyond that is not counted.
Values are equal if they mean the same: `comparable` says what is ignored. A date that begins with pandoc's and says
more (pandoc leaves out months that are written as words) is `fuller`. `DERIVED` are the variables that pandoc does not
read in the file but makes up.
"""

import json
import random
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from refsync.formats.common.decode import decode_file

DERIVED = frozenset({"id", "title-short", "other-ids"})
"""The key, which pairs the entries, the short title that pandoc cuts out of a title with a subtitle, and `ids`, for
which it has a variable that the schema of CSL lacks."""
SEED = 11
SECONDS = 120  # for one file
LARGEST = 1_000_000  # bytes of a file
_BIBLATEX = re.compile(
    r"(?im)^\s*@(?:online|report|thesis|mvbook|collection|patent|software|dataset)\b"
    r"|^\s*,?\s*(?:date|journaltitle|location|eprinttype|subtitle|langid)\s*="
)
_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*", re.IGNORECASE)
_TAGS = re.compile(r"</?(?:span|i|b|sub|sup|sc)\b[^>]*>")
_DASHES = re.compile("[\u2010-\u2015\u2212-]+")
_QUOTES = str.maketrans(dict.fromkeys('“”„‘’´`"«»', "'") | {"…": "..."})


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not equal; `ours` is None where refsync does not write the variable."""

    variable: str
    file: str
    key: str
    type: str
    pandoc: Any
    ours: Any


@dataclass(slots=True)
class Comparison:
    """Counts of fields by variable, and the differences."""

    files: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    entries: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    fuller: int = 0

    def equal_share(self) -> float:
        """The share of fields that are equal or fuller."""
        total = self.fields.total()
        return 1 - len(self.differences) / total if total else 0.0

    def as_json(self) -> dict[str, Any]:
        """The counts, for tools."""
        lost = Counter(one.variable for one in self.differences if one.ours is None)
        other = Counter(one.variable for one in self.differences if one.ours is not None)
        return {
            "files": self.files,
            "skipped": self.skipped,
            "entries": self.entries,
            "fields": self.fields.total(),
            "different": other.total(),
            "missing": lost.total(),
            "fuller": self.fuller,
            "equal_share": round(self.equal_share(), 4),
            "variables": {
                name: {"fields": count, "different": other[name], "missing": lost[name]}
                for name, count in self.fields.most_common()
            },
        }


def comparable(variable: str, value: Any) -> Any:
    """A value without what does not change its meaning.

    Ignored: the resolver and case of a DOI, letter case (pandoc changes titles of BibTeX to sentence case, and macros
    that nothing defines to lower case), tags of styles, kinds of quotation marks, dashes and blanks, the order of
    keywords, `and` or `;` between publishers and places, whether a particle is dropped, and whether a name without
    given name is said to be a family name or literal. A type that pandoc leaves empty, which its processor takes for a
    document, is `document`.
    """
    if variable == "type":
        return value or "document"
    if isinstance(value, list):
        return [_comparable_name(one) if isinstance(one, dict) else _comparable_text(str(one)) for one in value]
    if isinstance(value, dict):
        parts = [[int(part) for part in date] for date in value.get("date-parts", [])]
        season = value.get("season")
        words = _comparable_text(str(value.get("literal") or value.get("raw") or ""))
        return (parts, str(season or ""), bool(value.get("circa")), words)
    text = str(value)
    if variable == "DOI":
        return _RESOLVER.sub("", text.strip()).casefold()
    if variable == "URL":
        return text.strip().removesuffix("/")
    if variable == "keyword":
        return sorted(_comparable_text(word) for word in re.split("[,;]", text))
    if variable.startswith(("publisher", "original-publisher")):
        text = re.sub(r"\s+and\s+", "; ", text)
    return _comparable_text(text)


def _comparable_name(name: dict[str, str]) -> str:
    particles = (name.get("dropping-particle"), name.get("non-dropping-particle"))
    family = " ".join(filter(None, (*particles, name.get("family") or name.get("literal"))))
    return _comparable_text("|".join((family, name.get("given", ""), name.get("suffix", ""))))


def _comparable_text(text: str) -> str:
    text = unicodedata.normalize("NFKC", _TAGS.sub("", unescape(text))).translate(_QUOTES)
    return "".join(_DASHES.sub("-", text).replace("''", "'").split()).casefold()


def chosen_files(folder: Path, count: int) -> list[Path]:
    """So many of the folder's `.bib` files, at random but the same each time; all of them if there are fewer."""
    files = sorted(path for path in folder.rglob("*.bib") if path.stat().st_size <= LARGEST)
    return sorted(random.Random(SEED).sample(files, min(count, len(files))))


def pandoc_items(path: Path) -> list[dict[str, Any]]:
    """What pandoc makes of a file.

    Raises:
        ValueError: it does not read the file.
    """
    text = decode_file(path.read_bytes(), path.name).text  # pandoc reads UTF-8 only
    dialect = "biblatex" if _BIBLATEX.search(text) else "bibtex"
    try:
        done = subprocess.run(
            ["pandoc", "-f", dialect, "-t", "csljson"],
            input=text.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"pandoc takes more than {SECONDS} s") from None
    if done.returncode:
        raise ValueError(" ".join(done.stderr.decode("utf-8", "replace").split()).casefold()[:200])
    items: list[dict[str, Any]] = json.loads(done.stdout)
    return items


def refsync_items(path: Path) -> list[dict[str, Any]]:
    """What `refsync convert` makes of a file."""
    command = [sys.executable, "-m", "refsync", "convert", str(path), "--to", "csljson", "--quiet"]
    done = subprocess.run(command, capture_output=True, check=False)
    items: list[dict[str, Any]] = json.loads(done.stdout or b"[]")
    return items


def compare_folder(folder: Path, count: int) -> Comparison:
    """Compare so many files of a folder."""
    result = Comparison()
    for path in chosen_files(folder, count):
        name = path.relative_to(folder).as_posix()
        try:
            items = pandoc_items(path)
        except ValueError as error:
            result.skipped[name] = str(error)
            continue
        result.files.append(name)
        compare_items(result, name, items, refsync_items(path))
    return result


def compare_items(result: Comparison, file: str, items: list[dict[str, Any]], ours: list[dict[str, Any]]) -> None:
    """Add the fields of the entries that both have once under one key."""
    repeated = Counter(str(item["id"]) for item in items)
    by_key = {str(item["id"]): item for item in ours}
    for item in items:
        key = str(item["id"])
        if repeated[key] > 1 or key not in by_key:
            continue
        result.entries += 1
        other = by_key[key]
        for variable in sorted(item.keys() - DERIVED):
            expected = comparable(variable, item[variable])
            if not expected or item[variable] in ({"date-parts": []}, {"date-parts": [[]]}):
                continue
            result.fields[variable] += 1
            value = other.get("event-title" if variable == "event" else variable)
            if value is not None and _says_more(value, item[variable]):
                result.fuller += 1
            elif value is None or expected != comparable(variable, value):
                difference = Difference(
                    variable=variable, file=file, key=key, type=item["type"], pandoc=item[variable], ours=value
                )
                result.differences.append(difference)


def _says_more(date: Any, other: Any) -> bool:
    """Whether a date is another one with a month or day."""
    if not isinstance(date, dict) or not isinstance(other, dict) or other.keys() != {"date-parts"}:
        return False
    parts, others = date.get("date-parts", []), other["date-parts"]
    if len(others) != 1 or not parts or parts[0][: len(others[0])] != others[0]:
        return False
    return parts != others or len(date) > 1


def print_comparison(folder: Path, count: int, *, examples: int = 0) -> None:
    """Print the table and the figures as JSON; a line where there is no pandoc."""
    if not shutil.which("pandoc"):
        print("pandoc is not installed: nothing to compare with")
        return
    result = compare_folder(folder, count)
    summary = result.as_json()
    print("| variable | fields | equal | different | missing |\n|---|---|---|---|---|")
    for name, counts in summary["variables"].items():
        equal = counts["fields"] - counts["different"] - counts["missing"]
        print(f"| `{name}` | {counts['fields']:,} | {equal:,} | {counts['different']:,} | {counts['missing']:,} |")
    shown: Counter[str] = Counter()
    for one in result.differences:
        shown[one.variable] += 1
        if shown[one.variable] <= examples:
            print(
                f"{one.variable} {one.file}:{one.key} ({one.type})\n  pandoc:  {one.pandoc!r}\n  refsync: {one.ours!r}"
            )
    print(json.dumps(summary))
