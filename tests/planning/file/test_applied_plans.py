"""`refsync apply`: writes what the command would have written directly, with what was accepted."""

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refsync.cli import main
from tests.planning.file.plan_samples import PAPER, REFS, make_plan_file
from tests.sweeps import examples

OPTIONS = (
    ["run", "refs.bib", "more.csv"],
    ["run", "refs.bib", "more.csv", "--profile", "greedy", "--keys", "{auth}{year}", "--sort", "author"],
    ["run", "more.csv", "--against", "refs.bib"],
    ["run", "refs.bib", "again.bib", "--dialect", "biblatex", "--cites", "paper.tex"],
    ["run", "refs.bib", "again.bib", "--no-ids", "--cites", "paper.tex", "--rewrite-cites"],
    ["dedupe", "refs.bib", "more.csv", "again.bib"],
)


@pytest.mark.parametrize("options", OPTIONS)
def test_applying_a_plan_writes_what_the_command_writes(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*options, "-o", "direct.bib", "-q"]) == 0
    paper = Path("paper.tex").read_text(encoding="utf-8")
    Path("paper.tex").write_text(PAPER, encoding="utf-8")
    capsys.readouterr()
    before = {path.name for path in Path().iterdir()}
    make_plan_file(*options, "-o", "planned.bib")
    assert {path.name for path in Path().iterdir()} - before == {"plan.json"}
    assert Path("paper.tex").read_text(encoding="utf-8") == PAPER
    capsys.readouterr()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("planned.bib").read_bytes() == Path("direct.bib").read_bytes()
    assert Path("paper.tex").read_text(encoding="utf-8") == paper
    assert main(["undo"]) == 0
    assert not Path("planned.bib").exists()
    assert Path("paper.tex").read_text(encoding="utf-8") == PAPER


def test_only_the_plan_is_written_and_its_content_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "refs.bib", "more.csv", "-o", "out.bib", "--plan", "plan.json"]) == 0
    out = capsys.readouterr().out
    assert "`refsync apply plan.json` carries out what is accepted in it" in out
    assert not Path(".refsync").exists()
    assert not Path("out.bib").exists()
    assert main(["run", "refs.bib", "more.csv", "-o", "out.bib", "--plan", "plan.json", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"] == "plan.json"


def test_applying_a_plan_in_place_writes_what_the_command_writes() -> None:
    both = REFS + REFS.replace("doe2020", "again").split("@misc")[0]
    Path("refs.bib").write_text(both, encoding="utf-8")
    assert main(["dedupe", "refs.bib", "--write", "-q"]) == 0
    direct = Path("refs.bib").read_bytes()
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == both
    make_plan_file("dedupe", "refs.bib", "--write")
    assert Path("refs.bib").read_text(encoding="utf-8") == both
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("refs.bib").read_bytes() == direct
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == both


def test_a_plan_in_the_journal_can_be_applied_again_from_any_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["run", "refs.bib", "more.csv", "-o", "out.bib", "-q"]) == 0
    before = Path("out.bib").read_bytes()
    (kept,) = Path(".refsync/runs").glob("*/plan.json")
    kept = kept.resolve()
    assert main(["undo"]) == 0
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert main(["apply", str(kept), "-q"]) == 0
    assert (folder / "out.bib").read_bytes() == before
    assert Path.cwd() == (folder / "elsewhere").resolve()
    assert main(["apply", str(kept), "-q", "-o", "other.bib"]) == 0
    assert Path("other.bib").read_bytes() == before


def test_settings_are_those_of_the_plan() -> None:
    Path("refsync.toml").write_text('[merge]\nkeep = "first"\n[export]\nkeys = "{auth}{year}"\n', encoding="utf-8")
    assert main(["run", "more.csv", "refs.bib", "-o", "direct.bib", "-q"]) == 0
    make_plan_file("run", "more.csv", "refs.bib", "-o", "out.bib")
    Path("refsync.toml").write_text("nonsense = 1\n", encoding="utf-8")
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("out.bib").read_bytes() == Path("direct.bib").read_bytes()


def test_a_plan_without_a_file_to_write_asks_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    make_plan_file("run", "refs.bib")
    assert main(["apply", "plan.json"]) == 2
    assert "plan.json names no file to write; name one: -o OUT.bib" in capsys.readouterr().err
    assert main(["apply", "plan.json", "-o", "out.bib", "-q"]) == 0
    assert Path("out.bib").exists()


TITLES = [
    "Moss on Northern Walls and Stones",
    "moss on northern walls and stones",
    "Kelp and Its Cold Harbours",
    "Kelp",
]


LIBRARIES = st.lists(
    st.tuples(
        st.sampled_from(TITLES),
        st.sampled_from(["Doe, Jane", "Doe, J.", "Poe, Pat", ""]),
        st.sampled_from(["2019", "2020", ""]),
        st.sampled_from(["", "doi = {10.5555/x.1},", "doi = {10.5555/x.2},"]),
        st.sampled_from(["article", "misc", "inproceedings"]),
    ),
    min_size=2,
    max_size=7,
)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LIBRARIES, st.booleans())
def test_applying_a_plan_of_any_library_writes_what_dedupe_writes(
    library: list[tuple[str, str, str, str, str]], in_place: bool
) -> None:
    text = "\n".join(
        f"@{kind}{{k{number}, title = {{{title}}}, author = {{{author}}}, {doi} year = {{{year}}}}}"
        for number, (title, author, year, doi, kind) in enumerate(library)
    )
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            Path("a.bib").write_text(text, encoding="utf-8")
            output = ["--write"] if in_place else ["-o", "out.bib"]
            out = Path("a.bib" if in_place else "out.bib")
            assert main(["dedupe", "a.bib", *output, "-q", "--profile", "greedy"]) == 0
            direct = out.read_bytes()
            Path("a.bib").write_text(text, encoding="utf-8")
            make_plan_file("dedupe", "a.bib", *output, "--profile", "greedy")
            assert main(["apply", "plan.json", "-q"]) == 0
            assert out.read_bytes() == direct
        finally:
            os.chdir(before)
