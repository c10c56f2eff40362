"""Replies that are not Zotero's, such as the login page of a hotel's network, end every command with an error."""

from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.zotero_server import Server

LIBRARY, PATH = "zotero:user/12345", "users/12345"
FOREIGN = ("login page", "other list", "other object", "empty reply")
KELP: dict[str, Any] = {"itemType": "book", "title": "Kelp", "citationKey": "kelp"}

pytestmark = pytest.mark.usefixtures("client_environment")


@pytest.mark.parametrize("how", FOREIGN)
@pytest.mark.parametrize("command", ["pull", "push", "sync", "dedupe", "against"])
def test_are_recognised_at_every_request(
    server: Server, capsys: pytest.CaptureFixture[str], command: str, how: str
) -> None:
    file = "@book{kelp, title = {Kelp}}\n\n@book{shells, title = {Shells and sand}}\n"
    commands = {
        "pull": ["pull", LIBRARY, "-o", "out.bib"],
        "push": ["push", "a.bib", LIBRARY, "--no-tags"],
        "sync": ["sync", "a.bib", LIBRARY],
        "dedupe": ["dedupe", LIBRARY, "--apply"],
        "against": ["dedupe", "a.bib", "--against", LIBRARY],
    }
    state = None
    for number in range(1, 20):
        for path in (*Path(".refsync").rglob("*.sqlite"), *Path().glob("*.bib")):
            path.unlink()
        Path("a.bib").write_text(file, encoding="utf-8")
        if state is None:
            server.add(PATH, KELP, {**KELP, "citationKey": "kelp2"}, {"itemType": "book", "title": "Whales"})
            state = server.save()
        server.restore(state)
        fault = server.fail(how, number, times=None)
        before = server.library(PATH).snapshot()
        code = main(commands[command])
        output = capsys.readouterr()
        if fault.seen < number:  # all requests of the command have been replaced once
            break
        assert code in (2, 3)
        assert "127.0.0.1 answers with status 200, but not as Zotero does" in output.err
        assert ("'Harbour Hotel'" in output.err) == (how == "login page")
        written = [entry for entry in server.log if entry.write and not entry.fault]
        assert written or server.library(PATH).snapshot() == before
        assert Path("a.bib").read_text(encoding="utf-8") == file
    assert number > 2


def test_the_copy_survives(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty list in the server's place is not an empty library."""
    server.add(PATH, KELP)
    assert main(["sync", "a.bib", LIBRARY]) == 0
    text = Path("a.bib").read_text(encoding="utf-8")
    server.edit(PATH, next(iter(server.library(PATH).items)), volume="7")
    server.fail("other list", 2, times=None)
    assert main(["sync", "a.bib", LIBRARY, "--deletions", "apply"]) == 2
    assert Path("a.bib").read_text(encoding="utf-8") == text
    server.faults.clear()
    capsys.readouterr()
    assert main(["sync", "a.bib", LIBRARY]) == 0
    assert "volume = {7}" in Path("a.bib").read_text(encoding="utf-8")
