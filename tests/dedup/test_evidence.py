"""How much evidence a merge needs is a setting, and the profiles differ in it."""

import pytest

from refsync.config import load_config
from refsync.dedup.cluster import deduplicate
from refsync.dedup.pair_model import field_evidence
from refsync.dedup.settings import DedupSettings
from refsync.errors import ConfigError
from refsync.records import Record

TITLE = "Rain uptake of mosses on the old walls of harbour towns"


def verdict(left: dict[str, str], right: dict[str, str], profile: str) -> str:
    records = [Record("a.bib", 1, "a", "article", left), Record("b.bib", 1, "b", "article", right)]
    found = deduplicate(records, load_config(profile=profile).dedup)
    return "same" if found.clusters else "maybe" if found.review else "apart"


def fields(**changes: str) -> dict[str, str]:
    return {"title": TITLE, "author": "Doe, Ada and Roe, Mia", "year": "2011", "journal": "Walls"} | changes


@pytest.mark.parametrize(("profile", "expected"), [("careful", "maybe"), ("balanced", "maybe"), ("greedy", "same")])
def test_a_word_that_only_one_title_has_is_asked_about(profile: str, expected: str) -> None:
    longer = fields(title=TITLE.replace("mosses", "small mosses"))
    assert verdict(fields(), longer, profile) == expected


@pytest.mark.parametrize(("profile", "expected"), [("careful", "maybe"), ("balanced", "maybe"), ("greedy", "same")])
def test_greedy_merges_a_longer_title(profile: str, expected: str) -> None:
    longer = fields(title=f"{TITLE}: measured by cameras")
    assert verdict(fields(), longer | {"journal": ""}, profile) == expected


@pytest.mark.parametrize("profile", ["careful", "balanced", "greedy"])
def test_no_profile_merges_a_longer_title_on_other_pages(profile: str) -> None:
    longer = fields(title=f"{TITLE}: measured by cameras", pages="7--20", volume="4")
    assert verdict(fields(pages="31--40", volume="4"), longer, profile) != "same"


def test_an_unknown_word_is_no_setting() -> None:
    with pytest.raises(ConfigError, match="evidence"):
        DedupSettings(evidence="some")  # type: ignore[arg-type]


def test_equal_evidence_is_one_object_and_a_weight_of_zero_keeps_its_sign() -> None:
    assert field_evidence("title", 0.8, 2.5) is field_evidence("title", 0.8, 2.5)
    assert [str(field_evidence("title", 0.8, weight).weight) for weight in (0.0, -0.0)] == ["0.0", "-0.0"]
