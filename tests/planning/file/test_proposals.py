"""The proposals of a plan: their states, choices and areas decide what is written."""

import json
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.decisions import FILE_NAME, append, format_decision
from refsync.dedup.profile import fingerprint
from refsync.errors import ConfigError
from refsync.formats.bibtex import format as bibtex
from refsync.planning.file import load, proposed_deduplication
from tests.planning.file.plan_samples import ROW, change_plan, make_plan_file, read_entries


def test_states_decide_what_is_merged() -> None:
    content = make_plan_file("dedupe", "refs.bib", "more.csv", "-o", "out.bib", "--profile", "balanced")
    merges = {tuple(member["id"] for member in row["members"]): number for number, row in enumerate(content["merges"])}
    asked = {tuple(member["id"] for member in row["members"]): number for number, row in enumerate(content["review"])}
    assert main(["apply", "plan.json", "-q"]) == 0
    plain = read_entries("out.bib")
    assert "10.5555/moss.7" in plain["doe2020"]["doi"]
    assert sum("elp" in fields["title"] for fields in plain.values()) == 2
    plan = load(Path("plan.json")).with_state("merges", merges["doe2020", "#1"], "rejected")
    plan.with_state("review", asked["kelp", "#2"], "accepted").save()
    assert main(["apply", "plan.json", "-q"]) == 0
    now = read_entries("out.bib")
    assert "doi" not in now["doe2020"]
    assert sum("elp" in fields["title"] for fields in now.values()) == 1
    kept = json.loads(
        next(iter(sorted(Path(".refsync/runs").iterdir())[-1].glob("plan.json"))).read_text(encoding="utf-8")
    )
    assert kept["merges"][merges["doe2020", "#1"]]["state"] == "rejected"


def test_choices_for_fields_are_applied(capsys: pytest.CaptureFixture[str]) -> None:
    Path("refsync.toml").write_text('[merge.fields]\njournal = "ask"\n', encoding="utf-8")
    content = make_plan_file("dedupe", "refs.bib", "more.csv", "-o", "out.bib")
    (row,) = content["fields"]
    assert (row["field"], row["state"]) == ("journal", "pending")
    plan = load(Path("plan.json"))
    other = next(value for value in row["values"] if value["source"] == "more.csv")
    plan.with_state("fields", 0, "accepted", take={"source": other["source"], "index": other["index"]}).save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert read_entries("out.bib")["doe2020"]["journal"] == "J. Moss"
    plan = plan.with_choice(row["members"], "journal", {"text": "Moss & Co", "markup": "text"})
    plan.with_choice(row["members"], "note", {"text": "mine"}).save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert read_entries("out.bib")["doe2020"]["journal"] == "Moss \\& Co"
    assert read_entries("out.bib")["doe2020"]["note"] == "mine"
    content = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    change_plan(fields=[*content["fields"], {**content["fields"][0], "take": {"text": "Other"}}])
    capsys.readouterr()
    assert main(["apply", "plan.json"]) == 0
    assert (
        "plan.json: fields[2]: chooses another 'journal' than fields[0] for the same paper" in capsys.readouterr().err
    )
    plan.with_choice(row["members"], "journal", None).save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert read_entries("out.bib")["doe2020"]["journal"] == "Journal of Moss"


def test_remembered_answers_are_in_the_plan() -> None:
    records = {record.id: record for record in bibtex.read(Path("refs.bib").read_bytes(), "refs.bib").records}
    one, two = fingerprint(records["kelp"]), fingerprint(records["poe2019"])
    value = {"fields": {"title": {"text": "Both"}, "note": {"union": True}, "year": {"from": two}}}
    append(Path(FILE_NAME), [format_decision("same", one, two, value=value)])
    append(Path(FILE_NAME), [format_decision("not-duplicate", one, fingerprint(records["doe2020"]))])
    assert main(["run", "refs.bib", "-o", "direct.bib", "-q"]) == 0
    content = make_plan_file("run", "refs.bib", "-o", "planned.bib")
    assert {row["field"]: row["state"] for row in content["fields"]} == {"title": "accepted", "year": "accepted"}
    assert [[member["id"] for member in pair] for pair in content["apart"]] == [["doe2020", "kelp"]]
    Path(FILE_NAME).unlink()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert Path("planned.bib").read_bytes() == Path("direct.bib").read_bytes()
    assert "title = {Both}" in Path("planned.bib").read_text(encoding="utf-8").replace("  ", " ")


def test_the_plan_decides_the_areas() -> None:
    content = make_plan_file("run", "refs.bib", "-o", "out.bib")
    (number,) = [n for n, row in enumerate(content["areas"]) if row["key"] == "poe2019"]
    row = content["areas"][number]
    areas = [{"area": "cs.CV", "probability": 0.9, "applied": True}, {"area": "my own", "applied": True}]
    plan = load(Path("plan.json")).with_state("areas", number, "accepted", areas=areas)
    plan.save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert read_entries("out.bib")["poe2019"]["keywords"] == "cs.CV, my own"
    plan.with_state("areas", number, "rejected").save()
    assert main(["apply", "plan.json", "-q"]) == 0
    assert "keywords" not in read_entries("out.bib")["poe2019"]
    assert row["members"] == [{"source": "refs.bib", "index": 2, "id": "poe2019"}]


def test_accepted_merges_of_records_kept_separate_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    make_plan_file("run", "refs.bib", "more.csv", "-o", "out.bib")
    change_plan(review=[{**ROW, "state": "rejected"}])
    assert main(["apply", "plan.json"]) == 2
    message = capsys.readouterr().err
    assert "review[0] (rejected) keeps records separate that merges[0] (accepted) would merge" in message
    change_plan(review=[], versions=[{**ROW, "relation": "preprint-of"}])
    assert main(["apply", "plan.json"]) == 2
    message = capsys.readouterr().err
    assert "versions[0] (accepted) keeps records separate that merges[0] (accepted) would merge" in message
    change_plan(versions=[], apart=[ROW["members"]])
    assert main(["apply", "plan.json"]) == 2
    assert "apart[0] (a remembered answer) keeps records separate" in capsys.readouterr().err


def test_a_plan_restores_the_proposed_deduplication() -> None:
    from refsync.config import load_config
    from refsync.planning.run_models import find_duplicates
    from refsync.sources import read_sources

    make_plan_file("dedupe", "refs.bib", "more.csv", "-o", "out.bib", "--profile", "greedy")
    records = read_sources(["refs.bib", "more.csv"]).records
    found = find_duplicates(records, load_config(profile="greedy").dedup)
    restored = proposed_deduplication(load(Path("plan.json")), records)
    assert [cluster.members for cluster in restored.clusters] == [cluster.members for cluster in found.clusters]
    assert [link.members for link in restored.review] == [link.members for link in found.review]
    for one, other in zip(restored.clusters, found.clusters, strict=True):
        assert [(pair.a, pair.b, pair.vetoes) for pair in one.evidence] == [
            (pair.a, pair.b, pair.vetoes) for pair in other.evidence
        ]
    with pytest.raises(ConfigError, match="no such record"):
        proposed_deduplication(load(Path("plan.json")), records[:1])
