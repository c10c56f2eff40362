"""After a sync both sides agree, whatever was edited on each."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refsync.formats.bibtex.format import read
from refsync.records import Record
from refsync.runs.private_folder import private_folder
from refsync.zotero.items.mapping import to_record
from refsync.zotero.sync.merge_base import SyncState
from refsync.zotero.sync.merge_units import agree, units_of
from tests.sweeps import examples
from tests.zotero.fault_injection import client_of
from tests.zotero.sync.workspace import (
    FILE,
    PATH,
    sync,
    text,
    write,
)
from tests.zotero_server import Server
from tests.zotero_server.state import World

TEXTS = st.sampled_from(
    ["", "kelp", "{BERT} nets", r"M{\"u}ller", "a--b", "x: y", r"\emph{odd} one", r"a \& b", "$x^2$"]
)


OURS = st.dictionaries(
    st.sampled_from(["title", "journal", "volume", "pages", "note", "mine", "publisher", "keywords", "author", "year"]),
    TEXTS,
    max_size=4,
)


PLAIN = st.sampled_from(["", "Kelp", "BERT nets", "Müller", "a–b", "y: x", "<i>odd</i> two", "a & c"])


THEIRS = st.dictionaries(
    st.sampled_from(["title", "publicationTitle", "volume", "pages", "extra", "publisher", "tags", "creators", "date"]),
    PLAIN,
    max_size=4,
)


UNIT_OF = {"journal": "journaltitle", "publicationTitle": "journaltitle", "year": "date", "extra": "note"}
UNIT_OF |= {"tags": "keywords", "creators": "author"}


def entry(key: str, fields: dict[str, str]) -> str:
    lines = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@article{{{key}{lines}\n}}\n"


def edited(server: Server, key: str, changes: dict[str, str]) -> None:
    now = server.library(PATH).items[key].data
    properties: dict[str, Any] = dict(changes)
    if "tags" in changes:
        properties["tags"] = [*now["tags"][1:], *([{"tag": changes["tags"]}] if changes["tags"] else [])]
    if "creators" in changes:
        name = changes["creators"]
        properties["creators"] = [{"creatorType": "author", "name": name}] if name else []
    if "extra" in changes:
        kept = [line for line in now["extra"].splitlines() if line.startswith("tex.")]
        properties["extra"] = "\n".join([*(["About " + changes["extra"]] if changes["extra"] else []), *kept])
    server.edit(PATH, key, **properties)


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(OURS, st.lists(st.tuples(OURS, THEIRS), min_size=1, max_size=3), st.sampled_from(["ask", "ours", "theirs"]))
def test_both_sides_agree_after_a_sync(
    running_server: tuple[Server, World],
    first: dict[str, str],
    rounds: list[tuple[dict[str, str], dict[str, str]]],
    policy: str,
) -> None:
    server, empty = running_server
    server.restore(empty)
    with client_of(server):
        fields = {"title": "Of crabs", "keywords": "one, two", "mine": "x", **first}
        write(entry("k1", fields))
        assert sync("-q") == 0
        (key,) = server.library(PATH).items
        conflicts: set[str] = set()
        for ours, theirs in rounds:
            fields = {**pair(server, key)[0].fields, **ours}
            write(entry("k1", fields))
            edited(server, key, theirs)
            changed, moved = pair(server, key)
            code = sync("-q", "--conflicts", policy)
            after, item = pair(server, key)
            conflicts = open_units() if code else set()
            assert not conflicts or policy == "ask"
            for name in {*units_of(after), *units_of(item)} - conflicts:
                one, other = units_of(after).get(name, {}), units_of(item).get(name, {})
                assert agree(name, one, other), (name, one, other)
            for name in {UNIT_OF.get(name, name) for name in ours} - {UNIT_OF.get(name, name) for name in theirs}:
                if name not in ("keywords", *conflicts):
                    assert units_of(after).get(name, {}) == units_of(changed).get(name, {})
            for name in {UNIT_OF.get(name, name) for name in theirs} - {UNIT_OF.get(name, name) for name in ours}:
                if name not in ("keywords", *conflicts):
                    assert agree(name, units_of(item).get(name, {}), units_of(moved).get(name, {}))
            kept = text()
            server.clear()
            assert sync("-q") == code
            assert (server.count(write=True), text()) == (0, kept)


def pair(server: Server, key: str) -> tuple[Record, Record]:
    (record,) = read(Path(FILE).read_bytes(), FILE).records
    return record, to_record(server.library(PATH).items[key].data)


def open_units() -> set[str]:
    (path,) = private_folder(Path(), "zotero").glob("*-sync.sqlite")
    with SyncState(Path(), path.name.removesuffix("-sync.sqlite")) as state:
        return {name for row in state.pairs(FILE).values() for name in row.open}
