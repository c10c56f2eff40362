"""Nodes keep their profiles without the abstracts, and give them when they are asked for."""

from refsync.dedup.identical_records import collapse
from refsync.dedup.profile import profile
from refsync.records import Record

ABSTRACT = "Mosses on walls drink rain within minutes; we weighed cushions of them before and after showers."
FIELDS = (
    {"title": "Rain on moss", "abstract": ABSTRACT},
    {"title": "Rain on ferns", "abstract": rf"Abstract: {ABSTRACT} And \'etude."},
    {"title": "Rain on old walls", "abstract": ABSTRACT.upper()},
    {"title": "Rain on new walls", "abstract": "n/a"},
    {"title": "Rain on walls"},
    {"title": "Rain on moss", "abstract": ABSTRACT},
)
RECORDS = [Record("a.bib", i, f"k{i}", "article", fields, "latex") for i, fields in enumerate(FIELDS)]


def test_whole_profiles_are_those_of_the_records() -> None:
    nodes = collapse(RECORDS, 0, frozenset(), lambda *_: None)
    assert len(nodes.profiles) == 5
    for i, record in enumerate(RECORDS):
        assert nodes.whole_profile(nodes.of[i]) == profile(record)


def test_a_profile_without_its_abstract_has_the_same_digest_and_says_whether_abstracts_are_equal() -> None:
    nodes = collapse(RECORDS, 0, frozenset(), lambda *_: None)
    found = [nodes.profiles[node] for node in nodes.of]
    assert [one.digest for one in found] == [profile(record).digest for record in RECORDS]
    assert max(len(one.abstract) for one in found) < len(ABSTRACT) / 2
    assert found[0].abstract == found[2].abstract != found[1].abstract != ""
    assert [one.abstract for one in found[3:5]] == ["", ""]
