"""Train the pair model on labelled sets and write refsync/dedup/pair_model.json.

    python scripts/train_pairs.py [--data ../shared/data/dedup] [--loso]

Every candidate pair of every set is an example. Fields are masked at random in copies of each pair, so that the model
learns the value of incomplete records; features are 0 where a field is missing. Sets are weighted by the square root of
their size. A weight is dropped if its sign would make agreement count against a pair, or conflict for it.
"""

import argparse
import csv
import json
import sys
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from refsync.dedup.blocking import candidate_pairs
from refsync.dedup.comparison_vectors import FEATURES, FIELDS, ComparisonVectors, PairComparer
from refsync.dedup.inheritance import with_inherited
from refsync.dedup.pair_facts import pair_facts
from refsync.dedup.pair_model import PairModel
from refsync.dedup.profile import Profile, profile
from refsync.dedup.versions import relation
from refsync.dedup.vetoes import applying_vetoes
from refsync.records import Record
from refsync.sources import read_sources
from scripts.noise import corrupted_copies

TARGET = Path(__file__).parents[1] / "refsync" / "dedup" / "pair_model.json"
DATA = Path(__file__).parents[1] / ".." / "shared" / "data" / "dedup"
CONFLICTS = ("differ", "off by one", "generic")  # words in the names of features that count against a pair
MASK_RATES = {  # how often a field is missing in a copy of a pair
    "abstract": 0.5, "doi": 0.6, "identifier": 0.3, "pages": 0.35, "volume": 0.35, "number": 0.5, "venue": 0.35,
    "author": 0.2, "year": 0.25, "publisher": 0.5, "isbn": 0.5, "type": 0.3, "title": 0.02,
}  # fmt: skip
COPIES = 4  # of each pair, with masked fields
CORRUPTED_COPIES = 2  # of each set
CORRUPTED_WEIGHT = 0.3  # of pairs in these copies
VETOED_WEIGHT = 0.1  # of pairs that a veto decides anyway


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled set: records, and its true clusters as indices."""

    name: str
    records: list[Record]
    clusters: list[list[int]]

    @property
    def pairs(self) -> set[tuple[int, int]]:
        return {(min(p), max(p)) for cluster in self.clusters for p in combinations(cluster, 2)}


def read_set(folder: Path) -> Labelled:
    csv.field_size_limit(sys.maxsize)
    with (folder / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    records = [
        Record(
            source=folder.name,
            index=i,
            id=row["id"],
            type=row["entrytype"] or "misc",
            fields={name: value for name, value in row.items() if value and name not in {"id", "entrytype"}},
        )
        for i, row in enumerate(rows, 1)
    ]
    index = {record.id: i for i, record in enumerate(records)}
    lines = (folder / "clusters.csv").read_text(encoding="utf-8").split()
    return Labelled(folder.name, records, [[index[i] for i in line.split(";")] for line in lines if line != "ids"])


def read_sets(data: Path) -> list[Labelled]:
    return [read_set(path.parent) for path in sorted(data.glob("*/clusters.csv"))]


@dataclass(frozen=True, slots=True)
class Examples:
    """Feature rows, and whether each is a true pair; the first `plain` rows are pairs of uncorrupted records."""

    features: NDArray[np.float64]
    labels: NDArray[np.bool_]
    weights: NDArray[np.float64]
    vetoed: NDArray[np.bool_]
    plain: int


def examples(labelled: Labelled, *, copies: int = CORRUPTED_COPIES) -> Examples:
    """The candidate pairs of a set, then those of corrupted copies of the set."""
    parts = [_examples(labelled, labelled.records)]
    parts += [
        _examples(labelled, corrupted_copies(labelled.records, seed), weight=CORRUPTED_WEIGHT)
        for seed in range(1, copies + 1)
    ]
    return Examples(
        features=np.concatenate([part.features for part in parts]),
        labels=np.concatenate([part.labels for part in parts]),
        weights=np.concatenate([part.weights for part in parts]),
        vetoed=np.concatenate([part.vetoed for part in parts]),
        plain=len(parts[0].labels),
    )


def _examples(labelled: Labelled, records: list[Record], *, weight: float = 1.0) -> Examples:
    profiles = [profile(record) for record in records]
    pairs = candidate_pairs(profiles)
    true = labelled.pairs
    labels = np.array([pair in true for pair in map(tuple, pairs.tolist())], np.bool_)
    compared = PairComparer(profiles).compare(pairs[:, 0], pairs[:, 1])
    # a veto decides about columns and front matter: they are distinguished by other things than papers
    rows = np.flatnonzero(~compared.generic)
    vetoed = _vetoed(profiles, pairs, compared, rows.tolist())
    return Examples(
        features=compared.features[rows],
        labels=labels[rows],
        weights=weight * np.where(vetoed, VETOED_WEIGHT, 1.0),
        vetoed=vetoed,
        plain=len(rows),
    )


def _vetoed(
    profiles: list[Profile], pairs: NDArray[np.int64], compared: ComparisonVectors, rows: list[int]
) -> NDArray[np.bool_]:
    """Whether a rule decides the pairs in these rows: a veto, or the relation of versions."""
    found = []
    for row in rows:
        a, b = (profiles[i] for i in pairs[row].tolist())
        facts = pair_facts(compared, row, a, b)
        found.append(bool(applying_vetoes(a, b, facts) or relation(a, b, facts)[0]))
    return np.array(found, np.bool_)


def read_hand_kept(folder: Path) -> list[Examples]:
    """Labelled pairs of hand-kept libraries, one set of examples a library; pairs of versions are left out."""
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] in ("same", "different")]
    found = []
    for name in sorted({row["library"] for row in rows}):
        records = with_inherited(read_sources([str(folder / "libraries" / f"{name}.bib")]).records)
        index = {record.id: i for i, record in reversed([*enumerate(records)])}
        own = [row for row in rows if row["library"] == name and row["key_a"] in index and row["key_b"] in index]
        if not own:
            continue
        profiles = [profile(record) for record in records]
        pairs = np.array([sorted((index[row["key_a"]], index[row["key_b"]])) for row in own], np.int64)
        compared = PairComparer(profiles).compare(pairs[:, 0], pairs[:, 1])
        labels = np.array([row["label"] == "same" for row in own], np.bool_)
        vetoed = _vetoed(profiles, pairs, compared, [*range(len(pairs))])
        found.append(
            Examples(
                features=compared.features,
                labels=labels,
                weights=np.where(vetoed, VETOED_WEIGHT, 1.0),
                vetoed=vetoed,
                plain=len(labels),
            )
        )
    return found


def joined(parts: list[Examples]) -> Examples:
    """Several sets of examples as one."""
    return Examples(
        features=np.concatenate([part.features for part in parts]),
        labels=np.concatenate([part.labels for part in parts]),
        weights=np.concatenate([part.weights for part in parts]),
        vetoed=np.concatenate([part.vetoed for part in parts]),
        plain=sum(part.plain for part in parts),
    )


def masked(source: Examples, rng: np.random.Generator) -> Examples:
    """The examples, and `COPIES` copies of them with masked fields."""
    owner = np.array([FIELDS.index(field) for _, field in FEATURES])
    features, labels, weights = [source.features], [source.labels], [source.weights]
    for _ in range(COPIES):
        mask = rng.random((len(source.labels), len(FIELDS))) < np.array([MASK_RATES[field] for field in FIELDS])
        features.append(np.where(mask[:, owner], 0.0, source.features))
        labels.append(source.labels)
        weights.append(source.weights)
    vetoed = np.concatenate([source.vetoed] * (COPIES + 1))
    return Examples(
        features=np.concatenate(features),
        labels=np.concatenate(labels),
        weights=np.concatenate(weights),
        vetoed=vetoed,
        plain=len(source.labels),
    )


def fit(sets: list[Examples], *, strength: float = 1.0) -> PairModel:
    """The fitted model; the weight with the most wrong sign is dropped until no sign is wrong."""
    rng = np.random.default_rng(20260101)
    augmented = [masked(source, rng) for source in sets if len(source.labels) > 100]
    features = np.concatenate([source.features for source in augmented])
    labels = np.concatenate([source.labels for source in augmented])
    weights = np.concatenate([s.weights * len(s.labels) ** -0.5 for s in augmented])
    weights *= len(weights) / weights.sum() / (COPIES + 1)
    sign = np.array([-1.0 if any(word in name for word in CONFLICTS) else 1.0 for name, _ in FEATURES])
    use = np.ones(len(FEATURES), np.bool_)
    while True:
        model = LogisticRegression(C=strength, max_iter=2000).fit(features[:, use], labels, sample_weight=weights)
        signed = model.coef_[0] * sign[use]
        if signed.min() >= 0:
            break
        use[np.flatnonzero(use)[signed.argmin()]] = False
    names = [name for (name, _), used in zip(FEATURES, use, strict=True) if used]
    values = dict(zip(names, np.round(model.coef_[0], 3).tolist(), strict=True))
    # not learnable from the sets: they have no PubMed or arXiv numbers, and entry types only in one set, where
    # these are unusually clean
    values["identifier equal"] = max(values.get("doi equal", 0.0), 2.0)
    values["identifier differs"] = min(values.get("doi differs", 0.0), -1.5)
    values["type differs"] = max(values.get("type differs", 0.0), -1.0)
    return PairModel(round(float(model.intercept_[0]), 3), values)


def calibration(probability: NDArray[np.float64], labels: NDArray[np.bool_]) -> list[tuple[str, int, float, float]]:
    """For each bin of probabilities: its bounds, number of pairs, mean probability, share of true pairs."""
    edges = [0.0, 0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 1.0001]
    rows = []
    for low, high in pairwise(edges):
        here = (probability >= low) & (probability < high)
        if here.any():
            mean, share = float(probability[here].mean()), float(labels[here].mean())
            rows.append((f"{low:g}-{min(high, 1):g}", int(here.sum()), mean, share))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--hand-kept", type=Path, default=DATA.parent / "wild" / "dev", help="libraries of people")
    parser.add_argument("--loso", action="store_true", help="only print the calibration of models of all but one set")
    args = parser.parse_args()
    sets = read_sets(args.data)
    data = [examples(labelled) for labelled in sets]
    if args.hand_kept.is_dir():
        data.append(joined(read_hand_kept(args.hand_kept)))
    if args.loso:
        models = [fit([d for j, d in enumerate(data) if j != i]) for i in range(len(data))]
        held_out = [model.probabilities(d.features) for model, d in zip(models, data, strict=True)]
        for labelled, source, p in zip(sets, data, held_out, strict=True):
            labels = source.labels[: source.plain]
            wrong = int((labels != (p[: source.plain] >= 0.5)).sum())
            print(f"{labelled.name:<20} pairs {source.plain:>6}  true {int(labels.sum()):>5}  wrong at 0.5: {wrong}")
        for title, kind in (("uncorrupted", True), ("corrupted copies", False)):
            parts = [
                (p[here], d.labels[here])
                for p, d in zip(held_out, data, strict=True)
                for here in [~d.vetoed & ((np.arange(len(p)) < d.plain) == kind)]
            ]
            print(f"\n{title}, without vetoed pairs\nprobability   pairs   mean  true share")
            for bounds, count, mean, share in calibration(*map(np.concatenate, zip(*parts, strict=True))):
                print(f"{bounds:<12} {count:>6} {mean:>6.3f} {share:>11.3f}")
        return
    model = fit(data)
    TARGET.write_text(
        json.dumps({"intercept": model.intercept, "weights": dict(model.weights)}, indent=1) + "\n", encoding="utf-8"
    )
    print(f"{TARGET.name}: intercept {model.intercept}")
    for name, _ in FEATURES:
        print(f"  {name:<24}{model.weights.get(name, 0.0):>8.2f}")


if __name__ == "__main__":
    main()
