"""`refsync run`: libraries, accounts and ledgers."""

import io
import itertools
import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.runs import apply, journal
from tests.cli.sample_files import FILES, entries, run_json
from tests.paths import SHARED
from tests.sweeps import parts

pytestmark = pytest.mark.usefixtures("sample_folder")
SHARED_PAGES = sorted(SHARED.joinpath("data/pages").glob("*.txt"))
needs_pages = pytest.mark.skipif(not SHARED_PAGES, reason="needs the saved pages in ../shared/data/pages")


def test_run_writes_a_library_and_an_account(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *FILES, "-o", "library.bib"]) == 0
    out, err = capsys.readouterr()
    written = entries()
    assert "okafor2025tide" in written
    assert 'Lindstr{\\"o}m, Per' in written["okafor2025tide"]
    assert any("keywords = {cs." in entry for entry in written.values())
    assert re.search(r"records read +17 +from 4 sources", out)
    assert "written to library.bib" in out
    assert err == ""
    assert ".refsync/runs/" in out


def test_the_account_in_json_and_the_ledger_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    account = run_json(capsys, "run", *FILES, "-o", "library.bib")
    assert account["schema"] == "refsync.run/1"
    assert account["records"] == 17
    assert account["records"] - account["merged"] == account["unique"] == len(entries())
    ledger = [json.loads(line) for line in Path(account["ledger"]).read_text(encoding="utf-8").splitlines()]
    fates = [line["became"] for line in ledger]
    assert fates.count("kept") == account["unique"]
    assert fates.count("merged") == account["merged"]
    assert len({(line["source"], line["index"]) for line in ledger}) == 17
    assert {line["key"] for line in ledger} == set(entries())
    plan = json.loads(Path(account["ledger"]).with_name("plan.json").read_text(encoding="utf-8"))
    assert {merge["state"] for merge in plan["merges"]} == {"accepted"}
    assert [item["source"] for item in plan["inputs"]] == list(FILES)


@pytest.mark.parametrize("part", parts(5))
def test_the_same_input_gives_the_same_bytes_and_any_order_the_same_entries(part: int) -> None:
    seen = []
    for number, order in enumerate([FILES, *[*itertools.permutations(FILES)][1 + part :: 5]]):
        assert main(["run", *order, "-o", f"{number}.bib", "-q"]) == 0
        seen.append(entries(f"{number}.bib"))
        if number == 0:
            assert main(["run", *order, "-o", "again.bib", "-q"]) == 0
            assert Path("again.bib").read_bytes() == Path("0.bib").read_bytes()
    assert all(one == seen[0] for one in seen)


def test_a_written_library_is_unchanged_by_a_second_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *FILES, "-o", "one.bib"]) == 0
    assert main(["run", "one.bib", "-o", "two.bib"]) == 0
    assert Path("two.bib").read_bytes() == Path("one.bib").read_bytes()


def test_input_from_a_pipe(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path("harbour_reading_list.txt").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
    account = run_json(capsys, "run", "-", "coauthor.bib", "-o", "library.bib")
    assert account["records"] == 9
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
    result = run_json(capsys, "dedupe", "-", "--from", "listing")
    assert result["records"] == 6


def test_output_to_a_pipe(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["run", *FILES, "-o", "library.bib", "-q"]) == 0
    capfdbinary.readouterr()
    assert main(["run", *FILES, "-o", "-", "-q"]) == 0
    out, err = capfdbinary.readouterr()
    assert out == Path("library.bib").read_bytes()
    assert b"records read" in err


def test_without_an_output_only_the_ledger_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    before = {path.name for path in Path().iterdir()}
    account = run_json(capsys, "run", *FILES)
    assert account["output"] is None
    assert {path.name for path in Path().iterdir()} == {*before, ".refsync"}
    assert Path(".refsync/.gitignore").read_text(encoding="utf-8") == "*\n"
    assert main(["dedupe", *FILES]) == main(["tag", *FILES]) == 0
    assert len(list(Path(".refsync/runs").iterdir())) == 1


def test_the_previous_library_is_kept() -> None:
    Path("library.bib").write_text("% mine\n", encoding="utf-8")
    assert main(["run", *FILES, "-o", "library.bib", "-q"]) == 0
    (folder,) = Path(".refsync/runs").iterdir()
    assert (folder / "before" / "1-library.bib").read_text(encoding="utf-8") == "% mine\n"
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["state"] == "applied"


def test_new_records_are_compared_with_a_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "trending_page.txt", "coauthor.bib", "-o", "library.bib", "-q"]) == 0
    capsys.readouterr()
    before = Path("library.bib").read_bytes()
    account = run_json(capsys, "run", "harbour_reading_list.txt", "--against", "library.bib", "-o", "new.bib")
    assert account["records"] == 6
    assert account["present"] == 3
    assert account["unique"] == 3 == len(entries("new.bib"))
    assert Path("library.bib").read_bytes() == before
    assert not set(entries("new.bib")) & set(entries("library.bib"))
    ledger = [json.loads(line) for line in Path(account["ledger"]).read_text(encoding="utf-8").splitlines()]
    assert [line["became"] for line in ledger].count("present") == 3
    found = run_json(capsys, "dedupe", "harbour_reading_list.txt", "--against", "library.bib")
    assert (found["records"], found["unique"]) == (6, 3)
    assert main(["dedupe", "harbour_reading_list.txt", "--against", "library.bib"]) == 0
    assert "already there" in capsys.readouterr().out
    assert main(["run", "trending_page.txt", "--against", "gone.bib"]) == 2


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("step", ["plan", "ledger", "output"])
def test_an_interrupt_leaves_the_old_library_intact(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], step: str, number: int, code: int
) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
    Path("library.bib").write_text("% mine\n", encoding="utf-8")

    def interrupted(path: Path, data: bytes) -> None:
        if step in path.name or (step == "output" and path.name == "library.bib" and "before" not in path.parts):
            signal.raise_signal(number)
        path.write_bytes(data)

    monkeypatch.setattr(apply, "replace_files", lambda writes, known: [*map(interrupted, writes, writes.values())])
    monkeypatch.setattr(journal, "replace_file", interrupted)
    before = signal.getsignal(signal.SIGTERM)
    assert main(["run", *FILES, "-o", "library.bib"]) == code
    assert signal.getsignal(signal.SIGTERM) is before
    assert "interrupted" in capsys.readouterr().err
    assert Path("library.bib").read_text(encoding="utf-8") == "% mine\n"


@needs_pages
def test_the_five_pages_have_31_groups_in_any_order_and_similar_titles_are_not_merged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pages = [str(path) for path in SHARED_PAGES]
    account = run_json(capsys, "run", *pages, "-o", "library.bib")
    assert (account["records"], account["unique"], account["merged"]) == (499, 465, 34)
    assert account["problems"] == []
    forward = entries()
    assert len(forward) == 465
    assert main(["run", *reversed(pages), "-o", "backward.bib", "-q"]) == 0
    assert entries("backward.bib") == forward

    capsys.readouterr()
    result = run_json(capsys, "dedupe", *pages)
    assert sorted(len(cluster["members"]) for cluster in result["clusters"]) == [2] * 28 + [3] * 3
    linked = [{(m["source"], m["index"]) for m in link["members"]} for link in [*result["versions"], *result["review"]]]
    ledger = Path(account["ledger"]).read_text(encoding="utf-8").splitlines()
    titles = {(record["source"], record["index"]): record["title"] for record in map(json.loads, ledger)}
    for one, other in [
        ("White-Box Transformers via Sparse Rate Reduction", "White-Box Transformers via Sparse Rate Reduction: "),
        ("Diffusion Models Beat GANs on Image Classification", "Do text-free diffusion models learn"),
    ]:
        assert any(
            {any(titles[m] == one for m in pair), any(titles[m].startswith(other) for m in pair)} == {True}
            for pair in linked
        ), one


@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
def test_biber_accepts_the_library_without_a_warning() -> None:
    assert (
        main(["run", *FILES, "-o", "library.bib", "-q", "--no-provenance"]) == 0
    )  # biber's data model has no such field
    command = ["biber", "--tool", "--validate-datamodel", "library.bib"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0
    missing = "one of 'date, year' must be defined"  # no date is invented
    assert [line for line in done.stdout.splitlines() if not line.startswith("INFO") and missing not in line] == []


@pytest.mark.skipif(shutil.which("bibtex") is None, reason="bibtex is not installed")
def test_bibtex_accepts_the_library_without_a_warning() -> None:
    assert main(["run", *FILES, "-o", "library.bib", "-q"]) == 0
    Path("x.aux").write_text("\\relax\n\\citation{*}\n\\bibstyle{plain}\n\\bibdata{library}\n", encoding="utf-8")
    done = subprocess.run(["bibtex", "x"], capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0
    assert "Warning" not in done.stdout


def test_tags_and_sources_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_json(capsys, "run", *FILES, "-o", "plain.bib", "--no-tags", "--no-provenance")["areas"] == {}
    text = Path("plain.bib").read_text(encoding="utf-8")
    assert "refsync-source" not in text
    assert "cs.CL" not in text
    Path("refsync.toml").write_text('[areas]\ntaxonomy = "none"\n[export]\nprovenance = false\n', encoding="utf-8")
    assert main(["run", *FILES, "-o", "configured.bib", "-q"]) == 0
    assert Path("configured.bib").read_text(encoding="utf-8") == text
    assert main(["run", *FILES, "-o", "x.bib", "--no-tags", "--taxonomy", "arxiv"]) == 2
