"""Rules of the user's own: what a merge needs, and what is never merged."""

from pathlib import Path

import pytest

from refsync.cli import main
from refsync.config import load_config
from refsync.dedup.cluster import deduplicate
from refsync.dedup.settings import DedupSettings
from refsync.records import Record

FIELDS = {
    "title": "Learning of kelp forests by their growth",
    "author": "Roe, Ann",
    "journal": "J. Kelp",
    "year": "2020",
}


def record(number: int, type_: str = "article", **fields: str) -> Record:
    return Record("a.bib", number, f"k{number}", type=type_, fields={**FIELDS, **fields}, markup="latex")


DOI = [record(1, doi="10.1000/kelp", volume="7"), record(2, doi="10.1000/KELP", pages="1--9")]
TITLE = [record(1, volume="7", pages="1--9"), record(2, volume="7")]
COPIES = [record(1), record(2)]


@pytest.mark.parametrize(
    ("records", "rules", "merged"),
    [
        (DOI, (), True),
        (DOI, ("doi",), True),
        (DOI, ("title-author-year",), True),
        (TITLE, (), True),
        (TITLE, ("doi",), False),
        (TITLE, ("title-author-year",), True),
        (TITLE, ("doi", "title-author-year"), True),
        (COPIES, (), True),
        (COPIES, ("doi",), False),
        (COPIES, ("title-author-year",), True),
        ([record(1, year="2020"), record(2, year="2021", doi="10.1/a")], ("title-author-year",), False),
    ],
)
def test_what_a_merge_needs(records: list[Record], rules: tuple[str, ...], merged: bool) -> None:
    found = deduplicate(records, DedupSettings(merge_only=rules))  # type: ignore[arg-type]
    assert bool(found.clusters) == merged
    if not merged and records is not COPIES:
        assert found.review or found.versions or not deduplicate(records, DedupSettings()).clusters


def test_what_is_never_merged() -> None:
    webpages = [record(1, "online", url="https://a.b"), record(2, "online", url="https://a.b")]
    assert deduplicate(webpages, DedupSettings()).clusters
    for never in (("online",), ("Online", "book")):
        found = deduplicate([*webpages, *DOI], DedupSettings(never=never))
        assert [cluster.members for cluster in found.clusters] == [(2, 3)]
        assert not found.review
    subtype = [record(1, "misc", entrysubtype="webpage"), record(2, "misc", entrysubtype="webpage")]
    assert not deduplicate(subtype, DedupSettings(never=("webpage",))).clusters


def test_a_rule_never_merges_more() -> None:
    different = [record(1, doi="10.1000/a", volume="1"), record(2, doi="10.1000/b", volume="2")]
    for rules in ((), ("doi",), ("title-author-year",)):
        assert not deduplicate(different, DedupSettings(merge_only=rules)).clusters  # type: ignore[arg-type]


def test_people_decide() -> None:
    assert deduplicate(TITLE, DedupSettings(merge_only=("doi",)), must_link=[(0, 1)]).clusters
    assert deduplicate(TITLE, DedupSettings(never=("article",)), must_link=[(0, 1)]).clusters


def test_in_the_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "refsync.toml"
    file.write_text('[dedup]\nmerge-only = ["doi"]\nnever = ["webpage"]\n', encoding="utf-8")
    assert load_config(str(file)).dedup.merge_only == ("doi",)
    file.write_text('[dedup]\nmerge-only = ["isbn"]\n', encoding="utf-8")
    (tmp_path / "a.bib").write_text("@book{a, title = {Kelp}}", encoding="utf-8")
    assert main(["dedupe", str(tmp_path / "a.bib")]) == 2
    assert "title-author-year" in capsys.readouterr().err
