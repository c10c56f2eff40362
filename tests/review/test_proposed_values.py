"""Values that a plan of `refsync enrich` proposes: their states follow the answers, in the plan."""

import json
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.errors import RefsyncError
from tests.review.enrich_plan import plan_session, proposals_for, saved_states, write_plan


@pytest.fixture(autouse=True)
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plan, in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return write_plan()


def test_pending_come_first_and_progress_outlives_the_review() -> None:
    review = plan_session()
    assert review.values
    assert [item.record.id for item in review.values.records] == ["moss", "eel", "sure"]
    assert (review.values.progress().answered, review.values.progress().total) == (0, 4)
    review.answer_values(proposals_for(review, "moss"), {1: True, 2: False})
    again = plan_session()
    assert again.values
    assert (again.values.progress().answered, again.values.progress().total) == (2, 4)
    assert [item.record.id for item in again.values.records] == ["moss", "eel", "sure"]
    assert [item.record.id for item in again.values.select("rejected")] == ["moss"]
    found = again.values.next_open("")
    assert found
    assert found.record.id == "eel"


def test_undo_restores_the_plan_byte_for_byte(plan: Path) -> None:
    before, review = plan.read_bytes(), plan_session()
    review.answer_values(proposals_for(review, "moss"), {1: True, 2: True})
    review.answer_values(proposals_for(review, "moss"), {2: False})
    review.answer_values(proposals_for(review, "sure"), {0: False})
    assert saved_states() == ["rejected", "accepted", "rejected", "pending", "pending"]
    assert review.value_count == 3
    review.undo()
    review.undo()
    assert saved_states() == ["accepted", "accepted", "accepted", "pending", "pending"]
    review.redo()
    review.undo()
    review.undo()
    assert plan.read_bytes() == before
    assert not Path("refsync-decisions.jsonl").exists()


def test_apply_uses_the_states() -> None:
    review = plan_session()
    review.answer_values(proposals_for(review, "moss"), {1: True, 2: False})
    assert main(["apply", "plan.json", "-q"]) == 0
    text = Path("refs.bib").read_text(encoding="utf-8")
    assert "Annals of Moss" in text
    assert "volume" not in text
    assert "2020" in text


def test_a_field_gets_one_value(plan: Path) -> None:
    content = json.loads(plan.read_bytes())
    content["fills"].append({**content["fills"][1], "value": "Moss Letters"})
    plan.write_text(json.dumps(content), encoding="utf-8")
    review = plan_session()
    review.answer_values(proposals_for(review, "moss"), {1: True, 5: True})
    assert saved_states()[1::4] == ["rejected", "accepted"]
    review.answer_values(proposals_for(review, "moss"), {1: True})
    assert saved_states()[1::4] == ["accepted", "rejected"]
    assert main(["apply", "plan.json", "-q"]) == 0


def test_states_set_elsewhere_are_kept(plan: Path) -> None:
    one, other = plan_session(), plan_session()
    other.answer_values(proposals_for(other, "eel"), {3: False})
    revision = one.revision
    one.refresh()
    assert one.revision == revision + 1
    one.answer_values(proposals_for(one, "moss"), {1: True})
    assert saved_states() == ["accepted", "accepted", "pending", "rejected", "pending"]
    plan.write_text(plan.read_text(encoding="utf-8").replace("Annals of Moss", "Another journal"), encoding="utf-8")
    before = plan.read_bytes()
    with pytest.raises(RefsyncError, match="changed by another program"):
        one.refresh()
    with pytest.raises(RefsyncError, match="changed by another program"):
        one.answer_values(proposals_for(one, "moss"), {1: False})
    assert plan.read_bytes() == before
