"""The results as JSON values: `refsync.enrich/1`, and the rows of a plan with values to fill."""

from collections.abc import Mapping, Sequence
from typing import Any

from refsync.enrich.proposals import Enrichment
from refsync.planning.file import SCHEMA
from refsync.records import Problem, Record
from refsync.schemas import member, problem

Json = dict[str, Any]


def planned_fills(records: Sequence[Record], found: Enrichment) -> list[Json]:
    """The `fills` of a plan: one row per value, with its source, probability and state."""
    return [
        {
            "state": fill.state,
            **member(records[fill.record]),
            "field": fill.field,
            "value": fill.value,
            "markup": "text",
            "from": fill.service,
            "identifier": fill.identifier,
            "url": fill.url,
            "by": fill.by,
            "probability": round(fill.probability, 4),
            "why": fill.why,
        }
        for fill in found.fills
    ]


def planned_versions(records: Sequence[Record], found: Enrichment) -> list[Json]:
    """The `related` of a plan: other versions of our works. `ours`: which of the two the relation describes."""
    return [
        {
            **member(records[item.record]),
            "relation": item.relation,
            "ours": "first" if item.ours_first else "second",
            "from": item.service,
            "identifier": item.identifier,
            "url": item.url,
            "by": item.by,
            "title": item.title,
            "venue": item.venue,
            "year": item.year,
            "probability": round(item.probability, 4),
            "why": item.why,
        }
        for item in found.related
    ]


def as_json(records: Sequence[Record], found: Enrichment, problems: Sequence[Problem], plan: str | None) -> Json:
    """`refsync.enrich/1`."""
    return {
        "schema": "refsync.enrich/1",
        "records": len(records),
        "sought": found.looked_up,
        "found": found.known,
        "fills": planned_fills(records, found),
        "related": planned_versions(records, found),
        "differing": [
            {
                **member(records[item.record]),
                "field": item.field,
                "ours": item.ours,
                "theirs": item.theirs,
                "from": item.service,
                "identifier": item.identifier,
            }
            for item in found.differing
        ],
        "notes": [{**member(records[index]), "message": message} for index, message in found.notes],
        "failures": [
            {"from": item.service, "lookups": item.lookups, "message": item.message} for item in found.failures
        ],
        "requests": found.requests,
        "cached": found.cached,
        "left_out": found.not_cached,
        "problems": [problem(item) for item in problems],
        "plan": plan,
    }


def as_plan(records: Sequence[Record], found: Enrichment, inputs: Mapping[str, str], header: Mapping[str, Any]) -> Json:
    """`refsync.plan/1` with only values to fill.

    Args:
        records: the library.
        found: the results for it.
        inputs: the SHA-256 of each source's bytes.
        header: what applying the plan needs (`refsync.planning.file.plan_header`).
    """
    empty: dict[str, list[Json]] = {name: [] for name in ("merges", "versions", "review", "fields", "areas", "apart")}
    return {
        "schema": SCHEMA,
        **header,
        "inputs": [{"source": source, "sha256": digest} for source, digest in inputs.items()],
        **empty,
        "renamed": {},
        "fills": planned_fills(records, found),
        "related": planned_versions(records, found),
    }
