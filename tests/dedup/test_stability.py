"""Records that have nothing to do with a pair never change its verdict, and one more copy never separates others."""

from dataclasses import replace

import pytest

from refsync.dedup.cluster import deduplicate
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.records import Record
from tests.dedup.families.generate import FAMILIES, Maker, cases

BALANCED = DedupSettings()
FOREIGN = 1000


def verdicts(found: Deduplication, records: list[Record]) -> dict[tuple[str, ...], str]:
    """What was found about records of the library `library.bib`, by their citation keys."""
    named: dict[tuple[str, ...], str] = {}
    for kind, groups in (("same", found.clusters), ("version", found.versions), ("maybe", found.review)):
        for group in groups:
            own = [records[i] for i in group.members]
            if all(record.id.startswith("own") for record in own):
                named[tuple(sorted(record.id for record in own))] = kind
    return named


def library() -> list[Record]:
    """Two records of each family."""
    records = []
    for number, name in enumerate(FAMILIES):
        (case,) = cases(name, number + 1)[-1:]
        records += [replace(case.a, id=f"own{number}a", index=2 * number + 1)]
        records += [replace(case.b, id=f"own{number}b", index=2 * number + 2)]
    return records


def foreign(source: str) -> list[Record]:
    """Records of other people about other things; only the years may be equal."""
    made = []
    for number in range(FOREIGN):
        m = Maker(10_000 + number)
        fields = m.article() | {
            "title": f"{m.title()} {number * 7919:x}q",
            "author": f"Zorn{number}, A. and Quast{number}, B.",
        }
        made.append(Record(source, 1000 + number, f"foreign{number}", "article", fields, "latex"))
    return made


@pytest.mark.parametrize("source", ["library.bib", "other.bib"])
def test_foreign_records_change_no_verdict(source: str) -> None:
    own = library()
    both = [*own, *foreign(source)]
    assert verdicts(deduplicate(both, BALANCED), both) == verdicts(deduplicate(own, BALANCED), own)


def test_one_more_copy_separates_no_others() -> None:
    fields = Maker(3).article()
    copies = [Record(f"{n}.bib", 1, f"own{n}", "article", fields, "latex") for n in range(12)]
    years = [
        replace(copies[0], source="late.bib", fields=fields | {"year": str(int(fields["year"]) + n)}) for n in (1, 2)
    ]
    for count in range(2, len(copies) + 1):
        found = deduplicate(copies[:count], BALANCED)
        assert [cluster.members for cluster in found.clusters] == [tuple(range(count))]
    (cluster,) = [c for c in deduplicate([*copies, *years], BALANCED).clusters if 0 in c.members]
    assert set(range(len(copies))) <= set(cluster.members)
