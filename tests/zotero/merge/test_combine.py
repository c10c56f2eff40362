"""The values that the surviving item takes over."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.dedup.settings import MergeSettings
from refsync.zotero.items.extra import parse_extra
from refsync.zotero.items.mapping import citation_key
from refsync.zotero.merge.combine import CombineSettings, combined_properties
from tests.sweeps import examples
from tests.zotero.merge.samples import (
    MAPPING,
    URI,
    item,
)


def test_values_without_a_field_are_kept_in_extra() -> None:
    survivor = item("A" * 8, itemType="journalArticle", dateAdded="2020-01-01T00:00:00Z")
    loser = item("B" * 8, itemType="book", title="Kelp", numPages="120", ISBN="978-3-16-148410-0", publisher="Reef")
    found, _ = combined_properties(survivor, [loser], URI, {}, (), CombineSettings(MAPPING))
    assert found["title"] == "Kelp"
    assert found["dateAdded"] == "2019-01-01T00:00:00Z"
    assert {"ISBN: 978-3-16-148410-0", "tex.pagetotal: 120"} <= set(found["extra"].splitlines())


LINES = ["free words", "Citation Key: one2020", "Citation Key: two2021", "tex.ids= a, b", "tex.ids: c", "DOI: 10.1/x"]
LINES += ["tex.note= \\emph{x}", "PMID: 7", "Publisher: Reef", "arXiv: 2101.00001 [cs.LG]", ""]


ITEMS = st.fixed_dictionaries(
    {"dateAdded": st.sampled_from(["2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z"])},
    optional={
        "volume": st.sampled_from(["", "1", "2"]),
        "url": st.sampled_from(["http://a.b", "http://c.d"]),
        "accessDate": st.just("2020-01-01"),
        "citationKey": st.sampled_from(["", "key1", "key2"]),
        "extra": st.lists(st.sampled_from(LINES), max_size=5, unique=True).map("\n".join),
        "tags": st.lists(st.fixed_dictionaries({"tag": st.sampled_from("ab"), "type": st.sampled_from([0, 1])})),
        "title": st.sampled_from(["Kelp in Cold Water", "KELP IN COLD WATER", "Kelp in cold water: a survey"]),
        "publicationTitle": st.sampled_from(["Journal of Kelp", "J. Kelp", "Annals of Moss"]),
        "pages": st.sampled_from(["107", "107-115", "1-9"]),
        "date": st.sampled_from(["2020", "2020-05-03", "2021"]),
        "creators": st.sampled_from(
            [
                [{"creatorType": "author", "name": "Reef Group"}],
                [{"creatorType": "author", "firstName": "Jörg", "lastName": "Müller"}],
                [{"creatorType": "author", "firstName": "J.", "lastName": "Mueller"}],
            ]
        ),
        "relations": st.sampled_from([{}, {"dc:relation": URI + "C" * 8}, {"dc:replaces": [URI + "D" * 8]}]),
        "collections": st.lists(st.sampled_from(["CAAAAAAA", "CBBBBBBB"]), unique=True),
    },
)


@settings(max_examples=examples(150))
@given(ITEMS, st.lists(ITEMS, min_size=1, max_size=3))
def test_combining_is_idempotent_and_loses_nothing(one: dict[str, Any], others: list[dict[str, Any]]) -> None:
    survivor = item("A" * 8, **one)
    losers = [item(letter * 8, **other) for letter, other in zip("EFG", others, strict=False)]
    collections = ("CAAAAAAA", "CBBBBBBB")
    found, differing = combined_properties(survivor, losers, URI, {}, collections, CombineSettings(MAPPING))
    merged = survivor | found
    assert combined_properties(merged, losers, URI, {}, collections, CombineSettings(MAPPING))[0] == {}
    assert merged["dateAdded"] == min(each["dateAdded"] for each in (survivor, *losers))
    ids = parse_extra(merged.get("extra", "")).latex.get("ids", "").split(", ")
    for loser in losers:
        assert URI + loser["key"] in merged["relations"]["dc:replaces"]
        assert citation_key(loser) in ("", citation_key(merged), *ids)
        assert {tag["tag"] for tag in loser["tags"]} <= {tag["tag"] for tag in merged["tags"]}
        assert set(loser["collections"]) <= set(merged["collections"])
        assert (
            not loser.get("volume")
            or loser["volume"] == merged["volume"]
            or "volume" in {one.name for one in differing}
        )
        free = set(parse_extra(loser.get("extra", "")).text.splitlines())
        assert {line for line in free if line} <= set(merged.get("extra", "").splitlines()) | {
            "tex.ids: c",
            "tex.ids= a, b",
        }


def author(given: str) -> list[dict[str, str]]:
    return [{"creatorType": "author", "firstName": given, "lastName": "Doe"}]


def test_the_publication_of_the_fuller_item_replaces_that_of_the_survivor_as_a_whole() -> None:
    survivor = item(
        "A" * 8,
        itemType="journalArticle",
        title="KELP IN COLD WATER",
        publicationTitle="Kelp News",
        date="2019",
        issue="4",
        creators=author("J."),
    )
    other = item(
        "B" * 8,
        itemType="journalArticle",
        title="Kelp in cold water",
        publicationTitle="Journal of Kelp",
        date="2020",
        volume="7",
        pages="107-115",
        DOI="10.5555/kelp.7",
        creators=author("Jane"),
    )
    found, differing = combined_properties(survivor, [other], URI, {}, (), CombineSettings(MAPPING))
    names = ("title", "publicationTitle", "date", "volume", "issue", "pages", "DOI", "creators")
    assert {name: (survivor | found).get(name) or "" for name in names} == {
        **{name: other[name] for name in names if name != "issue"},
        "issue": "",
    }
    reported = {(one.name, one.other, one.key) for one in differing}
    assert {("publicationTitle", "Kelp News", "A" * 8), ("date", "2019", "A" * 8), ("issue", "4", "A" * 8)} <= reported


def test_the_policies_of_the_settings_are_applied() -> None:
    survivor = item("A" * 8, title="Kelp", abstractNote="Short.")
    other = item("B" * 8, title="Kelp", abstractNote="A much longer text.")
    for policy, kept in (("longest", "A much longer text."), ("first", "Short.")):
        rules = CombineSettings(MAPPING, MergeSettings(fields={"abstract": policy}))  # type: ignore[dict-item]
        found, _ = combined_properties(survivor, [other], URI, {}, (), rules)
        assert (survivor | found)["abstractNote"] == kept
