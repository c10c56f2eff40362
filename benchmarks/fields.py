"""Hard pairs of single fields: how many the comparison of their field gets right.

    python benchmarks/fields.py [--data ../shared/data/dedup/field_pairs.csv] [-v]

The table has a row a pair: field, test, provider, label (pos: one thing, neg: two), a, b. A pair is right where the
similarity lies on the side of the field's threshold that the label says. `contested` are pairs that the table holds
twice with different labels: one of the two is wrong whatever is answered. With `-v` every wrong pair is shown with its
row number and similarity. Writes benchmarks/results/fields.json.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

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


class Answer(NamedTuple):
    """One row of the table and what was answered; `row` is its line, the header being 1 (of records, not of text)."""

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


def answers(path: Path) -> list[Answer]:
    """Every pair of the table, compared."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels: dict[tuple[str, frozenset[str]], set[str]] = {}
    for row in rows:
        labels.setdefault((row["field"], frozenset((row["a"], row["b"]))), set()).add(row["label"])
    return [
        Answer(
            number,
            row["field"],
            row["label"] == "pos",
            row["a"],
            row["b"],
            FIELDS[row["field"]][0](row["a"], row["b"]),
            len(labels[row["field"], frozenset((row["a"], row["b"]))]) > 1,
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
    found = answers(args.data)
    summary = {}
    for field in dict.fromkeys(answer.field for answer in found):
        of_field = [answer for answer in found if answer.field == field]
        right = sum(answer.right for answer in of_field)
        agreed = [answer for answer in of_field if not answer.contested]
        summary[field] = {
            "pairs": len(of_field),
            "right": right,
            "uncontested": len(agreed),
            "uncontested_right": sum(answer.right for answer in agreed),
            "wrong_rows": [answer.row for answer in of_field if not answer.right],
        }
        print(
            f"{field:<10}{right:>4} of {len(of_field):>3} right; of the {len(agreed):>3} labelled one way only, "
            f"{summary[field]['uncontested_right']}"
        )
        for answer in of_field if args.verbose else []:
            if not answer.right:
                label = ("same" if answer.same else "different") + (", contested" if answer.contested else "")
                print(f"  {answer.row:>4} {answer.similarity:.2f} ({label})")
                print(f"       {answer.a[:200]}\n       {answer.b[:200]}")
    target = HERE / "results" / "fields.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
