"""Hard pairs of single fields: how many of them the comparison of the field classifies correctly.

    python benchmarks/fields.py [--data ../shared/data/dedup/field_pairs.csv] [-v]

The table has one row per pair: field, test, provider, label (pos: same, neg: different), a, b. A pair is right if its
similarity is on the side of the field's threshold that the label demands. `contested` pairs are in the table twice with
different labels, so that one of the two is always wrong. With `-v` every wrong pair is printed with its row number and
similarity. Writes benchmarks/results/fields.json.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from refsync.text import similarity as rules

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "shared" / "data" / "dedup" / "field_pairs.csv"
FIELDS: dict[str, tuple[Callable[[str, str], float], float]] = {
    "title": (rules.title_similarity, rules.TITLE),
    "author": (rules.author_similarity, rules.AUTHORS),
    "journal": (rules.journal_similarity, rules.VENUE),
    "pages": (rules.page_similarity, rules.PAGES),
    "abstract": (rules.abstract_similarity, rules.ABSTRACT),
}


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """A row of the table and its similarity; `row` is its number among the records of the file, the header being 1."""

    row: int
    field: str
    same: bool
    a: str
    b: str
    similarity: float
    contested: bool

    @property
    def right(self) -> bool:
        return (self.similarity >= FIELDS[self.field][1]) == self.same


def compared_pairs(path: Path) -> list[ComparedPair]:
    """Every pair of the table, compared."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels: dict[tuple[str, frozenset[str]], set[str]] = {}
    for row in rows:
        labels.setdefault((row["field"], frozenset((row["a"], row["b"]))), set()).add(row["label"])
    return [
        ComparedPair(
            row=number,
            field=row["field"],
            same=row["label"] == "pos",
            a=row["a"],
            b=row["b"],
            similarity=FIELDS[row["field"]][0](row["a"], row["b"]),
            contested=len(labels[row["field"], frozenset((row["a"], row["b"]))]) > 1,
        )
        for number, row in enumerate(rows, 2)
        if row["field"] in FIELDS
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("-v", "--verbose", action="store_true", help="show the wrong pairs")
    args = parser.parse_args()
    if not args.data.exists():
        sys.exit(f"no table of labelled pairs at {args.data}")
    pairs = compared_pairs(args.data)
    summary = {}
    for field in dict.fromkeys(pair.field for pair in pairs):
        of_field = [pair for pair in pairs if pair.field == field]
        right = sum(pair.right for pair in of_field)
        agreed = [pair for pair in of_field if not pair.contested]
        summary[field] = {
            "pairs": len(of_field),
            "right": right,
            "uncontested": len(agreed),
            "uncontested_right": sum(pair.right for pair in agreed),
            "wrong_rows": [pair.row for pair in of_field if not pair.right],
        }
        print(
            f"{field:<10}{right:>4} of {len(of_field):>3} right; of the {len(agreed):>3} with one label, "
            f"{summary[field]['uncontested_right']}"
        )
        for pair in of_field if args.verbose else []:
            if not pair.right:
                label = ("same" if pair.same else "different") + (", contested" if pair.contested else "")
                print(f"  {pair.row:>4} {pair.similarity:.2f} ({label})")
                print(f"       {pair.a[:200]}\n       {pair.b[:200]}")
    target = HERE / "results" / "fields.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
