"""Conflicts that git's own merge, `merge=union` and ours leave on the same generated histories, and what they damage.

    python benchmarks/merge_driver.py [--histories 200] [--json FILE]

A history is a library of 40 entries and two versions of it, each with one to six edits: a value set, a field added or
removed, an entry added, removed or moved. `damaged` counts merges without conflict whose result lacks an entry, has one
twice or cannot be read.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from refsync.formats.bibtex.scan import scan
from refsync.git.three_way import merge

WORDS = "kelp moss algae tide shell reef noise water patience colour sorting growth".split()
FIELDS = ("author", "year", "journal", "pages", "keywords", "note", "doi")
Library = list[tuple[str, dict[str, str]]]


def words(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 4)))


def entry(key: str, chance: random.Random) -> tuple[str, dict[str, str]]:
    return key, {"title": f"{key} {words(chance)}", **{name: words(chance) for name in chance.sample(FIELDS, 4)}}


def edited(library: Library, side: str, chance: random.Random) -> Library:
    result = [(key, dict(fields)) for key, fields in library]
    for number in range(chance.randint(1, 6)):
        at = chance.randrange(len(result))
        match chance.choice(("set", "set", "set", "add", "add", "remove", "move", "drop")):
            case "set":
                result[at][1][chance.choice(FIELDS)] = words(chance)
            case "drop" if len(result[at][1]) > 1:
                result[at][1].pop(chance.choice([name for name in result[at][1] if name != "title"]))
            case "add":  # most people append
                place = len(result) if chance.random() < 0.7 else at
                result.insert(place, entry(f"{side}{number}", chance))
            case "remove":
                del result[at]
            case "move":
                result.append(result.pop(at))
    return result


def text_of(library: Library) -> str:
    blocks = ("".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) for _, fields in library)
    return "\n".join(f"@article{{{key},\n{block}}}\n" for (key, _), block in zip(library, blocks, strict=True))


def with_git(base: str, ours: str, theirs: str, *options: str) -> tuple[str, int]:
    """The text that `git merge-file` makes, and its number of conflicts."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for path, text in zip(paths, (ours, base, theirs), strict=True):
            path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["git", "merge-file", "-p", *options, *paths], capture_output=True, text=True, check=False
        )
    return done.stdout, done.returncode


def is_damaged(text: str, base: Library, ours: Library, theirs: Library) -> bool:
    """Whether a merged text lacks an entry, has one twice or has something that is no entry."""
    before, one, other = ({key for key, _ in library} for library in (base, ours, theirs))
    expected = (one & other) | (one - before) | (other - before)
    blocks = [block for block in scan(text) if block.kind != "text"]
    names = [[field.name for field in block.fields] for block in blocks]
    keys = Counter(block.key for block in blocks)
    return (
        any(block.kind != "entry" or block.faults for block in blocks)
        or any(len({*fields}) < len(fields) for fields in names)
        or keys != Counter(dict.fromkeys(expected, 1))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=200)
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    rows: dict[str, Counter[str]] = {name: Counter() for name in ("git merge", "merge=union", "refsync")}
    for seed in range(options.histories):
        chance = random.Random(seed)
        base = [entry(f"k{number}", chance) for number in range(40)]
        ours, theirs = edited(base, "o", chance), edited(base, "t", chance)
        texts = [text_of(library) for library in (base, ours, theirs)]
        own = merge(*texts)
        results = {
            "git merge": with_git(*texts),
            "merge=union": with_git(*texts, "--union"),
            "refsync": (own.text, len(own.conflicts)),
        }
        for name, (text, conflicts) in results.items():
            rows[name]["histories with conflicts"] += bool(conflicts)
            rows[name]["conflicts"] += conflicts
            rows[name]["damaged"] += not conflicts and is_damaged(text, base, ours, theirs)
    columns = ("histories with conflicts", "conflicts", "damaged")
    print(f"{options.histories} histories".ljust(16) + "".join(column.rjust(28) for column in columns))
    for name, counts in rows.items():
        print(name.ljust(16) + "".join(f"{counts[column]:28,}" for column in columns))
    if options.json:
        Path(options.json).write_text(
            json.dumps({name: dict(counts) for name, counts in rows.items()}), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
