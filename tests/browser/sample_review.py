"""A review of an invented library: questions of each kind, two papers with uncertain areas, and proposed values."""

from pathlib import Path
from typing import Any

from refsync.classify.model import Area
from refsync.dedup.results import Cluster, Deduplication, FieldEvidence, Link, Pair
from refsync.planning.file import SCHEMA, PlanFile
from refsync.records import Record
from refsync.review.areas import Paper
from refsync.review.plan_states import PlanStates
from refsync.review.proposed_values import ProposedValues
from refsync.review.queue import Library
from refsync.review.session import Session

HOSTILE = '<script>document.title = "run"</script><img src="/x" onerror="document.title=1"> "\' & {{ 7 * 7 }}'
AREAS = ("cs.RO", "q-bio.PE", "cs.CV", "math.PR")

_ABSTRACT = "We counted lichens on two hundred walls in ten harbours over nine years. " * 8


def _record(number: int, source: str, title: str, year: int, kind: str = "article", **fields: str) -> Record:
    values = {"title": title, "author": "Ebert, Ida and Petri, Jonas", "year": str(year)} | fields
    return Record(source, number, f"key{number}", kind, values, "latex", number)


RECORDS = (
    _record(0, "a.bib", r'Lichens on harbour walls: a field {\"u}bersicht', 2019, journal="Annals of Moss", volume="7",
            abstract=_ABSTRACT + "They grew.", keywords="lichens", pages="1--9"),
    _record(1, "b.bib", "Lichens on the old harbour walls", 2020, journal="Ann. Moss", volume="7",
            abstract=_ABSTRACT + "They shrank.", keywords="harbours, walls", doi="10.5555/lichen"),
    _record(2, "a.bib", "Otters of the northern fjords", 2001, journal="Tidal Letters"),
    _record(3, "b.bib", "Otters of the southern fjords", 2001, journal="Tidal Letters", pages="3--8"),
    _record(4, "c.csv", "Otters of northern fjords", 2002, journal="Tidal Lett."),
    _record(5, "a.bib", "Storms and foghorns", 2010, "misc", eprint="1001.00001", archiveprefix="arXiv"),
    _record(6, "b.bib", "Storms and foghorns", 2011, journal="Coastal Sound"),
    _record(7, "a.bib", "Kelp under ice", 1999, journal="Tidal Letters"),
    _record(8, "b.bib", "Kelp under ice", 1999, journal="Tidal Letters", pages="4"),
    _record(9, HOSTILE + ".bib", HOSTILE, 2003, author=HOSTILE, journal=HOSTILE, note=HOSTILE, keywords="a, b"),
    _record(10, "b.bib", HOSTILE + " again", 2003, author=HOSTILE + " and Doe, J.", note="</textarea>" + HOSTILE),
    _record(11, "a.bib", HOSTILE, 2004),
    _record(12, "a.bib", "Robots that walk on moss", 2024, abstract="A legged robot learns to walk on moss."),
)  # fmt: skip


def _fill(number: int, name: str, value: str, state: str, by: str = "title") -> dict[str, Any]:
    record, source = RECORDS[number], {"from": "crossref", "identifier": "10.5555/shore", "by": by}
    proposed = {"state": state, "field": name, "value": value, "probability": 0.81, "why": "found; author agree"}
    place = {"source": record.source, "index": record.index, "id": record.id}
    return {**proposed, **place, **source, "url": "https://doi.org/10.5555/shore"}


FILLS = [
    _fill(7, "volume", "12", "accepted", "doi"),
    _fill(3, "doi", "10.5555/otters", "pending"),
    _fill(3, "volume", "4", "pending"),
    _fill(11, "journal", HOSTILE, "pending"),
]


def _pair(a: int, b: int, probability: float, *vetoes: str) -> Pair:
    fields = (
        *(FieldEvidence("title", 0.91, 2.4), FieldEvidence("author", 1.0, 1.9), FieldEvidence("year", 0.0, -0.7)),
        *(FieldEvidence("venue", 1.0, 0.5), FieldEvidence("volume", 1.0, 0.9), FieldEvidence("pages", 0.0, -1.2)),
    )
    return Pair(a, b, probability, fields, vetoes)


def _uncertain(a: int, b: int, probability: float, *vetoes: str) -> Link:
    return Link((a, b), probability, "", (_pair(a, b, probability, *vetoes),))


FOUND = Deduplication(
    (Cluster((7, 8), 0.97, (_pair(7, 8, 0.97),)),),
    (Link((5, 6), 0.93, "preprint-of", (_pair(5, 6, 0.93),)),),
    (
        _uncertain(0, 1, 0.74, "words"),
        _uncertain(2, 3, 0.6, "words"),
        _uncertain(2, 4, 0.71),
        _uncertain(3, 4, 0.4),
        _uncertain(9, 10, 0.5),
    ),
)


def _paper(name: str, member: int, *because: str) -> Paper:
    likely = tuple(Area(area, p, applied=False) for area, p in zip(AREAS, (0.5, 0.3, 0.1), strict=False))
    record = RECORDS[member]
    return Paper(
        id=name,
        members=(member,),
        record=record,
        title=record.get("title"),
        abstract=record.get("abstract"),
        areas=likely,
        because=because,
    )


def sample_session(folder: Path) -> Session:
    """The review, with nothing answered yet."""
    papers = [_paper("p1", 12, "robot", "walk"), _paper("p2", 11)]
    library = Library(RECORDS, FOUND, papers=papers, areas=AREAS)
    plan = PlanFile(folder / "plan.json", {"schema": SCHEMA, "options": {"inputs": ["a.bib"]}, "fills": FILLS})
    plan.save()
    states = PlanStates(plan, RECORDS)
    values = ProposedValues(states, RECORDS)
    return Session(library, folder / "refsync-decisions.jsonl", "ann", states.update, values)
