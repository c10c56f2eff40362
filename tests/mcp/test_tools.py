from pathlib import Path

import pytest

from refsync.errors import RefsyncError, StaleError
from refsync.mcp.tools import Tools
from tests.decisions.answer_lines import pair_line
from tests.mcp.assistant import PEAT

REFS = ["refs.bib"]


def token(tools: Tools) -> str:
    return str(tools.plan_merge(REFS, rewrite_cites=False)["token"])


def test_files_lists_bibliographies_in_the_folders(folder: Path, tools: Tools) -> None:
    for name in ("deep/more.ris", ".hidden/x.bib", "notes.docx", "node_modules/y.bib"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("TY  - JOUR\n", encoding="utf-8")
    (folder / "link.bib").symlink_to(folder.parent / "outside.bib")
    assert [item["name"] for item in tools.files(0, 50)["files"]] == ["deep/more.ris", "refs.bib"]


def test_read_finds_words_anywhere_in_a_record(tools: Tools) -> None:
    assert [item["id"] for item in tools.read(REFS, "moss LICHENS", 0, 50)["records"]] == ["cedar1990"]
    assert [item["id"] for item in tools.read(REFS, "alder01peat", 0, 50)["records"]] == ["alder01peat"]
    assert tools.read(REFS, "moss peat", 0, 50)["total"] == 0


def test_pages_continue_where_the_last_one_ended(tools: Tools) -> None:
    keys, offset = [], 0
    while offset is not None:
        answer = tools.read(REFS, "", offset, 2)
        keys += [item["id"] for item in answer["records"]]
        offset = answer["next_offset"]
    assert keys == ["alder2001", "alder01peat", "cedar1990"]
    assert tools.read(REFS, "", 99, 2)["records"] == []


def test_duplicates_are_those_of_the_command(tools: Tools) -> None:
    answer = tools.duplicates(REFS, "same", 0, 50)
    assert answer["counts"] == {"same": 1, "versions": 0, "review": 0}
    assert [member["id"] for member in answer["groups"][0]["members"]] == ["alder2001", "alder01peat"]


def test_an_ignore_comment_keeps_an_entry_from_being_merged(folder: Path, tools: Tools) -> None:
    text = PEAT.replace("@article{alder01peat", "% refsync: ignore[RS101,RS102]\n@article{alder01peat")
    (folder / "refs.bib").write_text(text, encoding="utf-8")
    assert tools.duplicates(REFS, "same", 0, 50)["counts"]["same"] == 0
    with pytest.raises(RefsyncError, match="nothing to change"):
        tools.plan_merge(REFS, rewrite_cites=False)


def test_remembered_answers_are_obeyed_as_soon_as_they_are_given(folder: Path, tools: Tools) -> None:
    assert tools.duplicates(REFS, "same", 0, 50)["counts"]["same"] == 1
    one, other = tools.explain(REFS, "alder2001", "alder01peat")["fingerprints"]
    (folder / "refsync-decisions.jsonl").write_text(pair_line("not-duplicate", one, other) + "\n", encoding="utf-8")
    assert tools.duplicates(REFS, "same", 0, 50)["counts"]["same"] == 0


def test_explain_names_records_by_key_file_or_number(tools: Tools) -> None:
    for one, other in (("alder2001", "alder01peat"), ("refs.bib:#1", "refs.bib:alder01peat")):
        assert tools.explain(REFS, one, other)["verdict"] == "same"
    with pytest.raises(RefsyncError, match="did you mean alder2001"):
        tools.explain(REFS, "alder2002", "cedar1990")


def test_tag_tags_the_records_of_the_page_only(tools: Tools) -> None:
    answer = tools.tag(REFS, 1, 1)
    assert [item["id"] for item in answer["records"]] == ["alder01peat"]
    assert answer["records"][0]["primary"] == "Physical Sciences"
    assert (answer["total"], answer["next_offset"]) == (3, 2)


def test_check_reports_findings_but_not_which_files_exist(folder: Path, tools: Tools) -> None:
    text = PEAT.replace("year = 1990", "year = 1990, file = {/no/such/file.pdf}").replace("cedar1990", "alder2001")
    (folder / "refs.bib").write_text(text, encoding="utf-8")
    codes = {item["code"] for item in tools.check(REFS, [], 0, 50)["findings"]}
    assert {"RS102", "RS201"} <= codes
    assert "RS607" not in codes
    assert {item["code"] for item in tools.check(REFS, ["RS2"], 0, 50)["findings"]} == {"RS201"}


def test_a_plan_writes_nothing_and_says_what_it_would(folder: Path, tools: Tools) -> None:
    plan = tools.plan_merge(REFS, rewrite_cites=False)
    assert plan["keys"] == {"alder01peat": "alder2001"}
    assert plan["command"] == "refsync dedupe refs.bib --write"
    assert "-@article{alder01peat," in tools.diff(plan["token"], 0, 100)["lines"]
    assert [path.name for path in folder.iterdir()] == ["refs.bib"]
    assert (folder / "refs.bib").read_text(encoding="utf-8") == PEAT


def test_apply_writes_once_and_can_be_undone(folder: Path, tools: Tools) -> None:
    from refsync.cli import main

    known = token(tools)
    written = tools.apply(known)
    assert written["written"] == ["refs.bib"]
    assert "alder01peat" not in (folder / "refs.bib").read_text(encoding="utf-8")
    with pytest.raises(StaleError, match="carried out already"):
        tools.apply(known)
    assert main(written["undo"].split()[1:]) == 0
    assert (folder / "refs.bib").read_text(encoding="utf-8") == PEAT


def test_the_token_changes_with_the_files_and_with_the_plan(folder: Path, tools: Tools) -> None:
    first = token(tools)
    assert token(tools) == first
    (folder / "refs.bib").write_text(PEAT + "% a comment\n", encoding="utf-8")
    assert token(tools) != first
    with pytest.raises(StaleError, match=r"refs\.bib changed"):
        tools.apply(first)
    assert (folder / "refs.bib").read_text(encoding="utf-8") == PEAT + "% a comment\n"


def test_another_output_of_the_same_plan_has_another_token(tools: Tools) -> None:
    assert tools.plan_library(REFS, "a.bib")["token"] != tools.plan_library(REFS, "b.bib")["token"]


def test_a_library_is_not_written_over_a_file_that_appeared_meanwhile(folder: Path, tools: Tools) -> None:
    plan = tools.plan_library(REFS, "out.ris")
    assert (plan["records"], plan["entries"]) == (3, 2)
    (folder / "out.ris").write_text("mine", encoding="utf-8")
    with pytest.raises(StaleError, match=r"out\.ris changed"):
        tools.apply(plan["token"])
    assert (folder / "out.ris").read_text(encoding="utf-8") == "mine"
    (folder / "out.ris").unlink()
    tools.apply(plan["token"])
    assert (folder / "out.ris").read_text(encoding="utf-8").count("ER  -") == 2


def test_fixes_are_planned_by_code(folder: Path, tools: Tools) -> None:
    text = PEAT.replace("Lichens of the coast", "Lichens &amp; mosses")
    (folder / "refs.bib").write_text(text, encoding="utf-8")
    plan = tools.plan_fix(REFS, ["RS6"])
    assert (plan["fixed"], plan["not_fixed"]) == (1, 0)
    tools.apply(plan["token"])
    fixed = (folder / "refs.bib").read_text(encoding="utf-8")
    assert "&amp;" not in fixed
    assert "alder01peat" in fixed


def test_documents_are_rewritten_where_that_is_asked_for(folder: Path, tools: Tools) -> None:
    (folder / "refsync.toml").write_text('cites = ["paper.tex"]\n', encoding="utf-8")
    (folder / "paper.tex").write_text(r"\cite{alder2001,alder2001,alder01peat}\bibliography{refs}", encoding="utf-8")
    plan = tools.plan_merge(REFS, rewrite_cites=True)
    assert plan["writes"] == ["refs.bib", "paper.tex"]
    tools.apply(plan["token"])
    assert "alder01peat" not in (folder / "paper.tex").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["refs.ris", "gone.bib"])
def test_what_cannot_be_changed_in_place_is_refused(name: str, folder: Path, tools: Tools) -> None:
    (folder / "refs.ris").write_text("TY  - JOUR\nTI  - Moss\nER  - \n", encoding="utf-8")
    with pytest.raises(RefsyncError, match=name):
        tools.plan_merge([name], rewrite_cites=False)


def test_a_damaged_file_is_not_planned_with(folder: Path, tools: Tools) -> None:
    (folder / "table.csv").write_bytes(b"title,year\n\xff\xfe\x00broken\x00\n")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(RefsyncError):
        tools.plan_library(["refs.bib", "broken.json"], "out.bib")
