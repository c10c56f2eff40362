"""Compares the items that refsync makes of the import tests of Zotero's translators, field by field.

    python benchmarks/zotero_imports.py FOLDER [--examples 3]

FOLDER has files of the repository zotero/translators (`RIS.js`, `BibTeX.js`, `MODS.js`, ...), which are not part of
this project. A file's tests are the JSON between `BEGIN TEST CASES` and `END TEST CASES`; those of the type `import`
have an input and the items that Zotero makes of it. Each input is read in the format that refsync detects, and its
records are converted as `push` does. A field is one with a value in Zotero's item; what refsync has beyond that is not
counted.

Equal are: text, ignoring tags, entities, white space, kinds of dashes and quotation marks, case and a full stop at the
end; names with the same family name and the same first letters of given names, in the same role and in order within
it; dates with the same year, month and day in any form; sets of tags; pages with the end written in full or not; Extra
if each line is there. A value that refsync keeps in Extra or under another name counts as `elsewhere`. Writes
benchmarks/results/zotero_imports.json.
"""

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from html import unescape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.errors import SourceError
from refsync.formats.common.field_values import split_date
from refsync.formats.registry import detect
from refsync.text.dates import date_of, to_edtf
from refsync.zotero.items.mapping import to_item

RESULTS = Path(__file__).parent / "results" / "zotero_imports.json"
NOT_FIELDS = frozenset({"notes", "attachments", "seeAlso", "itemID", "id", "uri", "collections", "relations", "key"})
"""What belongs to an item without being one of its fields."""
_TESTS = re.compile(r"/\*\* BEGIN TEST CASES \*\*/\s*var testCases = (.*?);?\s*/\*\* END TEST CASES \*\*/", re.DOTALL)
_TAGS = re.compile(r"<[^<>]{1,200}>")
_DASHES = re.compile("[\u2010-\u2015\u2212-]+")
_QUOTES = str.maketrans(dict.fromkeys('“”„‘’´`"«»', "'"))
_DATES = frozenset({"date", "accessDate", "issueDate", "dateDecided", "dateEnacted", "filingDate"})
_RANGE = re.compile(r"(\d+)-(\d+)")


def import_tests(text: str) -> list[dict[str, Any]]:
    """The import tests of a translator's file."""
    found = _TESTS.search(text)
    tests = json.loads(found[1]) if found else []
    return [test for test in tests if test.get("type") == "import" and isinstance(test.get("items"), list)]


def comparable(name: str, value: Any) -> Any:
    """A value in a form in which equal ones are equal."""
    if name == "creators":
        return sorted(map(_person, value), key=lambda person: person[2])
    if name == "tags":
        return {_plain(tag["tag"] if isinstance(tag, dict) else str(tag)) for tag in value}
    if name in _DATES:
        return _date(str(value))
    text = _plain(str(value))
    if found := _RANGE.fullmatch(text):
        first, last = found.groups()
        return f"{first}-{first[: len(first) - len(last)]}{last}"
    return text


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", unescape(_TAGS.sub("", text))).translate(_QUOTES)
    return _DASHES.sub("-", " ".join(text.split())).casefold().rstrip(". ")


def _person(person: dict[str, Any]) -> tuple[str, str, str]:
    family = person.get("lastName") or person.get("name") or ""
    given = re.findall(r"[^\W\d_]+", person.get("firstName") or "")
    return _plain(family), "".join(word[0] for word in given).casefold(), person.get("creatorType", "author")


def _date(text: str) -> str:
    year, month, day, rest = split_date(text.partition(" 00:")[0])
    return _plain(text) if rest or not year else date_of(year, month, day) or to_edtf(text) or _plain(text)


def compare(expected: dict[str, Any], item: dict[str, Any]) -> dict[str, str]:
    """`equal`, `different`, `elsewhere` or `missing` for each field of Zotero's item."""
    results: dict[str, str] = {}
    others = {_plain(str(value)) for value in item.values()} | {_plain(item.get("extra", ""))}
    for name, value in expected.items():
        if name in NOT_FIELDS or value in ("", None, [], {}):
            continue
        wanted = comparable(name, value)
        if name == "extra":
            lines = {_plain(line) for line in str(value).splitlines()}
            results[name] = "equal" if lines <= set(map(_plain, item.get("extra", "").splitlines())) else "different"
        elif name in item and comparable(name, item[name]) == wanted:
            results[name] = "equal"
        elif isinstance(wanted, str) and any(wanted in other for other in others):
            results[name] = "elsewhere"
        else:
            results[name] = "different" if name in item else "missing"
    return results


def measure(path: Path) -> tuple[Counter[str], dict[str, Counter[str]], list[str]]:
    """The counts of a translator's tests, those of each field, and the differences."""
    counts: Counter[str] = Counter()
    fields: dict[str, Counter[str]] = defaultdict(Counter)
    shown: list[str] = []
    for test in import_tests(path.read_text(encoding="utf-8")):
        counts["tests"] += 1
        data = test["input"].encode()
        try:
            form = detect(data, "import")
            items = [to_item(record) for record in form.read(data, "import").records]
        except SourceError as error:
            counts["refused"] += 1
            shown.append(f"refused: {error}")
            items = []
        counts["items"] += len(test["items"])
        counts["read"] += len(items)
        for expected, item in zip(test["items"], items, strict=False):
            for name, result in compare(expected, item).items():
                counts[result] += 1
                fields[name][result] += 1
                if result != "equal":
                    shown.append(f"{result} {name}: {str(expected[name])[:90]!r}, not {str(item.get(name))[:90]!r}")
    return counts, fields, shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--examples", type=int, default=0, help="how many differences of each file to print")
    options = parser.parse_args()
    columns = ("tests", "refused", "items", "read", "equal", "elsewhere", "different", "missing")
    print(f"| translator | {' | '.join(columns)} | share equal |\n|{'---|' * (len(columns) + 2)}")
    total: Counter[str] = Counter()
    by_field: dict[str, Counter[str]] = defaultdict(Counter)
    results: dict[str, Any] = {}
    for path in sorted(options.folder.rglob("*.js")):
        counts, fields, shown = measure(path)
        if not counts["tests"]:
            continue
        total += counts
        for name, own in fields.items():
            by_field[name] += own
        results[path.stem] = dict(counts)
        print(_row(path.stem, counts, columns))
        print("".join(f"    {line}\n" for line in shown[: options.examples]), end="")
    print(_row("all", total, columns))
    RESULTS.parent.mkdir(exist_ok=True)
    fields_as_dict = {name: dict(own) for name, own in sorted(by_field.items())}
    RESULTS.write_text(json.dumps({"files": results, "fields": fields_as_dict}, indent=1) + "\n", encoding="utf-8")


def _row(name: str, counts: Counter[str], columns: tuple[str, ...]) -> str:
    compared = sum(counts[result] for result in ("equal", "elsewhere", "different", "missing"))
    share = f"{counts['equal'] / compared:.1%}" if compared else ""
    return f"| {name} | {' | '.join(str(counts[column]) for column in columns)} | {share} |"


if __name__ == "__main__":
    main()
