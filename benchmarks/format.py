"""`refsync format` and bibtex-tidy on the same settings: `python benchmarks/format.py [FILE.bib|ENTRIES...]`.

Each file (an invented library of so many entries for a number) is formatted by both programs with several sets of
settings. The differences are listed by kind, with how many entries have each, and the time that each program took.
bibtex-tidy must be on the PATH (`npm install -g bibtex-tidy`); without it only refsync is measured.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.bibtex import bibtex_file, run_program
from refsync.errors import RefsyncError
from refsync.formats.bibtex.scan import Block, scan
from refsync.formats.common.decode import decode_file
from refsync.text.latex import latex_to_text
from refsync.text.whitespace import collapse_whitespace

REFSYNC = [sys.executable, "-c", "import sys; from refsync.cli import main; sys.exit(main(sys.argv[1:]))", "format"]
SETTINGS: dict[str, tuple[str, str]] = {
    "defaults": ("--preset bibtex-tidy", ""),
    "minimal": (
        "--preset minimal --tidy-comments --wrap 0 --page-ranges --drop-repeated-fields",
        "--trailing-commas --blank-lines --no-align --no-escape",
    ),
    "values": (
        "--preset bibtex-tidy --no-escape --characters keep --delimiters braces --numerals bare --months macros",
        "--no-escape --curly --numeric --months",
    ),
    "fields": (
        "--preset bibtex-tidy --sort-fields default --drop-empty-fields --drop-fields abstract,keywords "
        "--max-authors 3",
        "--sort-fields --remove-empty-fields --omit=abstract,keywords --max-authors=3",
    ),
    "order": ("--preset bibtex-tidy --sort key --blank-lines 1 --wrap 80", "--sort=key --blank-lines --wrap=80"),
}
"""Options of refsync and of bibtex-tidy that mean the same."""


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry of a formatted file: its text, and its fields as BibTeX reads them (the first of one name counts)."""

    text: str
    kind: str
    fields: dict[str, str]


def read_entries(text: str) -> dict[tuple[str, int], ReadEntry]:
    """The entries by key, and by which one of that key it is."""
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], ReadEntry] = {}
    for block in scan(text):
        if block.kind in ("entry", "malformed"):
            found[block.key, seen[block.key]] = ReadEntry(
                text[block.start : block.end],
                block.type.lower() if block.kind == "entry" else "damaged",
                fields_of(text, block),
            )
            seen[block.key] += 1
    return found


def fields_of(text: str, block: Block) -> dict[str, str]:
    fields: dict[str, str] = {}
    for field in block.fields:
        value = collapse_whitespace(text[field.value_start : field.value_end])
        plain = value if field.joined or value[:1] not in ("{", '"') else value[1:-1].strip()
        fields.setdefault(field.name.lower(), plain)
    return fields


def differences(before: str, ours: str, theirs: str) -> Counter[str]:
    """How many entries differ in each way; `before` decides which of the two changed what it should not."""
    old, a, b = read_entries(before), read_entries(ours), read_entries(theirs)
    kinds: Counter[str] = Counter()
    kinds["entries only refsync keeps"] = len(a.keys() - b.keys())
    kinds["entries only bibtex-tidy keeps"] = len(b.keys() - a.keys())
    for key in a.keys() & b.keys():
        kinds.update(set(entry_differences(a[key], b[key], old.get(key))))
    if [key for key in a if key in b] != [key for key in b if key in a]:
        kinds["order of the entries (file)"] = 1
    outside = [
        " ".join(
            w
            for block in scan(text)
            if block.kind in ("text", "comment")
            for w in text[block.start : block.end].split()
        )
        for text in (ours, theirs)
    ]
    kinds["text between entries (file)"] = outside[0] != outside[1]
    return +kinds


def entry_differences(ours: ReadEntry, theirs: ReadEntry, before: ReadEntry | None) -> Iterator[str]:
    if ours.text == theirs.text:
        return
    same = True
    if ours.kind != theirs.kind:
        same = False
        yield "an entry that one of them damages or types differently"
    for name in ours.fields.keys() | theirs.fields.keys():
        mine, other = ours.fields.get(name), theirs.fields.get(name)
        if mine == other:
            continue
        same = False
        if mine is None or other is None:
            yield f"field only {'bibtex-tidy' if mine is None else 'refsync'} keeps"
        elif name == "pages":
            yield "pages"
        elif latex_to_text(mine) == latex_to_text(other):
            yield "value: the same text in other LaTeX"
        elif before and latex_to_text(before.fields.get(name, "")) == latex_to_text(mine):
            yield "value: text that bibtex-tidy changes"
        else:
            yield "value: other text"
    if same and "%" in ours.text + theirs.text:
        yield "comment inside an entry, or `%`"
    elif same and "".join(ours.text.split()) == "".join(theirs.text.split()):
        yield "white space"
    elif same:
        yield "second fields, commas or delimiters"


def format_both(path: Path, name: str, tidy: str | None) -> None:
    ours, theirs = SETTINGS[name]
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / "refsync.bib", Path(folder) / "tidy.bib"]
        for copy in copies:
            shutil.copyfile(path, copy)
        before = decode_file(path.read_bytes(), path.name).exact
        used = run_program([*REFSYNC, str(copies[0]), *ours.split(), "--write", "-q"])
        print(f"\n## {path.name}, {name}\n\n- refsync: {used['cpu']} s CPU, {used['peak_mb']} MB")
        if not tidy:
            return
        peer = run_program([tidy, str(copies[1]), "--v2", "--modify", *theirs.split()])
        print(f"- bibtex-tidy: {peer['cpu']} s CPU, {peer['peak_mb']} MB")
        if copies[1].read_bytes() == path.read_bytes():
            print("- bibtex-tidy left the file as it is (it could not read it, or nothing was to be changed)")
            return
        texts = [decode_file(copy.read_bytes(), copy.name).exact for copy in copies]
        kinds = differences(before, *texts)
        for kind, count in sorted(kinds.items()):
            print(f"- {kind}: {count}")
        if not kinds:
            print("- no difference" if texts[0] == texts[1] else "- white space between entries only")


def main() -> None:
    tidy = shutil.which("bibtex-tidy")
    if not tidy:
        print("bibtex-tidy is not on the PATH: only refsync is measured")
    os.environ.setdefault("NODE_OPTIONS", "--max-old-space-size=6000")
    with tempfile.TemporaryDirectory() as folder:
        for given in sys.argv[1:] or ["1000"]:
            path = Path(given)
            if given.isdecimal():
                path = Path(folder) / f"invented-{given}.bib"
                path.write_text(bibtex_file(int(given)), encoding="utf-8")
            for name in SETTINGS:
                try:
                    format_both(path, name, tidy)
                except (RefsyncError, OSError, subprocess.SubprocessError) as error:
                    print(f"- {path}: {error}")


if __name__ == "__main__":
    main()
