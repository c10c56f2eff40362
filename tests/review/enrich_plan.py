"""A plan of `refsync enrich` with proposed values in every state, and sessions over it."""

import json
from pathlib import Path
from typing import Any

from refsync.config import DEFAULTS, as_table
from refsync.dedup.results import Deduplication
from refsync.enrich.proposals import Enrichment, Fill
from refsync.enrich.serialize import as_plan
from refsync.planning.file import PlanFile, PlanOptions, load, plan_header
from refsync.review.plan_states import PlanStates
from refsync.review.proposed_values import ProposedValues, RecordProposals
from refsync.review.queue import Library
from refsync.review.session import Session
from refsync.sources import read_sources

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>"\x1b[31m'
BIB = """% ours
@article{sure, title = {Kelp forests in the noise of tides}, author = {Roe, Ann}}
@article{moss, title = {Moss on the old harbour walls}, author = {Ebert, Ida}, year = 2031}
@misc{eel, title = {Eels that count <b>waves</b>}}
"""


def fill(record: int, name: str, value: str, state: Any = "pending", **more: Any) -> Fill:
    found = {"service": "crossref", "by": "title", "identifier": "10.1000/x", "url": "https://doi.org/10.1000/x"} | more
    return Fill(record, name, value, probability=0.83, why="found by its title", state=state, **found)


FILLS = (
    fill(0, "year", "2020", "accepted", by="doi"),
    fill(1, "journal", "Annals of Moss"),
    fill(1, "volume", "7"),
    fill(2, "note", HOSTILE, url="javascript:alert(5)", identifier=HOSTILE),
    fill(2, "type", "article"),
)


def write_plan() -> Path:
    """Write the library and the plan to the working directory."""
    Path("refs.bib").write_text(BIB, encoding="utf-8")
    reading = read_sources(["refs.bib"])
    header = plan_header("enrich", PlanOptions(inputs=("refs.bib",), in_place=True), as_table(DEFAULTS, ""))
    PlanFile(Path("plan.json"), as_plan(reading.records, Enrichment(FILLS), reading.digests, header)).save()
    return Path("plan.json")


def saved_states() -> list[str]:
    """The states of the proposed values in the plan."""
    return [row["state"] for row in json.loads(Path("plan.json").read_bytes())["fills"]]


def plan_session() -> Session:
    """A review of the plan."""
    records = read_sources(["refs.bib"]).records
    states = PlanStates(load(Path("plan.json")), records)
    library = Library(records, Deduplication())
    return Session(library, Path("refsync-decisions.jsonl"), "ann", states.update, ProposedValues(states, records))


def proposals_for(review: Session, key: str) -> RecordProposals:
    """The proposals for the record with this citation key."""
    assert review.values
    return next(item for item in review.values.records if item.record.id == key)
