"""The JSON results: stable shapes, each named by its `schema`. Pure functions from results to plain values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from refsync.dedup.results import Cluster, Deduplication, Link, Pair
from refsync.records import Problem, Record

if TYPE_CHECKING:  # `check` starts fast because it imports none of these
    from refsync.check.findings import Finding
    from refsync.cites import RewrittenDocument
    from refsync.classify.evaluate import Evaluation
    from refsync.classify.label_shift import LibraryShares
    from refsync.classify.model import Tagging
    from refsync.classify.own_areas import TrainingResult
    from refsync.classify.suggest_groups import Group
    from refsync.classify.topics import Topic
    from refsync.decisions.training_pairs import TrainingPairs
    from refsync.dedup.calibration import Calibration, Figures
    from refsync.dedup.explain import Explanation
    from refsync.dedup.merge import Choice
    from refsync.formatting.format_text import Formatted
    from refsync.planning.plan import Entry, Plan
    from refsync.planning.training_set import TrainingSet

Json = dict[str, Any]


def member(record: Record) -> Json:
    """How a record is named in every result."""
    return {"source": record.source, "index": record.index, "id": record.id}


def problem(item: Problem) -> Json:
    """A problem; line and column are 0 where there is none."""
    return {"source": item.source, "line": item.line, "column": item.column, "message": item.message}


def problems_and_notes(items: Iterable[Problem]) -> Json:
    """The problems, and apart from them how the columns of tables were understood, which is none."""
    listed = [*items]
    return {
        "problems": [problem(item) for item in listed if item.kind != "columns"],
        "notes": [problem(item) for item in listed if item.kind == "columns"],
    }


def evidence(pair: Pair, a: int, b: int) -> Json:
    """The evidence for and against one pair; `a` and `b` are positions in the `members` of its group."""
    fields = [
        {"field": item.field, "similarity": round(item.similarity, 4), "weight": round(item.weight, 4)}
        for item in pair.fields
    ]
    result: Json = {"a": a, "b": b, "probability": round(pair.probability, 4), "fields": fields}
    if pair.vetoes:
        result["vetoes"] = list(pair.vetoes)
    if pair.score is not None:
        result["score"] = pair.score
    return result


def _group(records: Sequence[Record], group: Cluster | Link) -> Json:
    position = {index: place for place, index in enumerate(group.members)}
    return {
        "members": [member(records[i]) for i in group.members],
        "probability": round(group.probability, 4),
        "evidence": [evidence(pair, position[pair.a], position[pair.b]) for pair in group.evidence],
    }


def dedupe(
    records: Sequence[Record],
    found: Deduplication,
    problems: Sequence[Problem],
    known: int = 0,
) -> Json:
    """`refsync.dedupe/1`. The first `known` records, of the library, are members of groups, but not counted."""
    from refsync.planning.databases import count_by_database

    removed = sum(len(cluster.members) - 1 for cluster in found.clusters)
    return {
        "schema": "refsync.dedupe/1",
        "records": len(records) - known,
        "unique": len(records) - known - removed,
        "databases": [asdict(counts) for counts in count_by_database(records, found.clusters, known)],
        "clusters": [{"verdict": "same", **_group(records, cluster)} for cluster in found.clusters],
        "versions": [{**_group(records, link), "relation": link.relation} for link in found.versions],
        "review": [_group(records, link) for link in found.review],
        **problems_and_notes(problems),
    }


def renamed(proposed: "Plan", rewritten: "Sequence[RewrittenDocument]") -> Json:
    """The citation keys that changed, each with its new key, and the citations of renamed keys in documents.

    A key that stood for several papers is called by its file: `refs.bib:doe2020`.
    """
    return {"renamed": proposed.key_map.everything, "cites": _cites(rewritten)}


def _cites(rewritten: "Sequence[RewrittenDocument]") -> list[Json]:
    """The citations of replaced keys."""
    return [
        {
            "source": item.source,
            "line": cite.line,
            "column": cite.column,
            "key": cite.key,
            "new": item.renamed[cite.key],
            "rewritten": cite not in item.not_rewritten,
        }
        for item in rewritten
        for cite in item.cites
    ]


def format_files(
    results: "Sequence[Formatted]",
    problems: Sequence[Problem],
    replaced: Mapping[str, str],
    rewritten: "Sequence[RewrittenDocument]",
) -> Json:
    """`refsync.format/1`: each file with its entries, how many of them change, and whether its text does."""
    return {
        "schema": "refsync.format/1",
        "files": [
            {
                "source": item.source,
                "entries": item.entries,
                "changed": item.changed,
                "formatted": item.before == item.after and not item.damage,
            }
            for item in results
        ],
        "renamed": dict(replaced),
        "cites": _cites(rewritten),
        **problems_and_notes(problems),
    }


def explain(explanation: "Explanation", a: Record, b: Record) -> Json:
    """`refsync.explain/1`: both sides as they are compared, the evidence, the vetoes and the verdict.

    An answer about the pair identifies the two records by their fingerprints.
    """
    from refsync.dedup.profile import fingerprint

    pair = evidence(explanation.pair, 0, 1)
    return {
        "schema": "refsync.explain/1",
        "members": [member(a), member(b)],
        "verdict": explanation.verdict,
        "relation": explanation.relation or None,
        "probability": pair["probability"],
        "why": explanation.why,
        "through": [member(record) for record in explanation.through],
        "vetoes": pair.get("vetoes", []),
        "fields": pair["fields"],
        "sides": {name: list(sides) for name, sides in explanation.sides.items()},
        "fingerprints": [fingerprint(a), fingerprint(b)],
    }


def tagging(result: "Tagging") -> Json:
    """The areas of one record."""
    return {
        "areas": [
            {"area": area.area, "probability": round(area.probability, 4), "applied": area.applied}
            | ({"level": area.level} if area.level != "area" else {})
            for area in result.areas
        ],
        "primary": result.primary,
        "abstained": result.abstained,
        "band": result.band,
        **({"subfield": result.subfield} if result.subfield else {}),
        "because": list(result.because),
    }


def tag(model: str, records: Sequence[Record], taggings: "Sequence[Tagging]") -> Json:
    """`refsync.tag/1`."""
    from refsync.dedup.profile import fingerprint

    rows = [
        {**member(record), "fingerprint": fingerprint(record), **tagging(result)}
        for record, result in zip(records, taggings, strict=True)
    ]
    return {"schema": "refsync.tag/1", "model": model, "records": rows}


def topics(records: Sequence[Record], found: "Sequence[Sequence[Topic]]") -> Json:
    """`refsync.topics/1`: the nearest topics of each paper."""
    rows = [
        {**member(record), "topics": [asdict(topic) for topic in of]} for record, of in zip(records, found, strict=True)
    ]
    return {"schema": "refsync.topics/1", "records": rows}


def area_shares(shares: "LibraryShares", distances: Mapping[str, float], output: str) -> Json:
    """`refsync.area-shares/1`: the shares of areas in a library, and how far they are from those of each model."""
    return {
        "schema": "refsync.area-shares/1",
        "papers": shares.papers,
        "models": {name: dict(of) for name, of in shares.models.items()},
        "distances": {name: round(value, 4) for name, value in distances.items()},
        "output": output,
    }


def train(found: "TrainingSet", trained: "TrainingResult", output: str | None) -> Json:
    """`refsync.train/1`: accuracy on held-out papers, figures of each label, labels left out, suspect ones."""
    return {
        "schema": "refsync.train/1",
        "papers": len(found.examples),
        "labelled": trained.weights.notes["papers"],
        "cross_validated": {
            "accuracy": round(trained.accuracy, 4),
            "top3": round(trained.top3, 4),
            "accuracy_titles": round(trained.titles, 4),
            "accuracy_commonest": round(trained.chance, 4),
        },
        "labels": [
            {
                "label": item.label,
                "papers": item.papers,
                "precision": round(item.precision, 4),
                "recall": round(item.recall, 4),
                "f1": round(item.f1, 4),
                "applied": not item.why,
                "why": item.why,
            }
            for item in trained.labels
        ],
        "left_out": [{"label": item.label, "papers": item.papers, "why": item.why} for item in found.choice.left_out],
        "similar": [list(group) for group in found.similar],
        "doubts": [
            {
                **member(found.records[item.example]),
                "fingerprint": found.fingerprints[item.example],
                "label": item.label,
                "probability": round(item.probability, 4),
                "rather": item.likelier,
                "rather_probability": round(item.likelier_probability, 4),
            }
            for item in trained.suspects
        ],
        "output": output,
    }


def evaluate(model: str, result: "Evaluation", left_out: Mapping[str, int]) -> Json:
    """`refsync.evaluate/1`: every figure, and how many papers were left out for which reason."""
    figures = asdict(result)
    return {"schema": "refsync.evaluate/1", "model": model, **_rounded(figures), "left_out": dict(left_out)}


def report(library: Json, model: Json | None, output: str | None) -> Json:
    """`refsync.report/1`: every number and list that the page shows."""
    return {"schema": "refsync.report/1", **_rounded(library), "model": _rounded(model), "output": output}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, tuple | list) else value


def learn(
    examples: "TrainingPairs",
    calibration: "Calibration",
    before: "Figures",
    after: "Figures",
    threshold: float,
    output: str | None,
) -> Json:
    """`refsync.learn/1`: the answers used, the calibration, and the figures on held-out answers before and after."""
    return {
        "schema": "refsync.learn/1",
        "model": calibration.model,
        "used": len(examples.same),
        "same": int(examples.same.sum()),
        "left_out": examples.left_out,
        "threshold": threshold,
        "before": _rounded(asdict(before)),
        "after": _rounded(asdict(after)),
        "knots": [list(knot) for knot in calibration.knots],
        "output": output,
    }


def areas(groups: "Sequence[Group]", records: Sequence[Record]) -> Json:
    """`refsync.areas/1`: proposed groups, the largest first, each with its papers, the most typical first."""
    return {
        "schema": "refsync.areas/1",
        "records": len(records),
        "groups": [
            {
                "name": group.name,
                "terms": list(group.terms),
                "cohesion": round(group.cohesion, 4),
                "papers": [member(records[i]) for i in group.papers],
            }
            for group in groups
        ],
    }


def run(plan: "Plan", output: str | None, ledger: str | None) -> Json:
    """`refsync.run/1`: the account of a run."""
    from refsync.planning.removed import database_counts

    return {
        "schema": "refsync.run/1",
        "records": plan.read,
        "unique": len(plan.entries),
        "merged": plan.merged,
        **({"present": len(plan.present)} if plan.known else {}),
        "databases": [asdict(counts) for counts in database_counts(plan)],
        "versions": len(plan.deduplication.versions),
        "review": len(plan.deduplication.review),
        "areas": plan.areas,
        **({"groups": dict(plan.groups)} if plan.groups else {}),
        **problems_and_notes(plan.problems),
        "output": output,
        "ledger": ledger,
    }


def convert(plan: "Plan", output: str, form: str, rewritten: "Sequence[RewrittenDocument]") -> Json:
    """`refsync.convert/1`."""
    return {
        "schema": "refsync.convert/1",
        "records": plan.read,
        **problems_and_notes(plan.problems),
        "output": output,
        "format": form,
        **renamed(plan, rewritten),
    }


def check(findings: "Sequence[Finding]") -> Json:
    """`refsync.check/1`."""
    rows = [
        {
            "code": item.code,
            "severity": item.rule.severity,
            "source": item.source,
            "line": item.line,
            "column": item.column,
            "key": item.key,
            "message": item.message,
            "fixable": item.fixable,
        }
        for item in findings
    ]
    return {"schema": "refsync.check/1", "findings": rows}


def plan(proposed: "Plan", inputs: Mapping[str, str], header: Mapping[str, Any] | None = None) -> Json:
    """`refsync.plan/1`: every proposal with its reasons, probability and state.

    Args:
        proposed: the plan.
        inputs: the SHA-256 of each source's bytes.
        header: what carrying it out needs besides (`planning.file.plan_header`).
    """
    records = proposed.records
    found = dedupe(proposed.records, proposed.deduplication, ())
    areas = [
        {
            "key": entry.record.id,
            "members": [member(records[i]) for i in entry.members],
            "state": "pending" if entry.tagging.abstained else "accepted",
            **tagging(entry.tagging),
        }
        for entry in proposed.entries
        if entry.tagging
    ]
    return {
        "schema": "refsync.plan/1",
        **(header or {}),
        "inputs": [{"source": source, "sha256": digest} for source, digest in inputs.items()],
        "merges": [{"state": "accepted", **cluster} for cluster in found["clusters"]],
        "versions": [{"state": "accepted", **link} for link in found["versions"]],
        "review": [{"state": "pending", **link} for link in found["review"]],
        "fields": [
            {
                "key": entry.record.id,
                "members": [member(records[i]) for i in entry.members],
                "state": "accepted" if name in entry.merged.chosen else "pending",
                "field": name,
                "values": values(entry, name),
                **({"take": _take(entry.merged.chosen[name])} if name in entry.merged.chosen else {}),
            }
            for entry in proposed.entries
            for name in (*entry.merged.asked, *entry.merged.chosen)
        ],
        "areas": areas,
        "renamed": proposed.key_map.everything,
        "apart": [[member(records[i]) for i in pair] for pair in proposed.cannot_link],
        "told_apart": [*proposed.deduplication.different],
    }


def values(entry: "Entry", name: str) -> list[Json]:
    """The values that the members of an entry have for a field, the chosen one first."""
    named = "type" if name == "entrytype" else name
    merged = entry.merged
    value = merged.record.type if named != name else merged.record.fields.get(name, "")
    source, index = merged.origin.get(named, (None, None))  # a person's own text comes from no record
    taken = {"source": source, "index": index, "value": value}
    others = [
        {"source": source, "index": index, "value": value}
        for field, value, source, index in merged.not_chosen
        if field == named
    ]
    return [taken, *others]


def _take(choice: "Choice") -> Json:
    """A person's choice for a field, as in a plan file."""
    if choice.of:
        return {"source": choice.of[0], "index": choice.of[1]}
    return {"union": True} if choice.union else {"text": choice.text, "markup": choice.markup}


def ledger(plan: "Plan") -> Iterator[Json]:
    """One line for every input record, in input order, and one for everything that could not be read.

    `became` is `kept` (this record's entry is in the output under `key`), `merged` (into the record named by `into`),
    `present` (the library that the inputs are compared with has it already) or `reported`. `differing` has the values
    of this record that its entry does not have.
    """
    entry_of = {index: entry for entry in plan.entries for index in entry.members}
    present = plan.present
    for index, record in enumerate(plan.records[plan.known :], plan.known):
        if index in present:
            library = plan.records[present[index]]
            line = {**member(record), "line": record.line, "title": record.get("title"), "key": library.id}
            yield {**line, "became": "present", "into": {"source": library.source, "index": library.index}}
            continue
        entry = entry_of[index]
        line = {**member(record), "line": record.line, "title": record.get("title"), "key": entry.record.id}
        if is_survivor(record, entry):
            line["became"] = "kept"
        else:
            line |= {"became": "merged", "into": {"source": entry.record.source, "index": entry.record.index}}
        here = (record.source, record.index)
        if differing := {name: value for name, value, *place in entry.merged.not_chosen if tuple(place) == here}:
            line["differing"] = differing
        yield line
    for item in plan.problems:
        yield {**problem(item), "became": "reported"}


def is_survivor(record: Record, entry: "Entry") -> bool:
    """Whether this member of an entry is the one that the others were merged into."""
    return (record.source, record.index) == (entry.record.source, entry.record.index)
