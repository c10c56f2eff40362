"""Filling an item with a record's values: idempotent, and without loss of the item's own values."""

from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.records import Record
from refsync.zotero.items.mapping import Item, MappingSettings, to_item
from refsync.zotero.push.fill import missing_properties
from refsync.zotero.web.write_batches import contains_change
from tests.sweeps import examples

SETTINGS = MappingSettings()
WORDS = st.sampled_from(["kelp", "{BERT} nets", "3", "a -- b", "2020", "x: y", "10.1/x", "PMID: 3", r"\emph{odd}"])
FIELDS = st.dictionaries(
    st.sampled_from(
        "title journal booktitle year volume number pages doi note keywords mycustom publisher institution eprint "
        "annotation subtitle isbn pmid eid author editor url".split()
    ),
    WORDS,
    max_size=8,
)
TYPES = st.sampled_from(["article", "book", "misc", "inproceedings", "thesis", "unheardof"])


def record(type_: str, fields: dict[str, str], key: str) -> Record:
    return Record("a.bib", 1, key, type_, fields | {"eprinttype": "arxiv"}, "latex")


@settings(max_examples=examples(150))
@given(TYPES, FIELDS, TYPES, FIELDS, st.sampled_from([(), ("cs.LG",)]), st.booleans())
def test_filling_is_idempotent_and_loses_nothing(
    type_: str,
    has: dict[str, str],
    other_type: str,
    wants: dict[str, str],
    areas: tuple[str, ...],
    overwrite: bool,
) -> None:
    current: Item = {"key": "ABCD2345", "version": 3, "tags": [], "creators": [], **to_item(record(type_, has, "k1"))}
    wanted = to_item(record(other_type, wants, "k2"), areas, SETTINGS, current["itemType"])
    change, _ = missing_properties(current, wanted, SETTINGS, overwrite=overwrite)
    filled = {**current, **change}
    assert missing_properties(filled, wanted, SETTINGS, overwrite=overwrite)[0] == {}
    assert contains_change(filled, change)
    assert {tag["tag"] for tag in current["tags"]} <= {tag["tag"] for tag in filled["tags"]}
    assert set(str(current.get("extra", "")).splitlines()) <= set(str(filled.get("extra", "")).splitlines())
    if not overwrite:
        for name, value in current.items():
            if name not in ("tags", "creators", "extra") and value:
                assert filled[name] == value
        assert filled["creators"][: len(current["creators"])] == current["creators"]


def test_a_keyword_that_is_tagged_as_an_area_is_not_added() -> None:
    current = {"itemType": "book", "title": "T", "tags": [{"tag": "area:cs.LG", "type": 1}], "key": "K", "version": 1}
    wanted = to_item(record("book", {"title": "T", "keywords": "cs.LG, kelp"}, "#1"))
    change, _ = missing_properties(current, wanted, SETTINGS)
    assert change["tags"] == [{"tag": "area:cs.LG", "type": 1}, {"tag": "kelp"}]
