"""Plan files: damage is reported with its place, and unknown content is kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.planning.file import load
from tests.planning.file.plan_samples import ROW, change_plan, make_plan_file


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"schema": "refsync.plan/2"},
         "a plan of another version of refsync (refsync.plan/2; this one reads refsync.plan/1)"),
        ({"schema": "refsync.run/1"}, "not a plan of refsync but refsync.run/1; `refsync run INPUT..."),
        ({"schema": None}, "not a plan of refsync; `refsync run INPUT..."),
        ({"options": None}, "`options` is missing"),
        ({"options": {"inputs": "refs.bib"}}, "options.inputs: must be a list"),
        ({"options": {"inputs": [7]}}, "`options.inputs` and `options.cites` must be lists of paths"),
        ({"merges": {}}, "merges: must be a list"),
        ({"merges": [{**ROW, "state": "acepted"}]},
         "merges[0].state: 'acepted' is not a state; did you mean 'accepted'?"),
        ({"review": [{**ROW, "state": "maybe"}]}, "review[0].state: 'maybe' is not a state; one of: accepted, pending"),
        ({"merges": [7]}, "merges[0]: must be an object"),
        ({"merges": [{"members": ROW["members"]}]}, "merges[0].state: missing"),
        ({"merges": [{**ROW, "members": []}]}, "merges[0].members: 0 given, 2 different ones are needed"),
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
def test_damage_is_reported_with_its_place(
    changes: dict[str, Any], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make_plan_file("run", "refs.bib", "more.csv", "-o", "out.bib")
    change_plan(**changes)
    assert main(["apply", "plan.json"]) == 2
    message = capsys.readouterr().err
    assert expected in message
    assert message.startswith("refsync: error: ")
    assert "plan.json" in message
    assert "Traceback" not in message
    assert not Path("out.bib").exists()


def test_invalid_json_is_reported_with_line_and_column(capsys: pytest.CaptureFixture[str]) -> None:
    make_plan_file("run", "refs.bib", "-o", "out.bib")
    text = Path("plan.json").read_text(encoding="utf-8")
    Path("plan.json").write_text(text.replace('"merges": [', '"merges": [,', 1), encoding="utf-8")
    assert main(["apply", "plan.json"]) == 2
    assert "not JSON: Expecting value; correct that place" in (message := capsys.readouterr().err)
    assert ":".join(["plan.json", str(text[: text.index('"merges"')].count("\n") + 1)]) in message
    assert main(["apply", "none.json"]) == 2
    assert "none.json: no such plan" in capsys.readouterr().err
    assert main(["apply"]) == 2
    assert "name a plan, or --resume" in capsys.readouterr().err
    assert main(["apply", "20261122-000000"]) == 2
    assert "is not a plan" in capsys.readouterr().err


def test_unknown_content_is_kept(folder: Path) -> None:
    make_plan_file("run", "refs.bib", "more.csv", "-o", "out.bib")
    change_plan(
        mine={"a": 1},
        merges=[{**row, "why": "x"} for row in json.loads(Path("plan.json").read_text(encoding="utf-8"))["merges"]],
    )
    load(Path("plan.json")).with_state("merges", 0, "pending").save()
    content = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    assert content["mine"] == {"a": 1}
    assert (content["merges"][0]["why"], content["merges"][0]["state"]) == ("x", "pending")
