"""What the gate before arXiv's categories keeps out, and what it costs: `python benchmarks/area_gate.py`.

Data: `fields/validation.parquet` (papers and books of other sciences), `areas/validation.parquet` (arXiv papers of May
2026), and exports of databases of medicine in `dedup`, which nothing was fitted on. Each half of the papers is tagged
with a gate that is fitted on the other half. A category is wrong if papers of the paper's field do not have it
(`scripts.train_gate.may_have`). Prints tables and writes `benchmarks/results/area_gate.json`.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.areas import share
from refsync.classify.field_model import FieldModel, load_field_model
from refsync.classify.fields import DOMAINS, FIELDS
from refsync.classify.gate import GATED, Gate, group_of, is_computing
from refsync.classify.model import Model, Tagging, load_model
from refsync.classify.paper import Paper
from refsync.classify.settings import AreaSettings
from refsync.classify.tagger import ShippedTagger
from refsync.classify.taxonomy import NAMES
from scripts import train_gate

Figures = dict[str, float]
KINDS = ("abstracts", "titles")
WAYS = ("before", "arxiv", "auto")  # how papers are tagged: without a gate, with it, and with fields too
FAR = "far from computer science"  # papers of other sciences that should have no such category, and no such field
EXPORTS = ("cytology_screening", "haematology", "diabetes_asysd")
Case = tuple[str, list[Tagging]]
"""The field or the category of a paper, and its taggings in the three ways."""


def cross_tagged(fields: FieldModel, categories: Model, examples: train_gate.Examples) -> dict[str, list[Case]]:
    """All papers by kind, each tagged with a gate that was fitted on the other half."""
    cases: dict[str, list[Case]] = {kind: [] for kind in KINDS}
    for half in (0, 1):
        fields.gate = Gate.of({"gate": train_gate.fit_gate(fields, categories, examples.half(1 - half))})
        tested = examples.half(half)
        labels = [FIELDS[column] for column in tested.others.field] + [category for _, category in tested.own]
        papers = tested.others.papers + [paper for paper, _ in tested.own]
        taggers = (categories, ShippedTagger(fields, categories, "arxiv"), ShippedTagger(fields, categories))
        for number, kind in enumerate(KINDS):
            found = [tagger.tag(train_gate.as_kind(papers, number), AreaSettings()) for tagger in taggers]
            cases[kind] += [(label, list(three)) for label, *three in zip(labels, *found, strict=True)]
    return cases


def figures(cases: Sequence[Case]) -> dict[str, Figures]:
    """By group: share of papers of other sciences with a wrong tag, and of arXiv's papers that lose theirs."""
    others = [case for case in cases if case[0] in FIELDS]
    own = [case for case in cases if case[0] not in FIELDS and case[1][0].primary]

    def row(papers: Sequence[Case], wrong: Callable[[Tagging, str], bool], owned: Sequence[Case]) -> Figures:
        return {
            "papers": len(papers),
            **{name: share(wrong(found[way], field) for field, found in papers) for way, name in enumerate(WAYS)},
            "own": len(owned),
            **{f"lost {WAYS[way]}": share(not found[way].primary for _, found in owned) for way in (1, 2)},
        }

    far = [case for case in others if case[0] not in train_gate.NEAR]
    result = {FAR: row(far, lambda tagging, _: has_computing(tagging), [case for case in own if is_computing(case[0])])}
    for group in GATED:
        of_group = [case for case in own if group_of(case[0]) == group]
        result[group] = row(others, lambda tagging, field, group=group: is_wrong(tagging, field, group), of_group)
    return result


def is_wrong(tagging: Tagging, field: str, group: str) -> bool:
    """Whether a category of a group is applied that papers of a field do not have."""
    applied = [area.area for area in tagging.areas if area.applied and area.area in NAMES]
    return any(group_of(area) == group and not train_gate.may_have(field, area) for area in applied)


def has_computing(tagging: Tagging) -> bool:
    """Whether a category of computer science is applied, or that field."""
    return any(area.applied and (is_computing(area.area) or area.area == "Computer Science") for area in tagging.areas)


def on_export(fields: FieldModel, categories: Model, path: Path) -> dict[str, Figures]:
    """What records of medicine are tagged with: before, by the text alone, and with the journal."""
    with path.open(encoding="utf-8", newline="") as file:
        papers = [Paper(row["title"], row["abstract"], row["journal"]) for row in csv.DictReader(file)]
    plain = [paper._replace(venue="") for paper in papers]
    tagger = ShippedTagger(fields, categories)
    settings = AreaSettings()
    taggings = {
        "before": categories.tag(plain, settings),
        "text": tagger.tag(plain, settings),
        "journal too": tagger.tag(papers, settings),
    }
    return {
        name: {
            "records": len(found),
            "computing": share(map(has_computing, found)),
            "q-bio": share(bool(tagging.primary and tagging.primary.startswith("q-bio")) for tagging in found),
            "other categories": share(
                tagging.primary in NAMES and not has_computing(tagging) and not tagging.primary.startswith("q-bio")
                for tagging in found
            ),
            "Medicine": share(tagging.primary == "Medicine" for tagging in found),
            "a health or life science": share(
                DOMAINS.get(tagging.primary or "", tagging.primary) in ("Health Sciences", "Life Sciences")
                for tagging in found
            ),
        }
        for name, found in taggings.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="What the gate before arXiv's categories keeps out, and its cost.")
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="folder of `fields`, `areas` and `dedup`"
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/area_gate.json"))
    options = parser.parse_args()
    fields, categories = load_field_model(), load_model()
    result: dict[str, Any] = {
        name: on_export(fields, categories, options.data / "dedup" / name / "records.csv") for name in EXPORTS
    }
    cases = cross_tagged(fields, categories, train_gate.load_examples(options.data))
    result |= {kind: figures(cases[kind]) for kind in KINDS}
    for name, table in result.items():
        print(f"\n{name:34}" + "".join(f"{column:>26}" for column in next(iter(table.values()))))
        for label, row in table.items():
            print(f"{label:34}" + "".join(f"{value:26.4g}" for value in row.values()))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
