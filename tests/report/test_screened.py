"""Records of a screening tool are matched to the papers, and not counted."""

from dataclasses import replace

from refsync.config import DEFAULTS
from refsync.dedup.results import Cluster, Deduplication
from refsync.planning.plan import make_plan
from refsync.report.prisma import prisma
from refsync.report.screened import match_screened
from tests.report.helpers import paper


def test_labels_reach_their_papers_by_key_or_as_duplicates() -> None:
    records = [
        paper("embase.ris", 1, "Kelp tea and the sleep of harbour seals", doi="10.5555/1", year="2020"),
        paper("pubmed.nbib", 1, "Kelp tea and the sleep of harbour seals", doi="10.5555/1", year="2020"),
        paper("embase.ris", 2, "Foghorns"),
        paper("embase.ris", 3, "Rain on the tin roofs of old barns", doi="10.5555/3"),
    ]
    plan = make_plan(records, Deduplication((Cluster((0, 1), 0.9, ()),)))
    key = plan.entries[1].record.id
    screened = [
        replace(paper("s.csv", 1, "Foghorns", asreview_label="1"), id=key),
        paper("s.csv", 2, "Kelp tea and the sleep of harbour seals", doi="10.5555/1", asreview_label="0"),
        replace(paper("s.csv", 3, "Moss on the slates of other houses", asreview_label="1"), id=key),
    ]
    matched, others = match_screened(plan, screened, DEFAULTS.dedup)
    assert {place: [record.index for record in found] for place, found in matched.items()} == {1: [1], 0: [2]}
    assert others == 1  # the key of a paper with another title
    numbers = prisma(plan, matched)
    assert (numbers.identified, numbers.screened) == (4, 3)
    assert (numbers.excluded, numbers.sought, numbers.unscreened) == (1, 1, 1)
