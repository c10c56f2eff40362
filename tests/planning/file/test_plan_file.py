"""Plans as files: what is accepted is written, as `run -o` would, and nothing that does not fit any more."""

import contextlib
import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refsync.cli import main
from refsync.decisions import FILE_NAME, append, format_decision
from refsync.dedup.profile import fingerprint
from refsync.errors import ConfigError
from refsync.formats.bibtex import format as bibtex
from refsync.planning.file import load, proposed_deduplication

REFS = """\
@article{doe2020, title = {The Patience of Moss on Northern Walls}, author = {Doe, Jane and Roe, Richard}, year = 2020,
  journal = {Journal of Moss}, volume = 7, pages = {11--19}, keywords = {moss}}
@article{poe2019, title = {Deep learning for image segmentation of lichen}, author = {Poe, Peter}, year = 2019,
  abstract = {We train a convolutional neural network for semantic segmentation of images.}}
@misc{kelp, title = {Kelp in the cold harbours of the north}, author = {Zoe, Zelda}, year = 2001,
  crossref = {doe2020}}
"""
MORE = """\
title,author,year,journal,doi,abstract
The patience of moss on northern walls,"Doe, Jane; Roe, Richard",2020,J. Moss,10.5555/moss.7,
Kelp in cold northern harbours,"Zoe, Zelda",2001,,,
Deep learning for image segmentation of lichen,"Poe, P.",2019,,,A convolutional network for segmentation of images.
"""
PAPER = "As \\cite{doe2020} and \\cite{again} say.\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(REFS)
    Path("more.csv").write_text(MORE)
    Path("again.bib").write_text(REFS.replace("doe2020", "again").split("@misc")[0])
    Path("paper.tex").write_text(PAPER)
    return tmp_path


def planned(*arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--plan", "plan.json", "-q"]) == 0
    content: dict[str, Any] = json.loads(Path("plan.json").read_text())
    return content


def rewritten(**changes: Any) -> None:
    Path("plan.json").write_text(json.dumps(json.loads(Path("plan.json").read_text()) | changes))


def entries(path: str) -> dict[str, dict[str, str]]:
    return {record.id: dict(record.fields) for record in bibtex.read(Path(path).read_bytes(), path).records}


OPTIONS = (
    ["run", "refs.bib", "more.csv"],
    ["run", "refs.bib", "more.csv", "--profile", "greedy", "--keys", "{auth}{year}", "--sort", "author"],
    ["run", "more.csv", "--against", "refs.bib"],
    ["run", "refs.bib", "again.bib", "--dialect", "biblatex", "--cites", "paper.tex"],
    ["run", "refs.bib", "again.bib", "--no-ids", "--cites", "paper.tex", "--rewrite-cites"],
    ["dedupe", "refs.bib", "more.csv", "again.bib"],
)


@pytest.mark.parametrize("options", OPTIONS)
def test_a_plan_carried_out_is_a_run(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*options, "-o", "straight.bib", "-q"]) == 0
    paper = Path("paper.tex").read_text()
    Path("paper.tex").write_text(PAPER)
    capsys.readouterr()
    before = {path.name for path in Path().iterdir()}
    planned(*options, "-o", "planned.bib")
    assert {path.name for path in Path().iterdir()} - before == {"plan.json"}
    assert Path("paper.tex").read_text() == PAPER
    capsys.readouterr()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("planned.bib").read_bytes() == Path("straight.bib").read_bytes()
    assert Path("paper.tex").read_text() == paper
    assert main(["undo"]) == 0
    assert not Path("planned.bib").exists()
    assert Path("paper.tex").read_text() == PAPER


def test_what_is_in_the_plan_is_told_and_nothing_else_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "refs.bib", "more.csv", "-o", "out.bib", "--plan", "plan.json"]) == 0
    out = capsys.readouterr().out
    assert "`refsync apply plan.json` carries out what is accepted in it" in out
    assert not Path(".refsync").exists()
    assert not Path("out.bib").exists()
    assert main(["run", "refs.bib", "more.csv", "-o", "out.bib", "--plan", "plan.json", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["plan"] == "plan.json"


def test_in_place_too() -> None:
    both = REFS + REFS.replace("doe2020", "again").split("@misc")[0]
    Path("refs.bib").write_text(both)
    assert main(["dedupe", "refs.bib", "--write", "-q"]) == 0
    straight = Path("refs.bib").read_bytes()
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text() == both
    planned("dedupe", "refs.bib", "--write")
    assert Path("refs.bib").read_text() == both
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("refs.bib").read_bytes() == straight
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text() == both


def test_states_decide_what_is_merged() -> None:
    content = planned("dedupe", "refs.bib", "more.csv", "-o", "out.bib", "--profile", "greedy")
    merges = {tuple(member["id"] for member in row["members"]): number for number, row in enumerate(content["merges"])}
    asked = {tuple(member["id"] for member in row["members"]): number for number, row in enumerate(content["review"])}
    assert main(["apply", "plan.json", "-q"]) == 0
    plain = entries("out.bib")
    assert "10.5555/moss.7" in plain["doe2020"]["doi"]
    assert sum("elp" in fields["title"] for fields in plain.values()) == 2
    plan = load(Path("plan.json")).with_state("merges", merges["doe2020", "#1"], "rejected")
    plan.with_state("review", asked["kelp", "#2"], "accepted").save()
    assert main(["apply", "plan.json", "-q"]) == 0
    now = entries("out.bib")
    assert "doi" not in now["doe2020"]
    assert sum("elp" in fields["title"] for fields in now.values()) == 1
    kept = json.loads(next(iter(sorted(Path(".refsync/runs").iterdir())[-1].glob("plan.json"))).read_text())
    assert kept["merges"][merges["doe2020", "#1"]]["state"] == "rejected"


def test_a_plan_of_the_journal_can_be_carried_out_again_from_anywhere(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["run", "refs.bib", "more.csv", "-o", "out.bib", "-q"]) == 0
    before = Path("out.bib").read_bytes()
    (kept,) = Path(".refsync/runs").glob("*/plan.json")
    kept = kept.resolve()
    assert main(["undo"]) == 0
    (place / "elsewhere").mkdir()
    monkeypatch.chdir(place / "elsewhere")
    assert main(["apply", str(kept), "-q"]) == 0
    assert (place / "out.bib").read_bytes() == before
    assert Path.cwd() == (place / "elsewhere").resolve()
    assert main(["apply", str(kept), "-q", "-o", "other.bib"]) == 0
    assert Path("other.bib").read_bytes() == before


def test_choices_for_fields_are_carried_out(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refsync.toml").write_text('[merge.fields]\njournal = "ask"\n')
    content = planned("dedupe", "refs.bib", "more.csv", "-o", "out.bib")
    (row,) = content["fields"]
    assert (row["field"], row["state"]) == ("journal", "pending")
    plan = load(Path("plan.json"))
    other = next(value for value in row["values"] if value["source"] == "more.csv")
    plan.with_state("fields", 0, "accepted", take={"source": other["source"], "index": other["index"]}).save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert entries("out.bib")["doe2020"]["journal"] == "J. Moss"
    plan = plan.with_choice(row["members"], "journal", {"text": "Moss & Co", "markup": "text"})
    plan.with_choice(row["members"], "note", {"text": "mine"}).save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert entries("out.bib")["doe2020"]["journal"] == "Moss \\& Co"
    assert entries("out.bib")["doe2020"]["note"] == "mine"
    content = json.loads(Path("plan.json").read_text())
    rewritten(fields=[*content["fields"], {**content["fields"][0], "take": {"text": "Other"}}])
    capsys.readouterr()
    assert main(["apply", "plan.json"]) == 0
    assert (
        "plan.json: fields[2]: chooses another 'journal' than fields[0] for the same paper" in capsys.readouterr().err
    )
    plan.with_choice(row["members"], "journal", None).save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert entries("out.bib")["doe2020"]["journal"] == "Journal of Moss"


def test_what_people_answered_before_is_in_the_plan() -> None:
    records = {record.id: record for record in bibtex.read(Path("refs.bib").read_bytes(), "refs.bib").records}
    one, two = fingerprint(records["kelp"]), fingerprint(records["poe2019"])
    value = {"fields": {"title": {"text": "Both"}, "note": {"union": True}, "year": {"from": two}}}
    append(Path(FILE_NAME), [format_decision("same", one, two, value=value)])
    append(Path(FILE_NAME), [format_decision("not-duplicate", one, fingerprint(records["doe2020"]))])
    assert main(["run", "refs.bib", "-o", "straight.bib", "-q"]) == 0
    content = planned("run", "refs.bib", "-o", "planned.bib")
    assert {row["field"]: row["state"] for row in content["fields"]} == {"title": "accepted", "year": "accepted"}
    assert [[member["id"] for member in pair] for pair in content["apart"]] == [["doe2020", "kelp"]]
    Path(FILE_NAME).unlink()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("planned.bib").read_bytes() == Path("straight.bib").read_bytes()
    assert "title = {Both}" in Path("planned.bib").read_text().replace("  ", " ")


def test_areas_go_by_the_plan() -> None:
    content = planned("run", "refs.bib", "-o", "out.bib")
    (number,) = [n for n, row in enumerate(content["areas"]) if row["key"] == "poe2019"]
    row = content["areas"][number]
    areas = [{"area": "cs.CV", "probability": 0.9, "applied": True}, {"area": "my own", "applied": True}]
    plan = load(Path("plan.json")).with_state("areas", number, "accepted", areas=areas)
    plan.save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert entries("out.bib")["poe2019"]["keywords"] == "cs.CV, my own"
    plan.with_state("areas", number, "rejected").save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert "keywords" not in entries("out.bib")["poe2019"]
    assert row["members"] == [{"source": "refs.bib", "index": 2, "id": "poe2019"}]


@pytest.mark.parametrize("changed", ["refs.bib", "more.csv", "paper.tex", "new.tex"])
def test_a_plan_whose_inputs_were_changed_is_refused(changed: str, capsys: pytest.CaptureFixture[str]) -> None:
    planned("run", "refs.bib", "more.csv", "-o", "out.bib", "--cites", ".", "--rewrite-cites")
    path = Path(changed)
    path.write_text((path.read_text() if path.exists() else "") + "\n")
    assert main(["apply", "plan.json"]) == 2
    message = capsys.readouterr().err
    assert (
        f"plan.json does not fit any more: {changed} {'is new' if changed == 'new.tex' else 'was changed since'}"
        in (message)
    )
    assert "nothing was written; make a new plan with --plan" in message
    assert not Path("out.bib").exists()
    assert not Path(".refsync").exists()


def test_an_input_that_is_gone_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    planned("run", "refs.bib", "more.csv", "-o", "out.bib")
    Path("more.csv").unlink()
    assert main(["apply", "plan.json"]) == 2
    assert "more.csv is not there any more" in capsys.readouterr().err


def test_settings_are_those_of_the_plan() -> None:
    Path("refsync.toml").write_text('[merge]\nkeep = "first"\n[export]\nkeys = "{auth}{year}"\n')
    assert main(["run", "more.csv", "refs.bib", "-o", "straight.bib", "-q"]) == 0
    planned("run", "more.csv", "refs.bib", "-o", "out.bib")
    Path("refsync.toml").write_text("nonsense = 1\n")
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("out.bib").read_bytes() == Path("straight.bib").read_bytes()


ROW = {"members": [{"source": "refs.bib", "index": 1}, {"source": "more.csv", "index": 1}], "state": "accepted"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"schema": "refsync.plan/2"}, "a plan of another refsync (refsync.plan/2; this one knows refsync.plan/1)"),
        ({"schema": "refsync.run/1"}, "no plan of refsync but refsync.run/1; `refsync run INPUT..."),
        ({"schema": None}, "no plan of refsync; `refsync run INPUT..."),
        ({"options": None}, "`options` is missing"),
        ({"options": {"inputs": "refs.bib"}}, "options.inputs: must be a list"),
        ({"options": {"inputs": [7]}}, "`options.inputs` and `options.cites` must be lists of paths"),
        ({"merges": {}}, "merges: must be a list"),
        ({"merges": [{**ROW, "state": "acepted"}]}, "merges[0].state: 'acepted' is no state; did you mean 'accepted'?"),
        ({"review": [{**ROW, "state": "maybe"}]}, "review[0].state: 'maybe' is no state; one of: accepted, pending"),
        ({"merges": [7]}, "merges[0]: must be an object"),
        ({"merges": [{"members": ROW["members"]}]}, "merges[0].state: missing"),
        ({"merges": [{**ROW, "members": []}]}, "merges[0].members: 0 where 2 are needed"),
        ({"versions": [{**ROW, "members": [{"source": "x"}] * 2}]}, "versions[0].members[0].index: missing"),
        ({"merges": [{**ROW, "members": [*ROW["members"], {"source": "refs.bib", "index": 99}]}]},
         "merges[0].members[2]: no such record: refs.bib has 3 records"),
        ({"merges": [{**ROW, "members": [*ROW["members"], {"source": "x.bib", "index": 1}]}]}, "x.bib is no input"),
        ({"fields": [{**ROW, "field": "title", "take": "x"}]}, "fields[0].take: must be an object"),
        ({"fields": [{**ROW, "field": "title", "take": {"source": "refs.bib"}}]}, "fields[0].take.index: missing"),
        ({"areas": [{**ROW, "areas": [{"area": "cs.CV"}]}]}, "areas[0].areas[0].applied: missing"),
        ({"settings": {"merge": {"keeep": "first"}}}, "plan.json: settings: unknown key `merge.keeep`"),
        ({"settings": {"merge": {"keep": "last"}}}, "plan.json: settings: `merge.keep` is 'last'"),
    ],
)  # fmt: skip
def test_a_damaged_plan_is_told_with_its_place(
    changes: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    planned("run", "refs.bib", "more.csv", "-o", "out.bib")
    rewritten(**changes)
    assert main(["apply", "plan.json"]) == 2
    message = capsys.readouterr().err
    assert told in message
    assert message.startswith("refsync: error: ")
    assert "plan.json" in message
    assert "Traceback" not in message
    assert not Path("out.bib").exists()


def test_what_is_no_json_is_told_with_line_and_column(capsys: pytest.CaptureFixture[str]) -> None:
    planned("run", "refs.bib", "-o", "out.bib")
    text = Path("plan.json").read_text()
    Path("plan.json").write_text(text.replace('"merges": [', '"merges": [,', 1))
    assert main(["apply", "plan.json"]) == 2
    assert "not JSON: Expecting value; mend that place" in (message := capsys.readouterr().err)
    assert ":".join(["plan.json", str(text[: text.index('"merges"')].count("\n") + 1)]) in message
    assert main(["apply", "none.json"]) == 2
    assert "none.json: no such plan" in capsys.readouterr().err
    assert main(["apply"]) == 2
    assert "name a plan, or --resume" in capsys.readouterr().err
    assert main(["apply", "20261122-000000"]) == 2
    assert "is not a plan" in capsys.readouterr().err


def test_accepting_what_is_rejected_elsewhere_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    planned("run", "refs.bib", "more.csv", "-o", "out.bib")
    rewritten(review=[{**ROW, "state": "rejected"}])
    assert main(["apply", "plan.json"]) == 2
    message = capsys.readouterr().err
    assert "review[0] (rejected) keeps apart what merges[0] (accepted) would join" in message
    rewritten(review=[], versions=[{**ROW, "relation": "preprint-of"}])
    assert main(["apply", "plan.json"]) == 2
    assert "versions[0] (accepted) keeps apart what merges[0] (accepted) would join" in capsys.readouterr().err
    rewritten(versions=[], apart=[ROW["members"]])
    assert main(["apply", "plan.json"]) == 2
    assert "apart[0] (an answer that was remembered) keeps apart" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "-", "-o", "out.bib", "--plan", "plan.json"], "standard input cannot be read again"),
        (["run", "refs.bib", "-o", "-", "--plan", "plan.json"], "a plan names the file to write"),
        (["run", "zotero:user/1", "-o", "x.bib", "--plan", "plan.json"], "`refsync pull` it to a file first"),
        (["run", "refs.bib", "-o", "out.bib", "--plan", "plan.txt"], "a plan is written to a file ending in .json"),
        (["dedupe", "refs.bib", "--plan", "plan.json"], "--plan, but nothing to write"),
    ],
)
def test_what_cannot_be_planned_is_refused(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert told in capsys.readouterr().err
    assert not Path("plan.json").exists()


def test_a_plan_without_a_file_to_write_asks_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    planned("run", "refs.bib")
    assert main(["apply", "plan.json"]) == 2
    assert "plan.json names no file to write; name one: -o OUT.bib" in capsys.readouterr().err
    assert main(["apply", "plan.json", "-o", "out.bib", "-q"]) == 0
    assert Path("out.bib").exists()


def test_what_is_unknown_in_a_plan_stays(place: Path) -> None:
    planned("run", "refs.bib", "more.csv", "-o", "out.bib")
    rewritten(
        mine={"a": 1}, merges=[{**row, "why": "x"} for row in json.loads(Path("plan.json").read_text())["merges"]]
    )
    load(Path("plan.json")).with_state("merges", 0, "pending").save()
    content = json.loads(Path("plan.json").read_text())
    assert content["mine"] == {"a": 1}
    assert (content["merges"][0]["why"], content["merges"][0]["state"]) == ("x", "pending")


def test_a_plan_gives_back_what_was_proposed() -> None:
    from refsync.config import load_config
    from refsync.planning.run_models import find_duplicates
    from refsync.sources import read_sources

    planned("dedupe", "refs.bib", "more.csv", "-o", "out.bib", "--profile", "greedy")
    records = read_sources(["refs.bib", "more.csv"]).records
    found = find_duplicates(records, load_config(profile="greedy").dedup)
    back = proposed_deduplication(load(Path("plan.json")), records)
    assert [cluster.members for cluster in back.clusters] == [cluster.members for cluster in found.clusters]
    assert [link.members for link in back.review] == [link.members for link in found.review]
    for one, other in zip(back.clusters, found.clusters, strict=True):
        assert [(pair.a, pair.b, pair.vetoes) for pair in one.evidence] == [
            (pair.a, pair.b, pair.vetoes) for pair in other.evidence
        ]
    with pytest.raises(ConfigError, match="no such record"):
        proposed_deduplication(load(Path("plan.json")), records[:1])


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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LIBRARIES, st.booleans())
def test_of_any_library_a_plan_carried_out_is_what_dedupe_writes(
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
            Path("a.bib").write_text(text)
            way = ["--write"] if in_place else ["-o", "out.bib"]
            out = Path("a.bib" if in_place else "out.bib")
            assert main(["dedupe", "a.bib", *way, "-q", "--profile", "greedy"]) == 0
            straight = out.read_bytes()
            Path("a.bib").write_text(text)
            planned("dedupe", "a.bib", *way, "--profile", "greedy")
            assert main(["apply", "plan.json", "-q"]) == 0
            assert out.read_bytes() == straight
        finally:
            os.chdir(before)


def figures(*arguments: str) -> dict[str, Any]:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert main(["report", *arguments, "--format", "json", "-q"]) == 0
    result: dict[str, Any] = json.loads(said.getvalue())
    return result


@pytest.mark.parametrize(
    "arguments",
    [["refs.bib", "more.csv"], ["refs.bib", "more.csv", "--profile", "greedy"], ["more.csv", "--against", "refs.bib"]],
)
def test_the_report_of_a_plan_is_that_of_its_inputs(arguments: list[str], place: Path) -> None:
    planned("run", *arguments, "-o", "planned.bib")
    (place / "elsewhere").mkdir()
    os.chdir(place / "elsewhere")
    of_plan = figures("../plan.json")
    os.chdir(place)
    assert of_plan == figures(*arguments)


def test_the_report_of_a_plan_shows_what_is_accepted() -> None:
    plan = planned("run", "refs.bib", "more.csv", "-o", "planned.bib")
    assert plan["merges"]
    before = figures("plan.json")
    rewritten(merges=[row | {"state": "rejected"} for row in plan["merges"]])
    after = figures("plan.json")
    assert (after["flow"]["merged"], after["merges"]["total"]) == (0, 0)
    assert after["flow"]["papers"] == before["flow"]["papers"] + before["flow"]["merged"]
    rewritten(told_apart=["many"])
    assert sum(figures("plan.json")["probabilities"]["different"]) == 0
    Path("more.csv").write_text(MORE + "Another,,,,,\n")
    assert main(["report", "plan.json", "--format", "json"]) == 2
