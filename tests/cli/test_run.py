"""The command line, from arguments to files and exit codes."""

import io
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import refsync
from refsync.cli import main
from refsync.runs import apply, journal
from tests.paths import SHARED

SAMPLE = Path(refsync.__file__).parent / "sample"
SHARED_PAGES = sorted(SHARED.joinpath("data/pages").glob("*.txt"))
FILES = ("harbour_reading_list.txt", "trending_page.txt", "coauthor.bib", "database_export.csv")
MAIN = "import sys; from refsync.cli import main; sys.exit(main())"
needs_pages = pytest.mark.skipif(not SHARED_PAGES, reason="needs the saved pages in ../shared/data/pages")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with the sample in it."""
    for name in FILES:
        shutil.copy(SAMPLE / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main([*arguments, "--format", "json"]) == code
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def entries(path: str = "library.bib") -> dict[str, str]:
    text = Path(path).read_text(encoding="utf-8")
    return {match[1]: match[0] for match in re.finditer(r"@\w+\{([^,]+),\n(?:  .*\n)*\}", text)}


def files_here() -> set[str]:
    return {path.name for path in Path().iterdir()}


# The main job


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


def test_the_same_input_gives_the_same_bytes_and_any_order_the_same_entries() -> None:
    seen = []
    for number, order in enumerate(itertools.permutations(FILES)):
        assert main(["run", *order, "-o", f"{number}.bib", "-q"]) == 0
        seen.append(entries(f"{number}.bib"))
        if number == 0:
            assert main(["run", *order, "-o", "again.bib", "-q"]) == 0
            assert Path("again.bib").read_bytes() == Path("0.bib").read_bytes()
    assert all(one == seen[0] for one in seen)


def test_a_library_of_ours_runs_again_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *FILES, "-o", "one.bib"]) == 0
    assert main(["run", "one.bib", "-o", "two.bib"]) == 0
    assert Path("two.bib").read_bytes() == Path("one.bib").read_bytes()


def test_input_from_a_pipe(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path("harbour_reading_list.txt").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    account = run_json(capsys, "run", "-", "coauthor.bib", "-o", "library.bib")
    assert account["records"] == 9
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    result = run_json(capsys, "dedupe", "-", "--from", "listing")
    assert result["records"] == 6


def test_output_to_a_pipe(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["run", *FILES, "-o", "library.bib", "-q"]) == 0
    capfdbinary.readouterr()
    assert main(["run", *FILES, "-o", "-", "-q"]) == 0
    out, err = capfdbinary.readouterr()
    assert out == Path("library.bib").read_bytes()
    assert b"records read" in err


def test_without_an_output_nothing_is_written_but_the_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    before = files_here()
    account = run_json(capsys, "run", *FILES)
    assert account["output"] is None
    assert files_here() == {*before, ".refsync"}
    assert Path(".refsync/.gitignore").read_text() == "*\n"
    assert main(["dedupe", *FILES]) == main(["tag", *FILES]) == 0
    assert len(list(Path(".refsync/runs").iterdir())) == 1


def test_the_state_before_is_kept() -> None:
    Path("library.bib").write_text("% mine\n")
    assert main(["run", *FILES, "-o", "library.bib", "-q"]) == 0
    (folder,) = Path(".refsync/runs").iterdir()
    assert (folder / "before" / "1-library.bib").read_text() == "% mine\n"
    assert json.loads((folder / "run.json").read_text())["state"] == "applied"


# One stage at a time


def test_dedupe_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "dedupe", *FILES)
    assert (result["schema"], result["records"]) == ("refsync.dedupe/1", 17)
    removed = sum(len(cluster["members"]) - 1 for cluster in result["clusters"])
    assert result["unique"] == 17 - removed
    assert {cluster["verdict"] for cluster in result["clusters"]} == {"same"}
    whispers = next(c for c in result["clusters"] if any(m["id"] == "brandt2023whisper" for m in c["members"]))
    assert {m["source"] for m in whispers["members"]} == {"trending_page.txt", "coauthor.bib", "database_export.csv"}
    for item in whispers["evidence"]:
        assert 0 <= item["a"] < len(whispers["members"])
        assert {"field", "similarity", "weight"} == set(item["fields"][0])
    assert all(len(link["members"]) == 2 for link in [*result["versions"], *result["review"]])
    assert result["problems"] == []


def test_dedupe_writes_the_merged_library_without_areas() -> None:
    assert main(["dedupe", *FILES, "-o", "merged.bib", "-q"]) == 0
    assert "cs." not in Path("merged.bib").read_text().replace("cs.CV", "")
    assert set(entries("merged.bib")) >= {"okafor2025tide", "brandt2023whisper"}


def test_tag_in_json_never_deduplicates(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "tag", *FILES)
    assert result["schema"] == "refsync.tag/1"
    assert [record["source"] for record in result["records"]] == [FILES[0]] * 6 + [FILES[1]] * 5 + [FILES[2]] * 3 + [
        FILES[3]
    ] * 3
    for record in result["records"]:
        probabilities = [area["probability"] for area in record["areas"]]
        assert len(probabilities) >= 3
        assert probabilities == sorted(probabilities, reverse=True)
        applied = [area["area"] for area in record["areas"] if area["applied"]]
        assert record["primary"] == (applied[0] if applied else None)
        assert record["abstained"] == (not applied)


@pytest.mark.parametrize(
    "names",
    [("okafor2025tide", "lindstrom2024tide"), ("coauthor.bib:okafor2025tide", "coauthor.bib:lindstrom2024tide")],
)
def test_explain(capsys: pytest.CaptureFixture[str], names: tuple[str, str]) -> None:
    assert main(["explain", *FILES, "--pair", *names]) == 0
    out = capsys.readouterr().out
    assert "title" in out
    assert "okafor2025tide" in out
    assert "lindstrom2024tide" in out


def test_explain_sees_the_whole_library(capsys: pytest.CaptureFixture[str]) -> None:
    """A third record joins two that are not alike enough, and an answer keeps equal ones apart."""
    common = "title={The Patience of Kelp in Noisy Water}, author={Doe, Jane and Roe, Mia}"
    Path("refs.bib").write_text(
        f"@article{{a, {common}, year=2020, journal={{Kelp Letters}}, doi={{10.5555/1}}}}\n"
        f"@article{{b, {common}, year=2020, journal={{Kelp Letters}}, volume=3, pages={{7--19}}, doi={{10.5555/1}}}}\n"
        "@article{c, author={Doe, Jane and Roe, Mia}, year=2020, journal={Kelp Letters}, volume=3, pages={7--19},\n"
        " doi={10.5555/1}}\n"
        f"@article{{d, {common}, year=2020, doi={{10.5555/1}}}}\n"
    )
    clusters = run_json(capsys, "dedupe", "refs.bib")["clusters"]
    together = {member["id"] for member in clusters[0]["members"]}
    for names in (("a", "b"), ("a", "c"), ("c", "d")):
        told = run_json(capsys, "explain", "refs.bib", "--pair", *names)
        assert (told["verdict"] == "same") == (set(names) <= together)
    prints = run_json(capsys, "explain", "refs.bib", "--pair", "a", "b")["fingerprints"]
    told = run_json(capsys, "explain", "refs.bib", "--pair", "a", "c")
    answer = {"kind": "not-duplicate", "a": told["fingerprints"][0], "b": told["fingerprints"][1]}
    Path("refsync-decisions.jsonl").write_text(json.dumps(answer) + "\n")
    told = run_json(capsys, "explain", "refs.bib", "--pair", "a", "c")
    assert told["verdict"] == "different"
    assert "an answer that was remembered" in told["why"]
    assert prints[0] == answer["a"]
    assert main(["explain", "refs.bib", "--pair", "a", "refs.bib:a"]) == 2
    assert "one record" in capsys.readouterr().err


def test_new_records_are_held_against_a_library(capsys: pytest.CaptureFixture[str]) -> None:
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


def test_explain_says_which_ids_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "coauthor.bib", "--pair", "okafor2025tides", "lindstrom2024tide"]) == 2
    assert "did you mean okafor2025tide" in capsys.readouterr().err
    assert main(["explain", *FILES, "--pair", "#1", "lindstrom2024tide"]) == 2
    assert "SOURCE:ID" in capsys.readouterr().err


def test_check_tells_of_duplicates_and_never_writes(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refs.bib").write_text(
        "@article{a, title={The Patience of Kelp in Noisy Water}, author={Doe, Jane}, year=2020, doi={10.5555/1}}\n"
        "@article{b, title={The patience of kelp in noisy water}, author={Doe, J.}, year=2020, doi={10.5555/1}}\n"
        "@article{a, title={Moss}, author={Roe, R.}, year=2001}\n"
    )
    before = files_here()
    result = run_json(capsys, "check", "refs.bib", code=1)
    assert result["schema"] == "refsync.check/1"
    assert [(f["code"], f["severity"], f["line"], f["key"]) for f in result["findings"]] == [
        ("RS101", "error", 2, "b"),
        ("RS201", "error", 3, "a"),
    ]
    assert main(["check", "refs.bib"]) == 1
    assert capsys.readouterr().out.startswith("refs.bib:2:10: RS101 error: 'b' is the same paper as 'a' (line 1)")
    assert files_here() == before
    Path("clean.bib").write_text("@article{a, title={Moss}, author={Roe, R.}, year=2001}\n")
    assert main(["check", "clean.bib"]) == 0


def test_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == main(["rules", "rs101"]) == 0
    assert "To mend it" in capsys.readouterr().out
    assert main(["rules", "RS999"]) == 2


def test_demo(capsys: pytest.CaptureFixture[str], place: Path) -> None:
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert "records read" in out
    assert "@inproceedings{brandt2023whisper" in out
    assert Path.cwd() == place
    assert main(["demo", "-o", "kept"]) == 0
    assert {"library.bib", *FILES} <= {path.name for path in Path("kept").iterdir()}


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == main(["--help"]) == 0
    out = capsys.readouterr().out
    assert f"refsync {refsync.__version__}" in out
    for word in ("run", "dedupe", "tag", "explain", "demo", "check", "Examples:"):
        assert word in out


# Bad input

GOOD = "@misc{good, title={The Patience of Kelp in Noisy Water}}\n"


def damaged_file(kind: str) -> str:
    path = Path(f"{kind}.bib")
    match kind:
        case "missing":
            return "no-such.bib"
        case "empty":
            path = Path("empty.ris")
            path.write_bytes(b"")
        case "blank":
            path = Path("blank.ris")
            path.write_bytes(b"\n \n")
        case "binary":
            path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))
        case "truncated":
            path.write_text("@article{cut, title={Kelp in")
        case "truncated-page":
            path = Path("cut.txt")
            path.write_bytes(Path(FILES[0]).read_bytes().rsplit(b"\n\n", 1)[0])
        case "directory":
            path.mkdir()
        case "no-title":
            path = Path("table.csv")
            path.write_text("name,year\nKelp,2020\n")
        case "long-line":
            path.write_bytes(b"x" * 50_000_000)
    return str(path)


KINDS = (
    "missing",
    "empty",
    "blank",
    "binary",
    "truncated",
    "truncated-page",
    "directory",
    "no-title",
    "long-line",
)


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_that_cannot_be_read(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    bad = damaged_file(kind)
    Path("good.bib").write_text(GOOD)
    assert main(["run", bad, "good.bib", "-o", "library.bib"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"refsync: error: {bad}:")
    assert "good" in entries(), "the other files' results are written"
    Path("library.bib").unlink()
    assert main(["run", bad, "good.bib", "-o", "library.bib", "--strict"]) == 2
    assert not Path("library.bib").exists()
    if kind != "truncated-page":  # it holds whole papers too
        assert main(["run", bad, "-o", "library.bib"]) == 2
        assert not Path("library.bib").exists()


@pytest.mark.parametrize(("kind", "line"), [("no-title", 1), ("long-line", 1), ("truncated", 1)])
def test_the_line_is_named(capsys: pytest.CaptureFixture[str], kind: str, line: int) -> None:
    bad = damaged_file(kind)
    assert main(["dedupe", bad]) == 2
    assert capsys.readouterr().err.startswith(f"refsync: error: {bad}:{line}:")


def test_a_library_without_entries_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("strings.bib").write_text("% nothing yet\n@string{jmr = {Journal of Moss Research}}\n")
    account = run_json(capsys, "run", "strings.bib", "-o", "library.bib")
    assert (account["records"], account["unique"], account["problems"]) == (0, 0, [])
    for command in ("dedupe", "tag", "check"):
        assert main([command, "strings.bib"]) == 0


def test_a_misspelt_name_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "coauthors.bib"]) == 2
    assert "did you mean coauthor.bib?" in capsys.readouterr().err


def test_two_records_with_one_id_are_a_problem_and_both_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    Path("twice.bib").write_text("@misc{k, title={Kelp in Noisy Water}}\n\n@misc{k, title={A Theory of Moss}}\n")
    account = run_json(capsys, "run", "twice.bib", "-o", "library.bib")
    assert (account["records"], account["unique"]) == (2, 2)
    assert account["problems"][0]["line"] == 3
    assert len(entries()) == 2
    assert main(["run", "twice.bib", "-o", "strict.bib", "--strict"]) == 2
    assert not Path("strict.bib").exists()


def test_a_malformed_block_is_a_problem_and_the_rest_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("hurt.bib").write_text("@misc{a, title={Kelp}}\n@misc{b, title={Moss\n@misc{c, title={Fern}}\n")
    account = run_json(capsys, "run", "hurt.bib", "-o", "library.bib")
    assert (account["records"], account["problems"][0]["line"]) == (2, 2)
    assert set(entries()) == {"a", "c"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "coauthor.bib", "--profile", "bold"],
        ["run", "coauthor.bib", "--from", "papyrus"],
        ["run", "coauthor.bib", "--config", "gone.toml"],
        ["run", "coauthor.bib", "-o", "library.docx"],
        ["run", "coauthor.bib", "-o", "gone/library.bib"],
        ["run", "coauthor.bib", "-o", "coauthor.bib"],
        ["run", "coauthor.bib", "-o", "./coauthor.bib"],
        ["run", "trending_page.txt", "--against", "coauthor.bib", "-o", "coauthor.bib"],
        ["dedupe", "trending_page.txt", "--against", "./coauthor.bib", "-o", "coauthor.bib"],
        ["run", "coauthor.bib", "--against", "./coauthor.bib"],
        ["frobnicate"],
        ["explain", "coauthor.bib"],
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], place: Path) -> None:
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    assert main(arguments) == 2
    assert capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before


@pytest.mark.parametrize("step", ["plan", "ledger", "output"])
def test_an_interrupt_leaves_the_old_library_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], step: str
) -> None:
    Path("library.bib").write_text("% mine\n")

    def interrupted(path: Path, data: bytes) -> None:
        if step in path.name or (step == "output" and path.name == "library.bib" and "before" not in path.parts):
            raise KeyboardInterrupt
        path.write_bytes(data)

    monkeypatch.setattr(apply, "replace_files", lambda writes, known: [*map(interrupted, writes, writes.values())])
    monkeypatch.setattr(journal, "replace_file", interrupted)
    assert main(["run", *FILES, "-o", "library.bib"]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert Path("library.bib").read_text() == "% mine\n"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = [sys.executable, "-c", MAIN, "dedupe", *FILES]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()  # as `head` does
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_on_a_terminal_there_are_a_table_and_bars() -> None:
    pty = pytest.importorskip("pty")
    mine, terminal = pty.openpty()
    command = [sys.executable, "-c", MAIN, "run", *FILES, "-o", "library.bib"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=terminal, stderr=terminal, env=environment) as process:
        os.close(terminal)
        shown = b""
        while data := read_terminal(mine):
            shown += data
    os.close(mine)
    assert process.returncode == 0
    assert "Reading" in shown.decode()
    assert "━" in shown.decode()
    assert re.search(r"papers +.*written to library.bib", shown.decode())


def read_terminal(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side has closed it
        return b""


# The user's pages


@needs_pages
def test_the_five_pages(capsys: pytest.CaptureFixture[str]) -> None:
    pages = [str(path) for path in SHARED_PAGES]
    account = run_json(capsys, "run", *pages, "-o", "library.bib")
    assert (account["records"], account["unique"], account["merged"]) == (499, 465, 34)
    assert account["problems"] == []
    forward = entries()
    assert len(forward) == 465
    assert main(["run", *reversed(pages), "-o", "backward.bib", "-q"]) == 0
    assert entries("backward.bib") == forward


@needs_pages
def test_the_five_pages_have_31_groups_and_the_traps_stay_apart(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "dedupe", *map(str, SHARED_PAGES))
    assert sorted(len(cluster["members"]) for cluster in result["clusters"]) == [2] * 28 + [3] * 3
    linked = [{(m["source"], m["index"]) for m in link["members"]} for link in [*result["versions"], *result["review"]]]
    titles = {
        (record["source"], record["index"]): record["title"]
        for record in map(json.loads, ledger_of(capsys, [str(path) for path in SHARED_PAGES]))
    }
    for one, other in [
        ("White-Box Transformers via Sparse Rate Reduction", "White-Box Transformers via Sparse Rate Reduction: "),
        ("Diffusion Models Beat GANs on Image Classification", "Do text-free diffusion models learn"),
    ]:
        assert any(
            {any(titles[m] == one for m in pair), any(titles[m].startswith(other) for m in pair)} == {True}
            for pair in linked
        ), one


def ledger_of(capsys: pytest.CaptureFixture[str], inputs: list[str]) -> list[str]:
    account = run_json(capsys, "run", *inputs)
    return Path(account["ledger"]).read_text(encoding="utf-8").splitlines()


# What other programs make of it


@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not installed")
def test_biber_takes_the_library_without_a_warning() -> None:
    assert main(["run", *FILES, "-o", "library.bib", "-q"]) == 0
    command = ["biber", "--tool", "--validate-datamodel", "library.bib"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if not line.startswith("INFO")] == []


@pytest.mark.skipif(shutil.which("bibtex") is None, reason="bibtex is not installed")
def test_bibtex_takes_the_library_without_a_warning() -> None:
    assert main(["run", *FILES, "-o", "library.bib", "-q"]) == 0
    Path("x.aux").write_text("\\relax\n\\citation{*}\n\\bibstyle{plain}\n\\bibdata{library}\n")
    done = subprocess.run(["bibtex", "x"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Warning" not in done.stdout
