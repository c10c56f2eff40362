"""`refsync explain`: the verdict about two records."""

import json
from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.sample_files import FILES, run_json

pytestmark = pytest.mark.usefixtures("sample_folder")


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
    """A third record joins two that are not similar enough, and an answer keeps equal ones separate."""
    common = "title={The Patience of Kelp in Noisy Water}, author={Doe, Jane and Roe, Mia}"
    Path("refs.bib").write_text(
        f"@article{{a, {common}, year=2020, journal={{Kelp Letters}}, doi={{10.5555/1}}}}\n"
        f"@article{{b, {common}, year=2020, journal={{Kelp Letters}}, volume=3, pages={{7--19}}, doi={{10.5555/1}}}}\n"
        "@article{c, author={Doe, Jane and Roe, Mia}, year=2020, journal={Kelp Letters}, volume=3, pages={7--19},\n"
        " doi={10.5555/1}}\n"
        f"@article{{d, {common}, year=2020, doi={{10.5555/1}}}}\n",
        encoding="utf-8",
    )
    clusters = run_json(capsys, "dedupe", "refs.bib")["clusters"]
    together = {member["id"] for member in clusters[0]["members"]}
    for names in (("a", "b"), ("a", "c"), ("c", "d")):
        result = run_json(capsys, "explain", "refs.bib", "--pair", *names)
        assert (result["verdict"] == "same") == (set(names) <= together)
    prints = run_json(capsys, "explain", "refs.bib", "--pair", "a", "b")["fingerprints"]
    result = run_json(capsys, "explain", "refs.bib", "--pair", "a", "c")
    answer = {"kind": "not-duplicate", "a": result["fingerprints"][0], "b": result["fingerprints"][1]}
    Path("refsync-decisions.jsonl").write_text(json.dumps(answer) + "\n", encoding="utf-8")
    result = run_json(capsys, "explain", "refs.bib", "--pair", "a", "c")
    assert result["verdict"] == "different"
    assert "a remembered answer" in result["why"]
    assert prints[0] == answer["a"]
    assert main(["explain", "refs.bib", "--pair", "a", "refs.bib:a"]) == 2
    assert "the same record" in capsys.readouterr().err


def test_explain_suggests_similar_ids(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "coauthor.bib", "--pair", "okafor2025tides", "lindstrom2024tide"]) == 2
    assert "did you mean okafor2025tide" in capsys.readouterr().err
    assert main(["explain", *FILES, "--pair", "#1", "lindstrom2024tide"]) == 2
    assert "SOURCE:ID" in capsys.readouterr().err
