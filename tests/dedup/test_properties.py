"""What holds of every library, however noisy: found by invented records with many kinds of noise."""

import random
from collections.abc import Sequence
from itertools import combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from refsync.dedup.cluster import deduplicate
from refsync.dedup.explain import DeduplicatedLibrary, explain_among
from refsync.dedup.results import Deduplication
from refsync.dedup.settings import DedupSettings
from refsync.records import Record
from tests.sweeps import examples

BALANCED = DedupSettings()
PAPERS = (
    ("Rain uptake of mosses on old walls", "Doe, Jane and Roe, Mia and Poe, Ann", "Journal of Moss Research"),
    ("Lichens of the chalk cliffs: growth in salt spray", "Poe, Ann", "Annals of Lichenology"),
    ("Editorial", "Roe, Mia", "Journal of Moss Research"),
    ("Мхи старых стен и дождевая вода", "Иванов, Пётр and Roe, Mia", "Вестник мхов"),
    ("Acute thirst in adult ferns after summer drought", "Doe, J. and others", "Proceedings of the Fern Conference"),
    ("Rain uptake of mosses in old forests", "Doe, Jane and Roe, Mia", "Moss Letters"),
)
TITLES = (
    "{}", "{}", "{}", "{}.", "<i>{}</i>", "Erratum: {}", "{}, part I", "{}, part II", "{} (vol 12, pg 221, 2031)",
    "RETRACTED: {}", "{}: a field study", "[{}]", "{}s", "A {}", "", "...",
)  # fmt: skip
ABSTRACT = (
    "Mosses on walls drink rain within minutes. We weighed {} cushions before and after showers and found that "
    "shade, age and slope explain most of how much they hold."
)
NOTHING = ("", " ", "...", "—", "{}", "\\", "?")


@st.composite
def noisy(draw: st.DrawFn, most: int = 12) -> list[Record]:
    """Records of a few papers, each with noise in every field."""
    found = []
    for i in range(draw(st.integers(2, most))):
        title, people, venue = draw(st.sampled_from(PAPERS))
        family = people.split(",")[0]
        fields = {
            "title": draw(st.sampled_from(TITLES)).format(draw(st.sampled_from((title, title.upper(), title[1:])))),
            "author": draw(st.sampled_from((people, people, people.replace(",", ""), f"{family}, X.", family, ""))),
            "year": draw(st.sampled_from(("2031", "2031", "2032", "2029", "in press", ""))),
            "journal": draw(st.sampled_from((venue, venue, "J. Moss Res.", "arXiv preprint arXiv:3101.00001", ""))),
            "volume": draw(st.sampled_from(("12", "12", "13", ""))),
            "number": draw(st.sampled_from(("1", "2", "", ""))),
            "pages": draw(st.sampled_from(("221-228", "221-8", "e221", "9-12", "1-Jun", ""))),
            "doi": draw(st.sampled_from(("10.5555/a", "https://doi.org/10.5555/A", "10.5555/b", "", "", ""))),
            "eprint": draw(st.sampled_from(("3101.00001", "", "", ""))),
            "abstract": draw(st.sampled_from((ABSTRACT.format(40), ABSTRACT.format(50), "", ""))),
        }
        kind = draw(st.sampled_from(("article", "article", "inproceedings", "phdthesis", "misc")))
        found.append(Record("lib.bib", i + 1, f"k{i}", kind, {k: v for k, v in fields.items() if v}))
    return found


def named(found: Deduplication, records: Sequence[Record]) -> list[object]:
    """A result by the records' own numbers, whatever order they were given in."""
    number = [record.index for record in records]
    return [
        {frozenset(number[i] for i in cluster.members) for cluster in found.clusters},
        {(tuple(number[i] for i in link.members), link.relation) for link in found.versions},
        {frozenset(number[i] for i in link.members) for link in found.review},
    ]


def homes(found: Deduplication, count: int) -> list[int]:
    """The number of each record's cluster; one of its own where it has none."""
    home = list(range(count))
    for cluster in found.clusters:
        for i in cluster.members:
            home[i] = cluster.members[0]
    return home


def pairs_of(data: st.DataObject, count: int, most: int) -> list[tuple[int, int]]:
    return data.draw(st.lists(st.sampled_from(list(combinations(range(count), 2))), max_size=most))


@settings(max_examples=examples(50))
@given(noisy(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_the_order_makes_no_difference(records: list[Record], chance: random.Random, known: int) -> None:
    known = min(known, len(records))
    shuffled = chance.sample(records[:known], known) + chance.sample(records[known:], len(records) - known)
    first = deduplicate(records, BALANCED, known=known)
    assert named(first, records) == named(deduplicate(shuffled, BALANCED, known=known), shuffled)


@settings(max_examples=examples(50))
@given(noisy(), st.data())
def test_answers_always_hold(records: list[Record], data: st.DataObject) -> None:
    apart = pairs_of(data, len(records), 4)
    home = homes(deduplicate(records, BALANCED, cannot_link=apart), len(records))
    assert all(home[a] != home[b] for a, b in apart)
    joined = pairs_of(data, len(records), 4)
    home = homes(deduplicate(records, BALANCED, must_link=joined), len(records))
    assert all(home[a] == home[b] for a, b in joined)
    home = homes(deduplicate(records, BALANCED, must_link=joined, cannot_link=apart), len(records))
    assert all(home[a] != home[b] for a, b in apart)


@settings(max_examples=examples(40))
@given(noisy(8), st.data())
def test_empty_keys_never_match(records: list[Record], data: st.DataObject) -> None:
    shapes = data.draw(st.lists(st.sampled_from((("title", "author", "doi"), ("title", "abstract"), ())), max_size=5))
    empty = [
        Record("nothing.bib", i, "", "article", {name: data.draw(st.sampled_from(NOTHING)) for name in shape})
        for i, shape in enumerate(shapes)
    ]
    home = homes(deduplicate([*records, *empty], BALANCED), len(records) + len(empty))
    assert home[len(records) :] == list(range(len(records), len(records) + len(empty)))


@settings(max_examples=examples(50))
@given(noisy(), st.integers(1, 11))
def test_holding_against_a_library_is_the_whole_comparison_less_the_library(records: list[Record], known: int) -> None:
    known = min(known, len(records))
    whole = deduplicate(records, BALANCED)
    # where the library holds no paper twice: else the whole comparison joins what `known` keeps separate
    assume(all(sum(i < known for i in cluster.members) < 2 for cluster in whole.clusters))
    held = deduplicate(records, BALANCED, known=known)
    assert [cluster.members for cluster in held.clusters] == [cluster.members for cluster in whole.clusters]
    home = homes(whole, len(records))

    def new(found: Deduplication) -> set[frozenset[int]]:
        links = (*found.versions, *found.review)
        return {frozenset(home[i] for i in link.members) for link in links if max(link.members) >= known}

    assert new(whole) <= new(held)


@settings(max_examples=examples(25))
@given(noisy(6), st.data(), st.integers(0, 3))
def test_explaining_gives_the_verdict_of_the_run(records: list[Record], data: st.DataObject, known: int) -> None:
    known = min(known, len(records))
    different = pairs_of(data, len(records), 2)
    same = [pair for pair in pairs_of(data, len(records), 2) if pair not in different]
    found = deduplicate(records, BALANCED, known=known, must_link=same, cannot_link=different)
    library = DeduplicatedLibrary(
        records=records, found=found, settings=BALANCED, known=known, must_link=same, cannot_link=different
    )
    home = homes(found, len(records))
    linked = {frozenset(home[i] for i in link.members): "maybe" for link in found.review}
    linked |= {frozenset(home[i] for i in link.members): "version" for link in found.versions}
    for a, b in combinations(range(len(records)), 2):
        forth = explain_among(library, a, b)
        want = "same" if home[a] == home[b] else linked.get(frozenset((home[a], home[b])), "different")
        assert forth.verdict == want
        assert forth.why
        assert not {records[a].index, records[b].index} & {record.index for record in forth.through}
        back = explain_among(library, b, a)
        assert (back.verdict, back.relation, back.pair.probability) == (want, forth.relation, forth.pair.probability)
