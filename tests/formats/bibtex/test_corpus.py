"""Hundreds of real .bib files: spans cover each, counts agree with BibTeX, and edits change only what they should.

A part of a fixed sample in each run, the rest in the sweep, and all files with REFSYNC_CORPUS=all;
`python -m tests.formats.bibtex.test_corpus [FOLDER]` prints the table that docs/bibtex.md shows, for any folder of
.bib files.
"""

import csv
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from refsync.errors import SourceError
from refsync.formats.bibtex import format as bibtex
from refsync.formats.bibtex.edit import (
    add_fields,
    apply_edits,
    check_untouched,
    delete_entry,
    entries,
    rename_key,
    set_fields,
)
from refsync.formats.bibtex.scan import Block, scan
from refsync.formats.common.decode import decode_file
from tests.paths import SHARED
from tests.sweeps import parts
from tests.time_bounds import seconds_at_most

CORPUS = SHARED / "data" / "bib"
WHOLE = os.environ.get("REFSYNC_CORPUS") == "all"
SAMPLE, MOST_EDITS = (None, 10) if WHOLE else (60, 2)
PARTS = 3
NO_ENTRY = ("string", "preamble", "comment", "")

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus of real .bib files is not there")


def table(part: int) -> list[dict[str, str]]:
    with (CORPUS / "corpus.tsv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return (rows if SAMPLE is None else random.Random(2).sample(rows, SAMPLE))[part::PARTS]


def tiled(text: str) -> list[Block]:
    blocks = list(scan(text))
    assert [block.start for block in blocks] == [0, *(block.end for block in blocks[:-1])]
    assert blocks[-1].end == len(text)
    return blocks


def explanation(text: str, blocks: Sequence[Block], counted: int) -> str:
    """Why BibTeX counts another number of entries than we find; `?` where nothing explains it."""
    found = [block for block in blocks if block.kind == "entry"]
    if len(found) == counted:
        return "equal"
    keys = [block.key.lower() for block in found if block.key]
    malformed = sum(block.kind == "malformed" and block.type.lower() not in NO_ENTRY for block in blocks)
    readable = len(set(keys)) + malformed  # BibTeX counts an entry before it fails, and one key once
    commented_out = len(re.findall(r"(?m)^[ \t]*%.*@\s*\w+\s*[{(]", text))
    if readable != counted and not 0 < counted - readable <= commented_out:
        return "?"
    reasons = {
        "keys used twice": len(set(keys)) < len(keys),
        "entries without key": len(keys) < len(found),
        "malformed entries": malformed > 0,
        "commented-out entries": readable != counted,
    }
    return ", ".join(name for name, holds in reasons.items() if holds)


@pytest.mark.parametrize("part", parts(PARTS))
def test_every_file_tiles_in_time_and_counts_as_bibtex_does(part: int) -> None:
    unexplained = []
    for row in table(part):
        data = (CORPUS / row["file"]).read_bytes()
        with seconds_at_most(2, row["file"]):
            text = decode_file(data, row["file"]).exact
            blocks = tiled(text)
        if explanation(text, blocks, int(row["bibtex"])) == "?":
            unexplained.append((row["file"], row["bibtex"]))
        # The other reference counts every entry that can be read; we accept a few more slips.
        found = sum(block.kind == "entry" for block in blocks)
        assert int(row["entries"]) <= found <= int(row["entries"]) + int(row["broken"]), row["file"]
    assert unexplained == []


@pytest.mark.parametrize("part", parts(PARTS))
def test_every_file_is_read_and_comes_back(part: int) -> None:
    for row in table(part):
        data = (CORPUS / row["file"]).read_bytes()
        decoded = decode_file(data, row["file"])
        assert decoded.encoding.encode(decoded.exact) == data
        with seconds_at_most(2, row["file"]):
            try:
                snapshot = bibtex.read(data, row["file"])
            except SourceError:
                assert row["entries"] == "0"
                continue
        assert len(snapshot.records) == len(entries(decoded.exact))
        for record in snapshot.records:
            "".join((record.id, record.type, *record.fields, *record.fields.values())).encode()
        assert all(problem.line and problem.column for problem in snapshot.problems)


@pytest.mark.parametrize("part", parts(PARTS))
def test_deleting_or_changing_any_entry_leaves_the_rest_unchanged(part: int) -> None:
    for row in table(part):
        text = decode_file((CORPUS / row["file"]).read_bytes(), row["file"]).exact
        found = entries(text)
        for block in random.Random(1).sample(found, min(MOST_EDITS, len(found))):
            edit = delete_entry(text, block)
            assert not (text[edit.start : block.start] + text[block.end : edit.end]).strip()
            check_untouched(text, apply_edits(text, [edit]), [block.start], ())
            name = block.fields[0].name if block.fields else "title"
            edits = [
                *add_fields(text, block, {"x-new": "N"}),
                *(set_fields(text, block, {name: "V"}) if block.fields else ()),
                rename_key(text, block, "new:key"),
            ]
            after = apply_edits(text, edits)
            check_untouched(text, after, (), [block.start])
            changed = entries(after)[found.index(block)]
            values = {
                field.name.lower(): after[field.value_start + 1 : field.value_end - 1] for field in changed.fields
            }
            assert changed.key == "new:key"
            assert values["x-new"] == "N"


def main(folder: Path) -> None:
    """Print the table of the corpus: kinds of blocks, encodings, counts."""
    counts: Counter[str] = Counter()
    reference = {}
    if (folder / "corpus.tsv").is_file():
        with (folder / "corpus.tsv").open(newline="", encoding="utf-8") as file:
            reference = {row["file"]: int(row["bibtex"]) for row in csv.DictReader(file, delimiter="\t")}
    slowest, started = 0.0, time.process_time()
    for path in sorted(folder.rglob("*.bib")):
        start = time.process_time()
        try:
            decoded = decode_file(path.read_bytes(), str(path))
        except SourceError as error:
            print(error)
            continue
        blocks = tiled(decoded.exact)
        slowest = max(slowest, time.process_time() - start)
        counts["files that tile"] += 1
        counts[f"  {decoded.encoding.name}{' with stray bytes' if decoded.encoding.mixed else ''}"] += 1
        counts.update(f"blocks: {block.kind}" for block in blocks)
        if (counted := reference.get(str(path.relative_to(folder)))) is not None:
            counts[f"count {explanation(decoded.exact, blocks, counted)}"] += 1
    for name in sorted(counts):
        print(f"{name:<60} {counts[name]:>8,}")
    print(f"{'seconds in all, slowest file':<60} {time.process_time() - started:>8.2f} {slowest:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else CORPUS)
