"""Syncing after random edits on both sides: values, keys, types, deletions and new papers."""

import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refsync.cli import main
from refsync.formats.bibtex.format import read
from refsync.runs.private_folder import private_folder
from refsync.zotero.items.mapping import to_item, to_record
from refsync.zotero.sync.groups import FIELD
from refsync.zotero.sync.merge_base import SyncedPair, SyncState
from refsync.zotero.sync.merge_units import KEY, TYPE, agree, list_members, units_of
from tests.sweeps import examples
from tests.zotero.fault_injection import FOLDER, LIBRARY, PATH, client_of
from tests.zotero_server import Server
from tests.zotero_server.state import Failure, World

FILE = Path("refs.bib")
FIELDS = (
    "title subtitle journal journaltitle booktitle year month date volume number pages doi note mine publisher school "
    "institution keywords author editor eprint archiveprefix primaryclass abstract url urldate isbn ids crossref type "
    "howpublished address edition series langid file groups"
).split()
VALUES = ["", "kelp", "{BERT} nets", r"M{\"u}ller and Roe, Ann", "1--9", "x: y", r"\emph{odd} one", r"a \& b", "2020"]
VALUES += ["2021-05-01", "$x^2$", "10.1000/xyz", "in press", "one, two, {three, four}", "https://a.b/c_d"]
VALUES += ["{Kelp Group} and others"]
PROPERTIES = (
    "title publicationTitle proceedingsTitle bookTitle volume issue pages extra publisher tags creators date DOI url "
    "abstractNote place edition series language accessDate institution university citationKey shortTitle"
).split()
ITEM_VALUES = ["", "Kelp", "BERT nets", "Müller", "1–9", "y: x", "<i>odd</i> two", "a & c", "2019", "May 2018"]
ITEM_VALUES += ["2017-03", "10.1000/abc", "http://x.y/z", "in press"]
TYPES = "article book misc inproceedings phdthesis techreport online incollection unpublished dataset".split()
ITEM_TYPES = "journalArticle book document conferencePaper thesis report webpage bookSection preprint dataset".split()

Entries = dict[str, tuple[str, dict[str, str]]]


@pytest.fixture(scope="module")
def running(running_server: tuple[Server, World]) -> Iterator[tuple[Server, World]]:
    with client_of(running_server[0]):
        yield running_server


class BothSides:
    """A file and a library, with random edits of both."""

    def __init__(self, server: Server, chance: random.Random) -> None:
        self.server, self.chance, self.papers = server, chance, 0

    def new(self) -> dict[str, str]:
        """The fields of another paper."""
        self.papers += 1
        words = "".join(self.chance.choices("abcdefgh", k=8))
        about = self.chance.choice(["crabs", "whales", "kelp"])
        more = {self.chance.choice(FIELDS): self.chance.choice(VALUES) for _ in range(self.chance.randint(0, 4))}
        title = f"Paper number {self.papers} of {about} {words}"
        return {"title": title, "year": str(1950 + self.papers), "author": f"Roe, A{self.papers}", **more}

    def write(self, entries: Entries) -> None:
        text = "% head\n\n"
        for key, (type_, fields) in entries.items():
            lines = "".join(f",\n  {name} = {{{value}}}" for name, value in fields.items() if value)
            text += f"@{type_}{{{key}{lines}}}\n\n"
        FILE.write_text(text + "@comment{end}\n", encoding="utf-8")

    def edit_file(self) -> None:
        entries: Entries = {record.id: (record.type, dict(record.fields)) for record in records().values()}
        for _ in range(self.chance.randint(0, 4)):
            what, keys = self.chance.random(), list(entries)
            key = self.chance.choice(keys) if keys else ""
            if not key or what < 0.12:
                entries[f"k{self.papers + 1}"] = (self.chance.choice(TYPES), self.new())
            elif what < 0.2:
                entries[f"r{self.chance.randint(0, 9)}"] = entries.pop(key)
            elif what < 0.3:
                del entries[key]
            elif what < 0.4:
                entries[key] = (self.chance.choice(TYPES), entries[key][1])
            else:
                entries[key][1][self.chance.choice(FIELDS)] = self.chance.choice(VALUES)
        self.write(entries)

    def edit_library(self) -> None:
        library = self.server.library(PATH)
        for _ in range(self.chance.randint(0, 4)):
            what, keys = self.chance.random(), list(self.alive())
            key = self.chance.choice(keys) if keys else ""
            if not key or what < 0.1:
                named = {"citationKey": self.chance.choice(["", f"z{self.chance.randint(0, 9)}"])}
                item = {"itemType": self.chance.choice(ITEM_TYPES), "title": self.new()["title"], **named}
                self.server.add(PATH, item)
            elif what < 0.18:
                self.server.edit(PATH, key, deleted=1)
            elif what < 0.24:
                library.erase_items([key])
            else:
                name = "itemType" if what < 0.3 else self.chance.choice(PROPERTIES)
                try:
                    self.server.edit(PATH, key, **{name: self._value(name, library.items[key].data)})
                except Failure:
                    assert name not in ("tags", "title", "extra")  # not a field of its type

    def _value(self, name: str, now: dict[str, Any]) -> Any:
        value = self.chance.choice(ITEM_VALUES)
        match name:
            case "itemType":
                return self.chance.choice(ITEM_TYPES)
            case "tags":
                kept = [tag for tag in now["tags"] if self.chance.random() < 0.7]
                return [*kept, *([{"tag": value}] if value else [])]
            case "creators":
                return [{"creatorType": "author", "name": value}] if value else []
            case "extra":
                return "\n".join([value, *(line for line in now["extra"].splitlines() if self.chance.random() < 0.8)])
            case "citationKey":
                return f"z{self.chance.randint(0, 9)}"
        return value

    def alive(self) -> dict[str, dict[str, Any]]:
        things = self.server.library(PATH).items
        return {key: thing.data for key, thing in things.items() if not thing.data.get("deleted")}


def records() -> dict[str, Any]:
    data = FILE.read_bytes()
    return {record.id: record for record in read(data, str(FILE)).records} if data.strip() else {}


def sync(*options: str) -> int:
    return main(["sync", str(FILE), LIBRARY, "-q", *options])


def remembered() -> dict[str, SyncedPair]:
    (path,) = private_folder(Path(), "zotero").glob("*-sync.sqlite")
    with SyncState(Path(), path.name.removesuffix("-sync.sqlite")) as state:
        return state.pairs(str(FILE))


@settings(max_examples=examples(15), suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_random_edits_on_both_sides(running: tuple[Server, World], chance: random.Random) -> None:
    server, empty = running
    server.restore(empty)
    os.chdir(tempfile.mkdtemp(dir=os.environ[FOLDER]))
    sides = BothSides(server, chance)
    sides.write({f"k{n}": (chance.choice(TYPES), sides.new()) for n in range(chance.randint(1, 4))})
    server.add(PATH, *({"itemType": chance.choice(ITEM_TYPES), "title": sides.new()["title"]} for _ in range(2)))
    assert sync("--conflicts", "ours", "--deletions", "keep") == 0
    for _ in range(chance.randint(1, 3)):
        sides.edit_file()
        sides.edit_library()
        conflicts = chance.choice(["ask", "ours", "theirs", "newest"])
        policies = ("--conflicts", conflicts, "--deletions", chance.choice(["ask", "keep", "apply"]))
        code = sync(*policies)
        assert code in (0, 3)
        check_again(server, policies, code)
        if code == 0 or chance.random() < 0.5:
            assert sync("--conflicts", "ours", "--deletions", "keep") == 0
            check_agreement(sides)


def check_again(server: Server, policies: tuple[str, ...], code: int) -> None:
    """A second sync does nothing, and the text between entries is unchanged."""
    kept = FILE.read_text(encoding="utf-8")
    assert kept.startswith("% head")
    assert "@comment{end}" in kept
    server.clear()
    assert sync(*policies) == code
    assert (server.count(write=True), server.count(), FILE.read_text(encoding="utf-8")) == (0, 2, kept)


def check_agreement(sides: BothSides) -> None:
    """Each entry has its item, with the same values."""
    rows, entries, items = remembered(), records(), sides.alive()
    collections = sides.server.library(PATH).collections
    grouped = any(record.get(FIELD) for record in entries.values())
    assert rows.keys() == items.keys()
    assert {row.key for row in rows.values()} == entries.keys()
    for key, row in rows.items():
        ours, theirs = units_of(entries[row.key]), units_of(to_record(items[key]))
        for name in (ours.keys() | theirs.keys()) - {KEY, TYPE, FIELD}:
            assert agree(name, ours.get(name, {}), theirs.get(name, {})), (name, ours, theirs)
        if grouped:
            names = {collections[at].data["name"] for at in items[key]["collections"]}
            assert names == list_members(FIELD, ours.get(FIELD, {})).keys()
        assert ours[TYPE] == theirs[TYPE] or to_item(entries[row.key])["itemType"] == items[key]["itemType"]
