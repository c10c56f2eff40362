"""Whole runs: order, constraints, hostile sizes, the listing pages."""

import random
import subprocess
import sys
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.dedup.cluster import deduplicate
from refsync.dedup.profile import fingerprint
from refsync.dedup.results import Deduplication, Pair
from refsync.dedup.settings import DedupSettings
from refsync.records import Record
from tests.paths import SHARED
from tests.sweeps import examples

BALANCED = DedupSettings()
PAGES = SHARED / "data" / "pages"

TITLES = (
    "Rain uptake of mosses on old walls",
    "Rain uptake of mosses on old walls: a field study",
    "Rain uptake of mosses on old walls, part II",
    "Erratum: Rain uptake of mosses on old walls",
    "Editorial",
    "Lichens of the chalk cliffs",
    "",
)
PEOPLE = ("Doe, Jane and Roe, Mia", "Doe J, Roe M", "Poe, Ann", "")


@st.composite
def libraries(draw: st.DrawFn) -> list[Record]:
    count = draw(st.integers(2, 9))
    records = []
    for i in range(count):
        fields = {
            "title": draw(st.sampled_from(TITLES)),
            "author": draw(st.sampled_from(PEOPLE)),
            "year": draw(st.sampled_from(("2031", "2032", ""))),
            "journal": draw(st.sampled_from(("Journal of Moss Research", "J. Moss Res.", "arXiv", ""))),
            "pages": draw(st.sampled_from(("221-228", "221-8", "9-12", ""))),
            "doi": draw(st.sampled_from(("10.5555/a", "10.5555/b", "", ""))),
        }
        records.append(Record("lib.bib", i + 1, f"k{i}", "article", {k: v for k, v in fields.items() if v}))
    return records


def named(result: Deduplication, records: Sequence[Record]) -> tuple[set[object], set[object], set[object]]:
    """A result by the records' own indices, whatever order they were given in."""

    def own(members: Sequence[int]) -> tuple[int, ...]:
        return tuple(records[i].index for i in members)

    def evidence(pairs: Sequence[Pair]) -> frozenset[object]:
        return frozenset((frozenset(own((p.a, p.b))), p.probability, p.fields, p.vetoes) for p in pairs)

    return (
        {(frozenset(own(c.members)), c.probability, evidence(c.evidence)) for c in result.clusters},
        {(own(link.members), link.probability, link.relation, evidence(link.evidence)) for link in result.versions},
        {(frozenset(own(link.members)), link.probability, evidence(link.evidence)) for link in result.review},
    )


@settings(max_examples=examples(100))
@given(libraries(), st.randoms(use_true_random=False), st.integers(0, 9))
def test_the_result_does_not_depend_on_the_order(records: list[Record], chance: random.Random, known: int) -> None:
    known = min(known, len(records))
    library, new = records[:known], records[known:]
    shuffled = chance.sample(library, known) + chance.sample(new, len(new))
    first = named(deduplicate(records, BALANCED, known=known), records)
    second = named(deduplicate(shuffled, BALANCED, known=known), shuffled)
    assert first == second


@settings(max_examples=examples(100))
@given(libraries(), st.integers(0, 9))
def test_records_of_the_library_are_neither_joined_nor_linked(records: list[Record], known: int) -> None:
    result = deduplicate(records, BALANCED, known=min(known, len(records)))
    for cluster in result.clusters:
        assert sum(i < known for i in cluster.members) <= 1
    for link in (*result.versions, *result.review):
        assert max(link.members) >= known


@settings(max_examples=examples(60))
@given(libraries(), st.data())
def test_decisions_are_kept(records: list[Record], data: st.DataObject) -> None:
    pairs = list(combinations(range(len(records)), 2))
    different = data.draw(st.lists(st.sampled_from(pairs), max_size=3))
    same = [pair for pair in data.draw(st.lists(st.sampled_from(pairs), max_size=2)) if pair not in different]
    result = deduplicate(records, BALANCED, must_link=same, cannot_link=different)
    of = {i: number for number, cluster in enumerate(result.clusters) for i in cluster.members}
    for a, b in different:
        assert a not in of or of.get(b) != of[a]
    if not different:
        for a, b in same:
            assert of[a] == of[b]


@settings(max_examples=examples(40))
@given(libraries())
def test_the_result_is_well_formed(records: list[Record]) -> None:
    result = deduplicate(records, BALANCED)
    members = [i for cluster in result.clusters for i in cluster.members]
    assert len(members) == len(set(members))
    together = {pair for cluster in result.clusters for pair in combinations(cluster.members, 2)}
    for link in (*result.versions, *result.review):
        assert tuple(sorted(link.members)) not in together
        assert len(link.evidence) == 1
    for cluster in result.clusters:
        assert len(cluster.members) >= 2
        assert 0 <= cluster.probability <= 1
        assert len(cluster.evidence) == len(cluster.members) - 1
        assert not any(pair.vetoes for pair in cluster.evidence)
        assert all(pair.a < pair.b for pair in cluster.evidence)


def test_no_chain_joins_what_a_veto_holds_apart() -> None:
    common = {"author": "Doe, Jane and Roe, Mia", "year": "2031", "journal": "Journal of Moss Research", "volume": "12"}
    part = "Rain uptake of mosses on old walls"
    records = [
        Record("a", 1, "1", "article", common | {"title": f"{part}. Part I", "pages": "1-9"}),
        Record("a", 2, "2", "article", common | {"title": part}),
        Record("a", 3, "3", "article", common | {"title": f"{part}. Part II", "pages": "10-19"}),
    ]
    for cluster in deduplicate(records, BALANCED, must_link=[(0, 1)]).clusters:
        assert not {0, 2} <= set(cluster.members)


def test_decisions_about_records_that_are_not_there_are_refused() -> None:
    with pytest.raises(IndexError):
        deduplicate([Record("a", 1, "1")], BALANCED, must_link=[(0, 1)])


def test_copies_told_apart_stay_apart() -> None:
    record = {"title": "Rain uptake of mosses on old walls", "author": "Doe, J. and Roe, M.", "year": "2031"}
    records = [Record("a", i, "k", "article", record) for i in (1, 2, 3)]
    assert deduplicate(records, BALANCED).clusters[0].members == (0, 1, 2)
    split = deduplicate(records, BALANCED, cannot_link=[(0, 1)])
    assert all(not {0, 1} <= set(cluster.members) for cluster in split.clusters)


MOSS = {
    "title": "Rain uptake of mosses on old walls", "author": "Doe, Jane and Roe, Mia", "year": "2031",
    "journal": "Journal of Moss Research", "volume": "12", "pages": "221-228", "doi": "10.5555/a",
}  # fmt: skip


def article(index: int, source: str = "a.bib", **changes: str) -> Record:
    return Record(source, index, f"k{index}", "article", MOSS | changes)


def test_a_new_record_joins_the_likeliest_of_the_library_and_the_others_are_asked_about() -> None:
    library = [article(1, doi="", volume="", pages=""), article(2)]
    new = [article(1, "new.bib")]
    assert deduplicate([*library, *new], BALANCED).clusters[0].members == (0, 1, 2)
    against = deduplicate([*library, *new], BALANCED, known=2)
    assert [cluster.members for cluster in against.clusters] == [(1, 2)]
    assert [link.members for link in against.review] == [(0, 2)]


def test_new_records_join_each_other_but_bridge_no_two_of_the_library() -> None:
    library = [article(1), article(2), article(3, title="Lichens of the chalk cliffs", doi="10.5555/l", pages="1-9")]
    new = [article(i, "new.bib") for i in (1, 2, 3)]
    against = deduplicate([*library, *new], BALANCED, known=3)
    assert [cluster.members for cluster in against.clusters] == [(0, 3, 4, 5)]
    assert [link.members for link in against.review] == [(1, 3)]
    assert deduplicate(library, BALANCED, known=3) == Deduplication()


def test_a_decision_joins_records_of_the_library() -> None:
    records = [article(1), article(2), article(1, "new.bib")]
    assert deduplicate(records, BALANCED, known=2, must_link=[(0, 1)]).clusters[0].members == (0, 1, 2)
    with pytest.raises(ValueError, match="4 known"):
        deduplicate(records, BALANCED, known=4)


def test_a_decision_about_one_copy_says_nothing_about_the_others() -> None:
    records = [Record("a", i, str(i), "article", {"title": "Editorial"}) for i in (1, 2, 3)]
    result = deduplicate(records, BALANCED, must_link=[(0, 1)])
    assert [cluster.members for cluster in result.clusters] == [(0, 1)]


def test_nothing_in_nothing_out() -> None:
    assert deduplicate([], BALANCED) == Deduplication()
    found = deduplicate([Record("a", 1, "1"), Record("a", 2, "2")], BALANCED)
    assert (found.clusters, found.versions, found.review) == ((), (), ())
    assert sum(found.different) == 1  # two records without content are judged different


@given(st.text(max_size=30), st.text(max_size=20))
def test_fingerprints_do_not_depend_on_keys_or_field_order(title: str, author: str) -> None:
    a = Record("a.bib", 1, "k", "article", {"title": title, "author": author})
    b = Record("b.bib", 7, "other", "misc", {"author": author, "title": title})
    assert fingerprint(a) == fingerprint(b)


def test_fingerprints_are_stable() -> None:
    record = Record(
        "a", 1, "k", "article", {"title": "Rain on {Moss}", "author": "Doe, Jane", "year": "2031", "doi": "10.5555/a"}
    )
    assert fingerprint(record) == "035a1c6d0e32c884c1d8c89bbe497f9c"
    assert fingerprint(record) != fingerprint(Record("a", 1, "k", "article", record.fields | {"doi": "10.5555/b"}))


def test_settings_and_results_import_nothing_heavy() -> None:
    code = (
        "import sys; import refsync.dedup, refsync.dedup.settings, refsync.dedup.results; "
        "sys.exit(any(name in sys.modules for name in ('numpy', 'rapidfuzz', 'sklearn')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not PAGES.exists(), reason="the listing pages are not here")
def test_the_listing_pages() -> None:
    from refsync.formats.pages.listing import read

    records = [r for path in sorted(PAGES.glob("*.txt")) for r in read(path.read_bytes(), path.name).records]
    result = deduplicate(records, BALANCED)
    assert len(records) == 499
    assert sorted(len(cluster.members) for cluster in result.clusters) == [2] * 28 + [3] * 3
    for cluster in result.clusters:
        assert len({records[i].fields["title"] for i in cluster.members}) == 1
    linked = [{records[i].fields["title"][:25] for i in link.members} for link in (*result.versions, *result.review)]
    assert {"White-Box Transformers via"[:25]} in linked
    assert {"Diffusion Models Beat GANs"[:25], "Do text-free diffusion mo"} in linked
