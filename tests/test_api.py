"""The public functions of the package apply the remembered answers, as the commands do."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

import refsync
from refsync.cli import main
from refsync.decisions import FILE_NAME, NO_REMEMBERED_ANSWERS, append
from refsync.dedup.profile import fingerprint
from refsync.records import Record
from tests.decisions.answer_lines import answer_line, area_line

COPIES = """\
@article{doe2020, title = {The Patience of Moss on Walls}, author = {Doe, J.}, journal = {J. Moss}, year = 2020}
@article{again, title = {The Patience of Moss on Walls}, author = {Doe, J.}, journal = {Journal of Moss}, year = 2020}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "refs").mkdir()
    (tmp_path / "refs" / "refs.bib").write_text(COPIES, encoding="utf-8")


def records() -> tuple[Record, ...]:
    return refsync.read_sources(["refs/refs.bib"]).records


def answer(kind: str, path: str = f"refs/{FILE_NAME}", **value: Any) -> None:
    one, other = records()
    append(Path(path), [answer_line(kind, fingerprint(one), fingerprint(other), **value)])


def plan(config: refsync.Config, **context: Any) -> refsync.Plan:
    found = refsync.find_duplicates(records(), config)
    return refsync.make_plan(records(), found, config=config, context=refsync.PlanContext(**context))


def test_without_answers_the_copies_are_merged() -> None:
    assert len(plan(refsync.load_config()).entries) == 1


def with_dois() -> None:
    """Give the copies different fingerprints: an answer is about two of these."""
    text = COPIES.replace("again,", "again, doi = {10.5555/moss.1},")
    Path("refs/refs.bib").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("kind", ["not-duplicate", "version-of"])
def test_answers_beside_the_inputs_are_applied(kind: str) -> None:
    with_dois()
    assert len(plan(refsync.load_config()).entries) == 1
    answer(kind)
    result = plan(refsync.load_config())
    assert len(result.entries) == 2
    assert len(result.deduplication.versions) == (kind == "version-of")
    assert result.cannot_link == (((0, 1),) if kind == "not-duplicate" else ())
    assert not refsync.find_duplicates(records(), refsync.load_config().dedup).clusters
    assert refsync.find_duplicates(records(), None, NO_REMEMBERED_ANSWERS).clusters


def test_the_configured_file_of_answers_is_applied() -> None:
    with_dois()
    Path("refsync.toml").write_text('decisions = "answers.jsonl"', encoding="utf-8")
    answer("not-duplicate", "answers.jsonl")
    assert len(plan(refsync.load_config()).entries) == 2
    Path("answers.jsonl").unlink()
    with pytest.raises(refsync.ConfigError, match="no such file of decisions"):
        plan(refsync.load_config())


def test_choices_for_fields_are_applied_also_with_a_context_of_ones_own() -> None:
    with_dois()
    answer("same", fields={"journal": {"text": "Moss Letters"}})
    for context in ({}, {"provenance": False}):
        (entry,) = plan(refsync.load_config(), **context).entries
        assert entry.record.fields["journal"] == "Moss Letters"
    (entry,) = plan(refsync.load_config(), field_choices={}).entries
    assert entry.record.fields["journal"] != "Moss Letters"


def test_answers_about_areas_are_applied() -> None:
    one, _ = records()
    append(Path("refs") / FILE_NAME, [area_line(fingerprint(one), {"accepted": ["cs.DL"]})])
    found = refsync.find_duplicates(records(), refsync.load_config())
    result = refsync.make_plan(records(), found, model=refsync.load_model(), config=refsync.load_config())
    assert "cs.DL" in result.areas


def test_contradictory_answers_are_problems_of_the_plan_and_errors_of_every_strict_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with_dois()
    answer("same")
    answer("not-duplicate")
    (problem,) = plan(refsync.load_config()).problems
    assert "both are ignored" in problem.message
    for command in (
        ["dedupe"],
        ["dedupe", "--format", "json"],
        ["dedupe", "--write"],
        ["dedupe", "-o", "out.bib"],
        ["run", "-o", "out.bib"],
        ["explain", "--pair", "doe2020", "again"],
        ["check", "--select", "RS1"],
        ["report", "--format", "json"],
    ):
        assert main([*command, "refs/refs.bib", "--strict"]) == 2, command
        assert main([*command, "refs/refs.bib", "-q"]) in (0, 1), command
        assert "ignored" in capsys.readouterr().err
        Path("out.bib").unlink(missing_ok=True)
        with_dois()


GROUP = """\
@article{m1, title = {The Patience of Moss on Northern Walls}, author = {Doe, Jane and Roe, Richard},
  journal = {Journal of Moss Research}, year = 2020, volume = 7, pages = {11--19}, doi = {10.5555/jmr.7.11}}
@article{m2, title = {The Patience of Moss on Northern Walls}, author = {Doe, Jane and Roe, Richard},
  journal = {Journal of Moss Research}, year = 2020, volume = 7, pages = {11--19}}
@misc{a, title = {The patience of moss on walls}, author = {Doe, Jane}}
"""


def test_an_answer_about_one_member_of_a_group_settles_the_question_about_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("refs/refs.bib").write_text(GROUP, encoding="utf-8")

    def counts() -> tuple[int, int]:
        assert main(["dedupe", "refs/refs.bib", "--format", "json"]) == 0
        result = json.loads(capsys.readouterr().out)
        return len(result["clusters"]), len(result["review"])

    assert counts() == (1, 1)
    by_id = {record.id: fingerprint(record) for record in records()}
    for member in ("m1", "m2"):
        Path("refs", FILE_NAME).unlink(missing_ok=True)
        append(Path("refs", FILE_NAME), [answer_line("not-duplicate", by_id["a"], by_id[member])])
        assert counts() == (1, 0), member


def test_readmes_snippet_with_missing_inputs_keeps_the_library() -> None:
    Path("library.bib").write_text(COPIES, encoding="utf-8")
    with pytest.raises(refsync.SourceError, match="page.txt: no such file"):
        refsync.read_sources(["page.txt", "gone.bib"])
    reading = refsync.read_sources(["page.txt", "gone.bib"], errors="collect")
    plan = refsync.make_plan(reading.records, refsync.find_duplicates(reading.records), reading.problems)
    with pytest.raises(refsync.SourceError, match=r"page.txt: no such file.*\(and 1 more\)"):
        refsync.apply_plan(plan, "library.bib", reading.digests)
    for output in ("library.bib", Path("library.bib")):
        with pytest.raises(refsync.ConfigError, match="holds 2"):
            refsync.apply_plan(refsync.make_plan([], refsync.Deduplication()), output)
        with pytest.raises(refsync.ConfigError, match="holds 2"):
            refsync.write_records([], output)
    assert Path("library.bib").read_text(encoding="utf-8") == COPIES
    Path("other.txt").write_text("no entries, but somebody's text", encoding="utf-8")
    with pytest.raises(refsync.ConfigError, match="holds some"):
        refsync.write_records([], "other.txt", "bibtex")


def test_an_empty_plan_may_be_written_where_nothing_is_lost() -> None:
    for name in ("new.bib", "empty.bib"):
        Path("empty.bib").write_text("\n", encoding="utf-8")
        refsync.apply_plan(refsync.make_plan([], refsync.Deduplication()), name)
        assert Path(name).is_file()


class Named:
    def __fspath__(self) -> str:
        return "refs/refs.bib"


def test_inputs_of_each_kind() -> None:
    data = COPIES.encode()
    binary, text = Path("refs/refs.bib").open("rb"), Path("refs/refs.bib").open(encoding="utf-8")  # noqa: SIM115
    with binary, text:
        inputs: list[Any] = [
            "refs/refs.bib", Path("refs/refs.bib"), Named(), data, bytearray(data), io.BytesIO(data),
            io.StringIO(COPIES), binary, text,
        ]  # fmt: skip
        for one in inputs:
            assert [record.id for record in refsync.read_sources(one).records] == ["doe2020", "again"]
    for several in ((data, data), iter(["refs/refs.bib", data]), {"refs/refs.bib": 1, data: 2}):
        assert len(refsync.read_sources(several).records) == 4
    assert len(refsync.read_sources([data], "bibtex").records) == 2
    for wrong in (7, None, [7], [], object()):
        with pytest.raises(refsync.ConfigError):
            refsync.read_sources(wrong)  # type: ignore[arg-type]
    with pytest.raises(refsync.ConfigError, match="errors is"):
        refsync.read_sources(data, errors="ignore")  # type: ignore[arg-type]
    with pytest.raises(refsync.SourceError):
        refsync.read_sources(b"\x00\x01 no references")


def test_the_configuration_near_the_sources_is_applied() -> None:
    assert refsync.find_duplicates(records()).clusters
    settings = "[dedup]\nsame = 0.99999\nreview = 0.9999\n[check]\nselect = ['RS601']\n"
    Path("refs/refsync.toml").write_text(settings, encoding="utf-8")
    assert not refsync.find_duplicates(records()).clusters
    assert not refsync.check_files("refs/refs.bib")
    assert refsync.check_files("refs/refs.bib", refsync.Config())


def test_areas_checks_and_formats() -> None:
    (one, other) = records()
    assert len(refsync.tag_records([one, other])) == 2
    findings = refsync.check_files("refs/refs.bib", refsync.Config(), ["RS1"])
    assert {finding.code for finding in findings} <= {"RS101", "RS102"}
    assert findings
    assert refsync.explain_pair(one, other).verdict == "same"
    for name in ("ris", "csljson", "bibtex", "csv"):
        assert len(refsync.read_sources(refsync.render_records([one, other], name), name).records) == 2
    run = refsync.write_records([one, other], "out.ris")
    refsync.undo(run.folder)
    assert not Path("out.ris").exists()
    with pytest.raises(refsync.ConfigError, match="undone"):
        refsync.undo(run)
