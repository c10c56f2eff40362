"""In each family at least 97 % of verdicts are an expert's, in all profiles, and what differs is not merged.

Each run has a few cases of each family, the sweep all.
"""

import pytest

from refsync.config import PROFILES, load_config
from refsync.dedup.cluster import deduplicate
from refsync.dedup.explain import explain_pair
from refsync.dedup.results import Deduplication
from tests.dedup.families.generate import FAMILIES, cases

COUNTS = [3, pytest.param(12, marks=pytest.mark.sweep)]
LEAST = 0.97


def verdict(found: Deduplication) -> str:
    if found.clusters:
        return "same"
    return "version" if found.versions else "maybe" if found.review else "different"


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", FAMILIES)
def test_verdicts_of_a_family(name: str, profile: str, count: int) -> None:
    settings = load_config(profile=profile).dedup
    wrong = []
    for case in cases(name, count):
        given = verdict(deduplicate([case.a, case.b], settings))
        accepted = case.right | {"maybe"} if profile == "careful" and "same" in case.right else case.right
        if given not in accepted:
            wrong.append(f"{given}: {explain_pair(case.a, case.b, settings).why}\n  {case.a}\n  {case.b}")
    assert len(wrong) <= (1 - LEAST) * count, "\n".join(wrong[:3])
