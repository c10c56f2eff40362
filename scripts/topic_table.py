"""Make the table of OpenAlex's topics: `python scripts/topic_table.py --data ../shared/data/fields/topics.csv`."""

import argparse
import csv
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.classify import linear
from refsync.classify.embedding import load_embedding
from refsync.classify.fields import FIELDS
from refsync.classify.topics import Topics, directions, points_of, write
from scripts import train_fields


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Make the table of OpenAlex's topics.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fields/topics.csv"))
    parser.add_argument("--out", type=Path, default=Path("refsync/classify/topics-2026.npz"))
    options = parser.parse_args(arguments)
    with options.data.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    embedding = load_embedding()
    head = [(row["topic_name"], row["keywords"].replace(";", " ")) for row in rows]
    summaries = [("", row["summary"]) for row in rows]
    named, described = points_of(head, embedding)[0], points_of(summaries, embedding)[0]
    both = named / np.maximum(np.linalg.norm(named, axis=1, keepdims=True), 1e-9) + 0.5 * described / np.maximum(
        np.linalg.norm(described, axis=1, keepdims=True), 1e-9
    )
    fields = np.array([FIELDS.index(row["field_name"]) for row in rows])
    vectors = directions(both.astype(np.float32), both.mean(axis=0).astype(np.float32))
    # No papers with topics are at hand; their fields are: the slope is that for which the topics' fields fit them best.
    papers = train_fields.load(options.data.with_name("validation.parquet"))[np.arange(0, 11_000, 4)]
    points, readable = points_of(papers.papers, embedding)
    center = points[readable].mean(axis=0)
    cosines = (directions(points[readable], center) @ vectors.T).astype(np.float64)
    member = np.eye(len(FIELDS))[fields]

    def loss(slope: float) -> float:
        of_fields = linear.softmax(slope * cosines) @ member
        return -float(np.log(of_fields[np.arange(len(cosines)), papers.field[readable]] + 1e-6).mean())

    slope = float(minimize_scalar(loss, bounds=(1, 60), method="bounded").x)
    topics = Topics(
        names=tuple(row["topic_name"] for row in rows),
        fields=fields,
        vectors=vectors,
        mean=center.astype(np.float32),
        slope=slope,
    )
    data = write(topics)
    options.out.write_bytes(data)
    right = float((fields[cosines.argmax(axis=1)] == papers.field[readable]).mean())
    print(f"{len(rows)} topics, {len(data) / 1e6:.2f} MB; slope {slope:.1f}; first of the right field: {right:.3f}")


if __name__ == "__main__":
    main()
