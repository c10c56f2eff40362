"""Whatever can happen on the way to a library: each command killed at every step, and each of its requests failing.

A `Story` is a command and the library that it meets. `strike` lets something happen at one step of it, goes on as a
person would, and says whether all ended as if nothing had happened. Used by the tests and by
`benchmarks/zotero_faults.py`.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import refsync.zotero.web.http
from refsync.cli import main
from refsync.zotero.items.relations import relations_of
from refsync.zotero.sync.merge_base import SyncState
from refsync.zotero.web.address import parse_address
from refsync.zotero.web.http import PatientClient
from refsync.zotero.web.journal import RemoteLog
from refsync.zotero.web.local_copy import Store
from tests.zotero_server import Server
from tests.zotero_server.state import World

LIBRARY, PATH = "zotero:user/12345", "users/12345"
HOME = "REFSYNC_TEST_HOME"
URI = f"http://zotero.org/{PATH}/items/"

FAULTS = (
    "timeout",
    "timeout-after",
    "429",
    "429 and a time",
    "409",
    "412",
    "500",
    "500-after",
    "503",
    "reset-before",
    "reset-after",
    "truncate",
)
"""What a request can meet; `-after`: the server did it, and nobody heard. A `truncate`d answer is one too."""

KILLS = ("before a request", "after a request", "at the disk", "in a line", "at the copy")
"""Where a run can be killed: around a request, before a file is on the disk, in a line of the journal, at SQLite."""


@dataclass(frozen=True)
class Story:
    """A command in a library.

    Attributes:
        name: for people.
        fill: makes the library, and the files in the working directory.
        before: commands that are not disturbed.
        changed: what others do between those and the command.
        command: what is disturbed.
        resumed: what people do to go on, by the way in which they do it.
    """

    name: str
    fill: Callable[[Server], None]
    command: tuple[str, ...]
    before: Sequence[tuple[str, ...]] = ()
    changed: Callable[[Server], None] = lambda _server: None
    resumed: Sequence[tuple[str, ...]] = ()


@dataclass(frozen=True)
class Ready:
    """A story at the point where its command begins: the state of the server and the files."""

    story: Story
    state: World
    files: dict[str, bytes]
    wanted: Any
    steps: dict[str, int]
    requests: tuple[str, ...]


@contextmanager
def quick(server: Server) -> Iterator[None]:
    """A server to work with in a folder of its own, and no waiting."""
    with tempfile.TemporaryDirectory(dir=_memory()) as above, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZOTERO_API_KEY", server.key)
        patch.setenv("ZOTERO_ENDPOINT", server.url)
        patch.setattr(refsync.zotero.web.http.time, "sleep", lambda _seconds: None)
        patch.setenv(HOME, above)
        patch.chdir(above)
        yield


def _memory() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def prepare(server: Server, story: Story) -> Ready:
    """Go to where the command begins, run it once undisturbed, and count its steps."""
    os.chdir(tempfile.mkdtemp(dir=os.environ[HOME]))
    server.restore(World())
    blank(server)
    story.fill(server)
    for command in story.before:
        assert run(command) == 0, (story.name, command)
    story.changed(server)
    state = server.save()
    files = {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    server.clear()
    steps = {}
    with ExitStack() as stack:
        counts = [stack.enter_context(_watched(kill)) for kill in KILLS]
        assert run(story.command) == 0, story.name
        steps = {kill: count() for kill, count in zip(KILLS, counts, strict=True)}
    requests = tuple(f"{entry.method} {entry.path.removeprefix('/' + PATH)}" for entry in server.log)
    return Ready(story, state, files, outcome(server), steps, requests)


def blank(server: Server) -> None:
    """An empty library whose clock stands still."""
    from tests.zotero_server.state import Library, rights

    server.world.users[12345] = "ada"
    server.world.keys[server.key] = rights(12345)
    server.world.libraries[PATH] = Library("users", 12345, "ada", slug="ada", now=lambda: "2026-01-01T00:00:00Z")


def run(command: Sequence[str]) -> int:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        return main(list(command))


def outcome(server: Server) -> Any:
    """What the library holds, and the files beside it; the order of relations means nothing."""
    held = server.library(PATH).snapshot()
    for item in held["items"].values():
        item["relations"] = {name: sorted(uris) for name, uris in item["relations"].items() if uris}
    return held, {path.name: path.read_text(encoding="utf-8") for path in sorted(Path().glob("*.bib"))}


def copy_is_true(server: Server) -> bool:
    """Whether the copy beside us holds what the library holds, where it says that it is of that version."""
    library = server.library(PATH)
    with Store(Path(), parse_address(LIBRARY, server.url).file_name) as store:
        kept = store.objects("items")
        return store.version != library.version or all(
            kept[key]["version"] == item.version
            and {name: set(uris) for name, uris in relations_of(kept[key]).items()}
            == {name: set(uris) for name, uris in item.data["relations"].items()}
            for key, item in library.items.items()
        )


def strike(server: Server, ready: Ready, how: str, number: int, way: int = 0) -> str:
    """Let one step go wrong, and go on until the command is through.

    Args:
        server: the server.
        ready: the story.
        how: one of `FAULTS` or `KILLS`.
        number: at which step, from 1.
        way: which of the story's ways to go on.

    Returns:
        `same`, or `same after going on` where people had to; else what is wrong.
    """
    for path in Path().iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name, content in ready.files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)
    server.restore(ready.state)
    if how in KILLS:
        with _watched(how, number):
            code = run(ready.story.command)
        if code != 130:
            return f"was not killed (exit code {code})"
    else:
        server.fail(how.split(maxsplit=1)[0], number, retry_after=1 if " " in how else None)
        with pytest.MonkeyPatch.context() as patch:
            if how.startswith("timeout"):
                patch.setattr(refsync.zotero.web.http, "TIMEOUT", 0.15)
            code = run(ready.story.command)
    server.faults.clear()
    ways = ready.story.resumed or (ready.story.command,)
    times = 0
    while code and times < 2:
        going_on = ways[way % len(ways)]
        if going_on[0] == "apply" and not _died():
            going_on = ready.story.command
        code = run(going_on)
        times += 1
    if outcome(server) != ready.wanted:
        return "DIFFERS"
    if not copy_is_true(server):
        return "the copy DIFFERS"
    if code and not (code == 2 and ready.story.command == ("undo",)):  # it was undone, and died right after
        return f"exit code {code} in the end"
    return "same after going on" if times else "same"


def _died() -> bool:
    found = (json.loads(path.read_text(encoding="utf-8")) for path in Path(".refsync/runs").glob("*/run.json"))
    return any(facts["state"] in ("planned", "stopped") and facts.get("remote") for facts in found)


@contextmanager
def _watched(kill: str, number: int = 0) -> Iterator[Callable[[], int]]:
    """Count the steps of one kind, and die at one of them."""
    seen = 0

    def now() -> bool:
        nonlocal seen
        seen += 1
        return seen == number

    with pytest.MonkeyPatch.context() as patch:

        def around(place: Any, name: str, *, after: bool = False) -> None:
            real = getattr(place, name)

            def instead(*given: Any, **options: Any) -> Any:
                die = now()
                if die and not after:
                    raise KeyboardInterrupt
                result = real(*given, **options)
                if die:
                    raise KeyboardInterrupt
                return result

            patch.setattr(place, name, instead)

        def torn(self: RemoteLog, said: Any) -> None:
            if now():
                self._file.write(json.dumps(said)[:40])
                self._file.flush()
                raise KeyboardInterrupt
            line(self, said)

        line = RemoteLog._line
        if kill == "in a line":
            patch.setattr(RemoteLog, "_line", torn)
        elif kill == "at the disk":
            around(os, "fsync")
            around(os, "replace")
        elif kill == "at the copy":
            for name in ("put", "set_facts", "add_coming", "arrived"):
                around(Store, name)
            for name in ("propose", "put"):
                around(SyncState, name)
        else:
            around(PatientClient, "_once", after=kill.startswith("after"))
        yield lambda: seen


# The stories


def paper(key: str, added: str, title: str, **more: Any) -> dict[str, Any]:
    author = {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"}
    given = {"itemType": "journalArticle", "title": title, "creators": [author], "date": "2020", "version": 0}
    return {"key": key, **given, "dateAdded": f"{added}T00:00:00Z", **more}


def _fill_for_push(papers: int) -> Callable[[Server], None]:
    abstract = (
        "We segment images of objects with convolutional neural networks and show better accuracy on benchmarks of "
        "semantic segmentation."
    )

    def fill(server: Server) -> None:
        server.add(PATH, paper("KELPAAAA", "2020-02-02", "Learning of kelp forests by their growth", DOI="10.1/kelp"))
        entries = ["@article{kelp, title={Learning of kelp forests by their growth}, doi={10.1/KELP}, volume=7}"]
        entries += [
            "@article{tides21, title={Tides of a bay of which nobody wrote}, author={Roe, Ann}, journal={J. Bay}, "
            "year=2021, doi={10.1000/tides}}",
            "@misc{tides20, title={Tides of a bay of which nobody wrote}, author={Roe, Ann}, year=2020, "
            "eprint={2001.00001}, eprinttype={arxiv}}",
        ]
        entries += [
            f"@misc{{a{n}, title={{Segmentation of images, part {n * n + n}, with networks}}, author={{Roe, A{n}}}, "
            f"year={1950 + n}, abstract={{{abstract}}}}}"
            for n in range(papers)
        ]
        Path("a.bib").write_text("\n".join(entries) + "\n", encoding="utf-8")

    return fill


def _fill_for_merge(server: Server) -> None:
    cited = "%7B%22uris%22%3A%5B%22http%3A%2F%2Fzotero.org%2Fusers%2F12345%2Fitems%2FKELPBBBB%22%5D%7D"
    title = "Learning of kelp forests by their growth"
    file = {"itemType": "attachment", "linkMode": "imported_file", "contentType": "application/pdf", "title": "p.pdf"}
    file |= {"filename": "p.pdf", "md5": "1" * 32}
    mark = {"itemType": "annotation", "annotationType": "highlight", "annotationText": "kelp"}
    mark |= {"annotationColor": "#ffd400", "annotationSortIndex": "00000|000000|00000"}
    mark |= {"annotationPosition": '{"pageIndex":0,"rects":[[1,2,3,4]]}', "key": "ANNAAAAA", "parentItem": "FLEBBBBB"}
    server.add(
        PATH,
        paper("KELPAAAA", "2020-02-02", title, DOI="10.1000/kelp.1", tags=[{"tag": "shared", "type": 1}]),
        paper("KELPBBBB", "2021-01-01", title, DOI="10.1000/KELP.1", volume="7", tags=[{"tag": "theirs"}]),
        paper("SHELLAAA", "2018-01-01", "Sorting shells by their colours", DOI="10.1000/shell", volume="1"),
        paper("SHELLBBB", "2017-07-07", "Sorting shells by their colours", DOI="10.1000/shell", issue="2"),
        paper("QTHRAAAA", "2016-01-02", "Whales seen from a lighthouse", relations={"dc:relation": [URI + "KELPBBBB"]}),
        {**file, "key": "FLEAAAAA", "parentItem": "KELPAAAA"},
        {**file, "key": "FLEBBBBB", "parentItem": "KELPBBBB", "tags": [{"tag": "printed"}]},
        mark,
        {
            "key": "NTEAAAAA",
            "itemType": "note",
            "parentItem": "KELPBBBB",
            "note": f'<p><span data-citation="{cited}">x</span><img data-attachment-key="FLEBBBBB"></p>',
        },
    )


def _fill_for_pull(server: Server) -> None:
    server.add(
        PATH,
        *(paper(f"KELP{n}AAA", "2020-01-01", f"Kelp, part {n}", volume=str(n), issue="1") for n in range(2, 7)),
    )


def _others_at_work(server: Server) -> None:
    server.edit(PATH, "KELP2AAA", volume="70", issue="")
    server.add(PATH, paper("KELP7AAA", "2020-01-01", "Kelp, part 7"))
    server.library(PATH).erase_items(["KELP6AAA"])


FILE = """% mine
@article{kelp2, title = {Kelp, part 2}, author = {Roe, Ann}, year = 2020, volume = 2, number = 1, keywords = {old}}
@Article{kelp3,
  title  = {Kelp, part 3},
  author = {Roe, Ann}, year = 2020, groups = {Sea},
}
@article{kelp4, title = {Kelp, part 4}, author = {Roe, Ann}, year = 2020, volume = 4, number = 1}
@article{kelp5, title = {Kelp, part 5}, author = {Roe, Ann}, year = 2020, volume = 5, number = 1}
@book{shells, title = {Shells and sand}, year = 1999}
"""


def _fill_for_sync(server: Server) -> None:
    _fill_for_pull(server)
    Path("refs.bib").write_text(FILE, encoding="utf-8")


def _both_at_work(server: Server) -> None:
    server.edit(PATH, "KELP2AAA", volume="70", issue="", tags=[{"tag": "old"}, {"tag": "theirs"}], pages="1-9")
    server.edit(PATH, "KELP4AAA", deleted=1)
    server.library(PATH).erase_items(["KELP6AAA"])
    server.add(PATH, paper("KELP7AAA", "2020-01-01", "Kelp, part 7"))
    text = (
        Path("refs.bib").read_text(encoding="utf-8").replace("keywords = {old}", "keywords = {old, ours}, pages = {2}")
    )
    text = text.replace("year = 2020, groups = {Sea},\n", "year = 2021, groups = {Bay},\n").replace(
        "@book{shells, ", "@book{sea, "
    )
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("@article{kelp5")]
    more = "@misc{crabs, title = {On crabs that climb}, year = 2001}\n"
    Path("refs.bib").write_text("".join(lines) + more, encoding="utf-8")


SYNC = ("sync", "refs.bib", LIBRARY, "--deletions", "apply", "--conflicts", "ours")
PUSH = ("push", "a.bib", LIBRARY, "--collections", "--profile", "careful")
MERGE = ("dedupe", LIBRARY, "--apply")
PULL = ("pull", LIBRARY, "-o", "out.bib")
RESUME = ("apply", "--resume")


def stories(papers: int) -> list[Story]:
    """All of them; a push of so many new papers."""
    push, merge = _fill_for_push(papers), _fill_for_merge
    return [
        Story("push", push, PUSH, resumed=(RESUME, PUSH)),
        Story("undo of a push", push, ("undo",), before=(PUSH,)),
        Story("merge", merge, MERGE, resumed=(RESUME, MERGE)),
        Story("undo of a merge", merge, ("undo",), before=(MERGE,)),
        Story("pull", _fill_for_pull, PULL, before=(PULL,), changed=_others_at_work),
        Story("first sync", _fill_for_sync, SYNC, resumed=(RESUME, SYNC)),
        Story("sync", _fill_for_sync, SYNC, before=(SYNC,), changed=_both_at_work, resumed=(RESUME, SYNC)),
        Story("undo of a sync", _fill_for_sync, ("undo",), before=(SYNC,)),
    ]
