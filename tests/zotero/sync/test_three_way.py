"""Properties of the three-way merge of units."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.zotero.sync.merge_units import agree, list_members
from refsync.zotero.sync.three_way import MergeBase, merge
from tests.sweeps import examples

VALUES = st.sampled_from(
    ["kelp", "{BERT} nets", r"M{\"u}ller", "3--4", "2020", "x: y", r"\emph{odd} one", "a & b", "$x^2$"]
)


UNITS = st.dictionaries(
    st.sampled_from(["title", "volume", "date", "keywords", "ids"]), VALUES.map(lambda value: value), max_size=5
).map(lambda found: {name: {name: value} for name, value in found.items()})


@settings(max_examples=examples(200))
@given(UNITS, UNITS, UNITS, st.sampled_from(["ours", "theirs", None]))
def test_a_merge_loses_nothing(base: Any, ours: Any, theirs: Any, side: Any) -> None:
    merged = merge(MergeBase(base, base), ours, theirs, lambda name: side)
    after = {name: unit for name, unit in {**ours, **merged.to_ours}.items() if unit}
    other = {name: unit for name, unit in {**theirs, **merged.to_theirs}.items() if unit}
    for name in {*base, *ours, *theirs}:
        before, one, two = (units.get(name, {}) for units in (base, ours, theirs))
        if name in merged.open:
            assert after.get(name, {}) == one
            assert other.get(name, {}) == two
        else:
            assert agree(name, after.get(name, {}), other.get(name, {}))
            if name in ("keywords", "ids"):
                had, has, had_other = (list_members(name, unit).keys() for unit in (before, one, two))
                left = list_members(name, after.get(name, {})).keys()
                assert left == (has & had_other) | (has - had) | (had_other - had)
            elif before in (one, two):
                wanted = two if one == before else one
                assert agree(name, after.get(name, {}), wanted)
    again = merge(MergeBase(after, other, merged.open), after, other, lambda name: None)
    assert (again.to_ours, again.to_theirs, again.open.keys()) == ({}, {}, merged.open.keys())
