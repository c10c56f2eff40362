"""`refsync areas --suggest`, and training on accepted groups."""

from collections import Counter
from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.areas.library import SUBJECTS, library, run_json


def test_groups_are_proposed_accepted_and_trained_on(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library_ = str(trained / "refs.bib")
    for name in ("groups.toml", "groups.json"):
        proposal = tmp_path / name
        result = run_json(capsys, "areas", library_, "--suggest", "3", "-o", str(proposal))
        assert 50 <= sum(len(group["papers"]) for group in result["groups"]) <= 60
        for group in result["groups"]:
            subjects = Counter(int(paper["id"].split("x")[1]) % 3 for paper in group["papers"])
            ((subject, count),) = subjects.most_common(1)
            assert count >= 0.8 * len(group["papers"])
            assert set(" ".join(group["terms"]).split()) & {*SUBJECTS[list(SUBJECTS)[subject]]}
        assert main(["train", library_, "--groups", str(proposal)]) == 2
        assert "no group in it is accepted" in capsys.readouterr().err
        text = proposal.read_text(encoding="utf-8").replace("accept = false", "accept = true").replace("false", "true")
        proposal.write_text(text, encoding="utf-8")
        learnt = run_json(capsys, "train", library_, "--groups", str(proposal), "--labels", "none")
        assert sorted(item["label"] for item in learnt["labels"]) == sorted(x["name"] for x in result["groups"])


@pytest.mark.parametrize("content", ["", "moss", "schema = 'x'", "{", '{"schema": "refsync.groups/1", "groups": [3]}'])
def test_a_bad_proposal_is_refused(trained: Path, tmp_path: Path, content: str) -> None:
    for name in ("groups.toml", "groups.json"):
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert main(["train", str(trained / "refs.bib"), "--groups", str(tmp_path / name)]) == 2


def test_too_few_papers_for_so_many_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "few.bib").write_text(library(5), encoding="utf-8")
    assert main(["areas", str(tmp_path / "few.bib"), "--suggest", "4"]) == 2
    assert "4 groups need 12 papers" in capsys.readouterr().err


def test_topics_are_suggested_for_each_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "@misc{a, title = {Star formation in dwarf satellite galaxies of the Milky Way}}\n@misc{b, title = {Moss}}\n"
    (tmp_path / "refs.bib").write_text(text)
    result = run_json(capsys, "areas", str(tmp_path / "refs.bib"), "--topics")
    assert result["schema"] == "refsync.topics/1"
    stars, moss = result["records"]
    assert stars["topics"][0]["field"] == "Physics and Astronomy"
    assert moss["topics"] == []
    assert main(["areas", str(tmp_path / "refs.bib"), "--topics", "-q"]) == 0
    assert "too little text" in capsys.readouterr().out
    assert main(["areas", str(tmp_path / "refs.bib"), "--topics", "-o", "x.toml"]) == 2


def test_a_groups_name_repeats_no_stem(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run_json(capsys, "areas", str(trained / "refs.bib"), "--suggest", "3")
    names = [group["name"] for group in result["groups"]]
    assert len(set(names)) == 3
    for name in names:
        stems = [word[:6] for word in name.split()]
        assert 1 <= len(stems) == len(set(stems)) <= 2
