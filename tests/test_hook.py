"""The hooks run by the real `pre-commit` and `prek` in a temporary repository."""

import json
import os
import re
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from refsync.cites.scan import SUFFIXES
from tests.git_repository import BIN, CLEAN, TWICE, Repository
from tests.paths import ROOT

HOOKS = ROOT / ".pre-commit-hooks.yaml"
SLOW = "REFSYNC_INSTALL_HOOKS"
RUNNERS = ("pre-commit", "prek")
SAME = "'doe2020kelp' is the same paper as 'doe2020'"

yaml = pytest.importorskip("yaml", reason="needs PyYAML, which comes with pre-commit")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


@pytest.fixture(params=[pytest.param("pre-commit", marks=pytest.mark.sweep), "prek"])
def runner(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    if not (which("git") and (BIN / name).exists() and (BIN / "refsync").exists()):
        pytest.skip(f"needs git, and {name} and refsync next to this Python")
    return name


def hooks() -> dict[str, dict[str, Any]]:
    declared = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    return {hook["id"]: hook for hook in declared}


def use(repository: Repository, runner: str, *ids: str, **settings: object) -> None:
    """Configure hooks as they are declared, but run from this environment, and install them."""
    chosen = [{**hooks()[name], "language": "system", **settings} for name in ids]
    repository.write(".pre-commit-config.yaml", json.dumps({"repos": [{"repo": "local", "hooks": chosen}]}))
    repository(runner, "install")


def commit(repository: Repository, message: str, code: int = 0) -> str:
    return repository("git", "commit", "-m", message, code=code)


def text_of(repository: Repository, name: str) -> str:
    return (repository.folder / name).read_bytes().decode()


def test_the_hooks_are_declared() -> None:
    declared = hooks()
    assert [*declared] == ["refsync-check", "refsync-check-cites", "refsync-fix", "refsync-format"]
    assert all((hook["language"], hook["require_serial"]) == ("python", True) for hook in declared.values())
    with_documents = declared.pop("refsync-check-cites")
    assert [hook["types"] for hook in declared.values()] == [["bib"]] * 3
    assert with_documents["entry"] == declared["refsync-check"]["entry"]
    names = [f"a{suffix}" for suffix in (".bib", *SUFFIXES)]
    assert [name for name in names if not re.search(with_documents["files"], name)] == []
    assert not re.search(with_documents["files"], "a.txt")


def test_a_commit_with_a_duplicate_is_refused_fixed_and_passes(repository: Repository, runner: str) -> None:
    check, fix = ({**hooks()[name], "language": "system"} for name in ("refsync-check", "refsync-fix"))
    config = {"repos": [{"repo": "local", "hooks": [check, {**fix, "stages": ["manual"]}]}]}
    repository.write(".pre-commit-config.yaml", json.dumps(config))
    repository.write("refs/library.bib", CLEAN)
    repository.write("notes.txt", TWICE)  # not a .bib file
    repository(runner, "install")
    assert "Passed" in commit(repository, "A clean library")

    repository.write("refs/library.bib", CLEAN + TWICE)
    refused = commit(repository, "A duplicate", code=1)
    assert "Failed" in refused
    assert f"refs/library.bib:14:10: RS101 error: {SAME} (line 7): same DOI 10.5555/1" in refused
    assert "`refsync check --fix refs/library.bib` fixes 1 of them" in refused

    fixed = repository(runner, "run", "refsync-fix", "--hook-stage", "manual", "--all-files", code=1)
    assert "files were modified by this hook" in fixed
    assert "doe2020kelp -> doe2020" in fixed
    assert text_of(repository, "refs/library.bib") == CLEAN + TWICE[: TWICE.index("\n@article{doe2020kelp")].replace(
        "{10.5555/1},\n}", "{10.5555/1},\n  journal = {Journal of Kelp},\n}"
    )
    repository(runner, "run", "refsync-fix", "--hook-stage", "manual", "--all-files")
    repository("git", "add", "--update")
    assert "Passed" in commit(repository, "No duplicate")
    assert repository("git", "status", "--porcelain") == ""  # the journal of --fix ignores itself


def test_a_file_is_formatted_as_the_configuration_says_and_then_passes(repository: Repository, runner: str) -> None:
    use(repository, runner, "refsync-format")
    repository.write("refsync.toml", '[format]\npreset = "minimal"\n')
    repository.write("refs/library.bib", CLEAN.replace("@article", "@ARTICLE"))
    output = commit(repository, "A library", code=1)
    assert "files were modified by this hook" in output
    assert "refs/library.bib: formatted: 1 of 1 entry changed" in output
    assert text_of(repository, "refs/library.bib") == CLEAN
    repository("git", "add", "--update")
    assert "Passed" in commit(repository, "A library")


@pytest.mark.parametrize("runner", RUNNERS, indirect=True)
def test_what_is_staged_is_checked_and_the_rest_stays(repository: Repository, runner: str) -> None:
    use(repository, runner, "refsync-check")
    repository.write("library.bib", CLEAN)
    commit(repository, "A library")
    repository.write("library.bib", CLEAN + TWICE)
    (repository.folder / "library.bib").write_text(CLEAN, encoding="utf-8")  # not staged
    assert SAME in commit(repository, "A duplicate", code=1)
    assert text_of(repository, "library.bib") == CLEAN

    repository.write("library.bib", CLEAN + "\n")
    (repository.folder / "library.bib").write_text(CLEAN + TWICE, encoding="utf-8")
    assert "Passed" in commit(repository, "A line")
    assert text_of(repository, "library.bib") == CLEAN + TWICE


def test_a_renamed_file_keeps_its_baseline(repository: Repository, runner: str) -> None:
    use(repository, runner, "refsync-check")
    repository.write("refsync.toml", '[check]\nbaseline = "baseline.json"\n')
    repository.write("old.bib", CLEAN + TWICE)
    repository("refsync", "check", "old.bib", "--write-baseline", "baseline.json")
    repository("git", "add", "baseline.json")
    assert "Passed" in commit(repository, "A duplicate that is known")
    (repository.folder / "refs").mkdir()
    repository("git", "mv", "old.bib", "refs/new.bib")
    assert "Passed" in commit(repository, "Moved")
    repository.write("refs/new.bib", CLEAN + TWICE + TWICE.replace("Kelp", "Moss").replace("kelp", "moss"))
    assert "doe2020moss" in commit(repository, "Another duplicate", code=1)


@pytest.mark.sweep
def test_files_in_folders_have_their_own_settings(repository: Repository, runner: str) -> None:
    use(repository, runner, "refsync-check")
    repository.write("talk/refsync.toml", '[check]\nignore = ["RS1"]\n')
    repository.write("talk/refs/library.bib", TWICE)
    repository.write("paper/with space/library.bib", CLEAN)
    assert "Passed" in commit(repository, "Two bibliographies")
    repository.write("paper/with space/library.bib", TWICE)
    refused = commit(repository, "A duplicate", code=1)
    assert f"paper/with space/library.bib:9:10: RS101 error: {SAME}" in refused
    assert "talk" not in refused


@pytest.mark.sweep
def test_a_submodule_is_its_own_repository(repository: Repository, runner: str, tmp_path: Path) -> None:
    shared = Repository(tmp_path / "shared")
    shared.write("library.bib", TWICE)
    commit(shared, "A duplicate that is not ours")
    use(repository, runner, "refsync-check", "refsync-check-cites")
    repository.write("paper.bib", CLEAN)
    repository("git", "-c", "protocol.file.allow=always", "submodule", "add", str(shared.folder), "shared")
    assert "Failed" not in commit(repository, "A submodule")
    assert "Failed" not in repository(runner, "run", "--all-files")


@pytest.mark.sweep
def test_line_ends_stay(repository: Repository, runner: str) -> None:
    use(repository, runner, "refsync-fix")
    repository.write(".gitattributes", "*.bib -text\n")
    repository.write("library.bib", (CLEAN + TWICE).replace("\n", "\r\n"))
    assert "files were modified by this hook" in commit(repository, "A duplicate", code=1)
    text = text_of(repository, "library.bib")
    assert text.count("\n") == text.count("\r\n")
    assert "doe2020kelp" not in text
    repository("git", "add", "--update")
    assert "Passed" in commit(repository, "A library")


@pytest.mark.sweep
def test_a_library_of_twenty_thousand_entries_is_checked(repository: Repository, runner: str) -> None:
    use(repository, runner, "refsync-check", args=["--select", "RS2,RS3"])
    entries = "".join(f"@misc{{k{number}, title = {{Moss {number}}}, year = 2001}}\n" for number in range(20_000))
    repository.write("library.bib", entries)
    assert "Passed" in commit(repository, "A large library")
    repository.write("library.bib", entries + "@misc{k77, title = {Kelp}}\n")
    assert "library.bib:20001:7: RS201 error" in commit(repository, "A key used twice", code=1)


def test_a_commit_of_a_document_alone_is_checked(repository: Repository, runner: str) -> None:
    use(repository, runner, "refsync-check-cites", verbose=True)
    repository.write("refs/library.bib", CLEAN)
    repository.write("refs/talk.bib", "@book{reef2010, title = {Reefs}, author = {Poe, Ann}, year = 2010}\n")
    repository.write("talk.tex", "See \\cite{reef2010}.\n\\bibliography{refs/talk}\n")
    repository.write("paper.tex", "See \\cite{moss2001}.\n\\bibliography{refs/library}\n")
    repository.write("README.md", "# Moss\n\nNo citations.\n")
    assert "Passed" in commit(repository, "A paper")
    repository.write("chapters/two.tex", "See \\cite{kelp1999}.\n")
    repository.write("paper.tex", "See \\cite{moss2001}.\n\\input{chapters/two}\n\\bibliography{refs/library}\n")
    assert "chapters/two.tex:1:11: RS204 error: 'kelp1999' is cited" in commit(repository, "A chapter", code=1)
    repository.write("chapters/two.tex", "Nothing yet.\n")
    output = commit(repository, "Another chapter")
    assert "Passed" in output
    assert "RS205" not in output
    repository.write("other.tex", "None of it.\n\\bibliography{refs/library}\n")
    assert "RS205" not in commit(repository, "A paper that cites less")


@pytest.mark.sweep
def test_documents_of_the_configuration_are_read_too(repository: Repository, runner: str) -> None:
    use(repository, runner, "refsync-check-cites")
    repository.write("refsync.toml", '[check]\nextend-select = ["RS205"]\n')
    repository.write("refs/library.bib", CLEAN)
    repository.write("text/paper.md", "---\nbibliography: ../refs/library.bib\n---\nSee @moss2001.\n")
    repository.write("refsync.toml", 'cites = ["text/"]\n')
    assert "Passed" in commit(repository, "A paper")
    repository.write("text/paper.md", "---\nbibliography: ../refs/library.bib\n---\nSee @moss2002.\n")
    assert "text/paper.md:4:6: RS204 error: 'moss2002' is cited" in commit(repository, "Another year", code=1)
    repository.write("refs/library.bib", CLEAN.replace("moss2001", "moss2002"))
    assert "Passed" in commit(repository, "Its entry")


@pytest.mark.skipif(not os.environ.get(SLOW), reason=f"installs refsync from the index, minutes; {SLOW}=1 does it")
@pytest.mark.parametrize("runner", RUNNERS, indirect=True)
def test_the_hooks_install_from_this_checkout(repository: Repository, runner: str) -> None:
    del repository.env["PYTHONPATH"]
    ids = [{"id": name} for name in hooks()]
    revision = repository("git", "-C", str(ROOT), "rev-parse", "HEAD").strip()
    config = {"repos": [{"repo": ROOT.as_uri(), "rev": revision, "hooks": ids}]}
    repository.write(".pre-commit-config.yaml", json.dumps(config))
    repository.write("library.bib", CLEAN + TWICE)
    output = repository(runner, "run", "--all-files", code=1)
    assert "RS101 error" in output
    assert "files were modified by this hook" in output
    repository(runner, "run", "--all-files")
