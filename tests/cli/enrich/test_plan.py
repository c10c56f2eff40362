"""Plans of values to fill, and applying them."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from tests.cli.enrich.papers import KELP
from tests.services_server import Paper, Server

MINE = """\
% my thesis; do not sort
@string{jks = {Journal of Kelp Studies}}

@Article{ roe2020,
  title   = "Kelp Forests Grow in the Noise of Tides",
  AUTHOR  = "Roe, Ann and Doe, Jane",
  doi     = {},
  journal = jks,   % as we know it
}

@inproceedings{moss, title = {Moss on northern walls}, doi = {10.5555/moss.2}}
@article{alone, title = {Sleepless dogs on the walls of harbours}
}
"""
FILLED = """\
% my thesis; do not sort
@string{jks = {Journal of Kelp Studies}}

@Article{ roe2020,
  title   = "Kelp Forests Grow in the Noise of Tides",
  AUTHOR  = "Roe, Ann and Doe, Jane",
  doi     = {10.5555/kelp.1},
  journal = jks,   % as we know it
  year    = "2020",
  volume  = "7",
  number  = "2",
  pages   = "1--9",
}

@inproceedings{moss, title = {Moss on northern walls}, doi = {10.5555/moss.2}, author = {Jörg Müller and {Harbour Group}}, year = {2021}, booktitle = {Proceedings of the Moss Conference}, pages = {11--19}}
@article{alone, title = {Sleepless dogs on the walls of harbours}
}
"""  # noqa: E501


def planned(text: str = MINE, *options: str, name: str = "refs.bib") -> dict[str, Any]:
    Path(name).write_text(text, encoding="utf-8")
    assert main(["enrich", name, "--plan", "plan.json", "-q", *options]) == 0
    result: dict[str, Any] = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    return result


def change_plan(change: Any) -> None:
    plan = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    change(plan)
    Path("plan.json").write_text(json.dumps(plan), encoding="utf-8")


def test_a_plan_writes_nothing_and_applying_it_fills_missing_fields() -> None:
    planned()
    assert Path("refs.bib").read_text(encoding="utf-8") == MINE
    assert main(["apply", "plan.json"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == FILLED
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == MINE


def test_after_applying_a_plan_nothing_is_proposed(enriched: Any) -> None:
    planned()
    main(["apply", "plan.json"])
    assert enriched(Path("refs.bib").read_text(encoding="utf-8"))["fills"] == []


def test_only_accepted_values_are_written() -> None:
    planned()

    def decide(plan: dict[str, Any]) -> None:
        for fill in plan["fills"]:
            fill["state"] = "accepted" if fill["field"] == "year" else "rejected"

    change_plan(decide)
    assert main(["apply", "plan.json"]) == 0
    text = Path("refs.bib").read_text(encoding="utf-8")
    assert text.replace('  year    = "2020",\n', "").replace(", year = {2021}", "") == MINE
    assert text != MINE


def test_pending_values_are_written_once_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    plan = planned(f"@article{{a, title = {{{KELP.title}}}}}")
    assert {fill["state"] for fill in plan["fills"]} == {"pending"}
    assert main(["apply", "plan.json"]) == 0
    assert "7 values pending, left out: `refsync review plan.json` asks about them" in capsys.readouterr().out
    assert "10.5555" not in Path("refs.bib").read_text(encoding="utf-8")
    change_plan(lambda plan: [fill.update(state="accepted") for fill in plan["fills"]])
    assert main(["apply", "plan.json"]) == 0
    assert "doi = {10.5555/kelp.1}" in Path("refs.bib").read_text(encoding="utf-8")


def test_a_changed_file_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    planned()
    Path("refs.bib").write_text(MINE + "% another word\n", encoding="utf-8")
    assert main(["apply", "plan.json"]) == 2
    assert "refs.bib was changed since" in capsys.readouterr().err
    assert Path("refs.bib").read_text(encoding="utf-8") == MINE + "% another word\n"


def test_a_list_of_identifiers_is_written_as_a_library(capsys: pytest.CaptureFixture[str]) -> None:
    planned("10.5555/kelp.1\n10.5555/moss.2\n", name="dois.txt")
    assert main(["apply", "plan.json"]) == 2
    assert "-o OUT.bib" in capsys.readouterr().err
    assert main(["apply", "plan.json", "-o", "refs.bib"]) == 0
    text = Path("refs.bib").read_text(encoding="utf-8")
    assert "@article{" in text
    assert "@inproceedings{" in text
    assert "title = {Kelp {Forests} {Grow}" in text.replace("\n", " ") or "Kelp Forests Grow" in text
    assert "refsync-source" not in text
    assert main(["undo"]) == 0
    assert not Path("refs.bib").exists()


def test_a_filled_library_can_be_written_to_another_file() -> None:
    planned()
    assert main(["apply", "plan.json", "-o", "out.bib"]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8") == MINE
    assert "pages = {1--9}" in Path("out.bib").read_text(encoding="utf-8")


def test_files_keep_their_encoding(server: Server) -> None:
    server.papers = [Paper("Über das Moos", ["Müller, Jörg", "Łoś, Ąnna"], 2020, "10.5555/m", journal="Moos & Meer")]
    before = "@article{a, title = {Über das Moos}, doi = {10.5555/m}, note = {Grüße}}\n".encode("latin-1")
    Path("refs.bib").write_bytes(before)
    assert main(["enrich", "refs.bib", "--plan", "plan.json", "-q"]) == 0
    assert main(["apply", "plan.json"]) == 0
    after = Path("refs.bib").read_bytes()
    assert after.startswith(before[:-3])
    assert "Grüße".encode("latin-1") in after
    assert rb"Moos \& Meer" in after


@pytest.mark.parametrize("value", ["10.1000/(a{b)", "a % b # c \\ d $ e _ f {", "}", "“—” 北京"])
def test_no_value_breaks_a_file(value: str) -> None:
    planned()
    change_plan(lambda plan: [fill.update(value=value) for fill in plan["fills"]])
    assert main(["apply", "plan.json"]) == 0
    text = Path("refs.bib").read_text(encoding="utf-8")
    assert text.endswith("@article{alone, title = {Sleepless dogs on the walls of harbours}\n}\n")
    assert main(["check", "refs.bib", "--select", "RS001,RS002,RS003"]) in (0, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"index": 99}, "no record 99"),
        ({"source": "other.bib"}, "no record"),
        ({"field": "bad name}"}, "cannot be a field"),
        ({"value": " "}, "cannot be a field"),
        ({"markup": "latex"}, "plain text"),
        ({"state": "acepted"}, "did you mean 'accepted'"),
        ({"field": "title", "value": "X"}, "has a 'title' now"),
    ],
)
def test_an_invalid_plan_is_refused_and_nothing_is_written(
    change: dict[str, Any], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    planned()
    change_plan(lambda plan: plan["fills"][0].update(change))
    assert main(["apply", "plan.json"]) == 2
    assert message in capsys.readouterr().err
    assert Path("refs.bib").read_text(encoding="utf-8") == MINE


def test_two_values_for_one_field_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    planned()
    change_plan(lambda plan: plan["fills"].append({**plan["fills"][0], "value": "1999"}))
    assert main(["apply", "plan.json"]) == 2
    assert "has another accepted value above" in capsys.readouterr().err


def test_applying_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    planned()
    capsys.readouterr()
    assert main(["apply", "plan.json", "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["schema"], result["files"]) == ("refsync.apply/1", [{"path": "refs.bib", "filled": 2}])
