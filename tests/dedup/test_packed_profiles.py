"""Packed profiles are the profiles that were packed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.dedup import identical_records, packed_profiles
from refsync.dedup.cluster import deduplicate
from refsync.dedup.packed_profiles import PackedProfiles, pack, unpack
from refsync.dedup.profile import Profile, profile
from refsync.dedup.settings import DedupSettings
from refsync.records import Record
from tests.dedup.test_properties import noisy

SETTINGS = DedupSettings(same=0.7, review=0.1)


def packed(profiles: list[Profile], size: int) -> PackedProfiles:
    """The profiles in parts of this size."""
    found = PackedProfiles()
    for start in range(0, len(profiles), size):
        found.extend(profiles[start : start + size])
    return found


@given(noisy(most=4))
def test_a_profile_as_bytes(records: list[Record]) -> None:
    for found in map(profile, records):
        assert unpack(pack(found)) == found
        assert unpack(pack(found)).digest == found.digest
        short = found.without_abstract(found.digest)
        assert unpack(pack(short)) == short


@pytest.mark.parametrize("text", ["", "\ud800 lone", "苔", 'quote " and \\ and \x00'])
def test_any_text(text: str) -> None:
    found = Profile(title=text, title_key=text, title_main=text, abstract=text, editors=(text,), content=b"\x00")
    assert unpack(pack(found)) == found


@given(noisy(most=12), st.integers(1, 5), st.data())
def test_a_library_in_parts(records: list[Record], size: int, data: st.DataObject) -> None:
    profiles = [*map(profile, records)]
    many = packed(profiles, size)
    assert [*many] == profiles
    assert [*many[1:]] == profiles[1:]
    chosen = data.draw(st.lists(st.integers(0, len(profiles) - 1)))
    assert [*many.select(np.array(chosen, np.int64))] == [profiles[i] for i in chosen]
    with pytest.raises(IndexError):
        many[len(profiles)]


def test_no_profiles() -> None:
    assert [*PackedProfiles()] == []


@given(noisy(most=24))
def test_results_are_those_of_profiles_as_objects(records: list[Record]) -> None:
    alone = deduplicate(records, SETTINGS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identical_records, "_MANY", 0)
        patch.setattr(packed_profiles, "_RECENT", 3)
        assert deduplicate(records, SETTINGS) == alone
