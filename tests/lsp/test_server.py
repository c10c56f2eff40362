"""The language server, as an editor uses it; in one test as the process that an editor starts."""

import json
import re
from pathlib import Path

import pytest

from refsync.cli import main
from tests.lsp.editor import run, started

PEAT = """@article{alder2001,
  title = {Water retention of northern peat bogs},
  author = {Alder, Ada and Birch, Ben},
  journal = {Bog Studies},
  year = 2001,
  volume = 7,
  pages = {11--29},
}

@article{alder01peat,
  title = {Water Retention of Northern Peat Bogs},
  author = {A. Alder and B. Birch},
  journal = {Bog Studies},
  year = 2001,
  volume = 7,
  pages = {11--29},
  doi = {10.5555/peat.11},
}

@book{cedar1990,
  title = {Lichens of the coast},
  author = {Cedar, Cy},
  year = 1990,
  publisher = {Harbour Press},
}
"""
PAPER = r"""\documentclass{article}
\begin{document}
Bogs hold water \cite{alder01peat}, lichens do not \citep[see][]{cedar1990}.
\bibliography{refs}
\end{document}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "a project é"
    folder.mkdir()
    (folder / "refs.bib").write_text(PEAT, encoding="utf-8")
    (folder / "paper.tex").write_text(PAPER, encoding="utf-8")
    return folder


def test_findings_appear_when_a_file_is_opened_and_as_it_is_changed(project: Path) -> None:
    async def test() -> None:
        async with started(project, own_process=True) as editor:
            editor.open("refs.bib")
            await editor.checked("refs.bib")
            assert [(code, line) for code, line, *_ in editor.found("refs.bib")] == [("RS102", 10)]
            editor.replace("refs.bib", 9, 19, "cedar1990")  # the key of the first entry
            await editor.checked("refs.bib")
            assert "RS201" in editor.codes("refs.bib")
            editor.replace("refs.bib", 9, 18, "alder2001")
            editor.type_after("refs.bib", "pages = {11--29},", "\n  note = {unclosed,")
            await editor.until(lambda: "RS301" in editor.codes("refs.bib"))  # before the library is checked again
            await editor.checked("refs.bib")
            assert "RS301" in editor.codes("refs.bib")

    run(test())


def test_duplicates_are_merged_and_the_documents_cite_the_survivor(project: Path) -> None:
    async def test() -> None:
        async with started(project) as editor:
            editor.open("refs.bib")
            editor.open("paper.tex")
            await editor.checked("refs.bib")
            actions = await editor.actions("refs.bib", "alder01peat")
            # the cited one is preferred; the other direction is offered too
            assert {title: bool(one.is_preferred) for title, one in actions.items() if title.startswith("Merge")} == {
                "Merge 'alder01peat' into 'alder2001'": False,
                "Merge 'alder2001' into 'alder01peat'": True,
            }
            chosen = actions["Merge 'alder01peat' into 'alder2001'"]
            resolved = await editor.client.code_action_resolve_async(chosen)
            assert resolved.edit
            (annotation,) = (resolved.edit.change_annotations or {}).values()
            assert annotation.needs_confirmation  # the editor shows the edit before it applies it
            await editor.run(resolved)
            assert "alder01peat" not in editor.texts["refs.bib"]
            assert "doi = {10.5555/peat.11}" in editor.texts["refs.bib"]
            assert r"\cite{alder2001}" in editor.texts["paper.tex"]
            assert editor.texts["refs.bib"].endswith(PEAT[PEAT.index("@book") :])
            await editor.checked("refs.bib", "paper.tex")
            assert editor.codes("refs.bib") == editor.codes("paper.tex") == []

    run(test())


@pytest.mark.parametrize(
    ("title", "kind", "left"),
    [
        ("'alder01peat' and 'alder2001' are different papers: remember", "not-duplicate", []),
        ("'alder01peat' and 'alder2001' are versions of one work: remember", "version-of", ["RS104"]),
    ],
)
def test_an_answer_is_written_and_applied(project: Path, title: str, kind: str, left: list[str]) -> None:
    async def test() -> None:
        async with started(project) as editor:
            editor.open("refs.bib")
            await editor.checked("refs.bib")
            actions = await editor.actions("refs.bib", "alder01peat")
            editor.expect_check("refs.bib")
            await editor.run(actions[title])
            await editor.checked("refs.bib")
            assert editor.codes("refs.bib") == left
            (line,) = (project / "refsync-decisions.jsonl").read_text(encoding="utf-8").splitlines()
            answer = json.loads(line)
            assert answer["kind"] == kind
            assert sorted(answer["keys"]) == ["alder01peat", "alder2001"]

    run(test())


def test_an_answer_about_other_entries_writes_nothing(project: Path) -> None:
    async def test() -> None:
        async with started(project) as editor:
            editor.open("refs.bib")
            await editor.checked("refs.bib")
            action = (await editor.actions("refs.bib", "alder01peat"))[
                "'alder01peat' and 'alder2001' are different papers: remember"
            ]
            assert action.command
            assert action.command.arguments
            for bad in (["../elsewhere", "b"], ["not-duplicate", "made up"]):
                action.command.arguments[1:3] = bad
                await editor.run(action)
            await editor.until(lambda: len(editor.messages) == 2)
            assert not (project / "refsync-decisions.jsonl").exists()

    run(test())


def test_hover_says_why_two_are_one_paper_and_which_areas(project: Path) -> None:
    async def test() -> None:
        async with started(project) as editor:
            editor.open("refs.bib")
            editor.open("paper.tex")
            await editor.checked("refs.bib", "paper.tex")
            shown = await editor.hover("refs.bib", "alder01peat")
            assert shown.startswith(
                "A. Alder; B. Birch (2001). Water Retention of Northern Peat Bogs. Bog Studies, 7, 11"
            )
            assert "Same paper as alder2001" in shown
            assert "similarity 1.00, weight +" in shown
            assert "Areas: " in shown
            cited = await editor.hover("paper.tex", "cedar1990")
            assert cited == "Cedar, Cy (1990). Lichens of the coast. Harbour Press."
            assert await editor.hover("paper.tex", "document") == ""

    run(test())


def test_a_key_is_renamed_in_the_bibliography_and_in_documents_that_are_not_open(project: Path) -> None:
    (project / "refs.bib").write_text(PEAT + "\n@incollection{part, crossref = {cedar1990}}\n", encoding="utf-8")
    (project / "other").mkdir()
    other = r"\bibliography{own} \cite{cedar1990}"
    (project / "other" / "other.tex").write_text(other, encoding="utf-8")
    (project / "other" / "own.bib").write_text("@misc{cedar1990, title = {Something else}}\n", encoding="utf-8")
    (project / ".git").mkdir()

    async def test() -> None:
        async with started(project) as editor:
            editor.open("refs.bib")
            await editor.checked("refs.bib")
            assert await editor.rename("refs.bib", "cedar1990", "cedar1990lichens")
            assert "@book{cedar1990lichens," in editor.texts["refs.bib"]
            assert "crossref = {cedar1990lichens}" in editor.texts["refs.bib"]
            assert r"\citep[see][]{cedar1990lichens}" in (project / "paper.tex").read_text(encoding="utf-8")
            assert (project / "other" / "other.tex").read_text(encoding="utf-8") == other  # another paper's key
            for taken in ("alder2001", "Alder2001", "with space", "a,b"):
                assert not await editor.rename("refs.bib", "cedar1990lichens", taken)
            assert len(editor.messages) == 4

    run(test())


def test_unknown_keys_are_reported_in_documents_with_the_nearest(project: Path) -> None:
    async def test() -> None:
        async with started(project) as editor:
            text = PAPER.replace("cedar1990", "cedar1991")
            editor.open("paper.tex", text)
            await editor.checked("paper.tex")
            assert editor.found("paper.tex") == [
                ("RS204", 3, 66, "no entry has the key 'cedar1991'; did you mean 'cedar1990'?")
            ]
            await editor.run((await editor.actions("paper.tex", "cedar1991"))["Cite 'cedar1990'"])
            assert editor.texts["paper.tex"] == PAPER
            await editor.until(lambda: editor.found("paper.tex") == [])

    run(test())


def test_formatting_follows_the_settings_and_keeps_the_keys(project: Path) -> None:
    async def test() -> None:
        async with started(project) as editor:
            editor.open("refs.bib")
            await editor.checked("refs.bib")
            assert not await editor.format("refs.bib")
            assert "nothing to format" in editor.messages[-1]
            settings = '[format]\nindent = 4\nkeys = "{auth}{year}x"\n'
            (project / "refsync.toml").write_text(settings, encoding="utf-8")
            assert await editor.format("refs.bib")
            assert editor.texts["refs.bib"] == PEAT.replace("\n  ", "\n    ")

    run(test())


def test_the_outline_has_the_entries_with_their_titles(project: Path) -> None:
    async def test() -> None:
        async with started(project) as editor:
            editor.open("refs.bib", "@string{bs = {Bog Studies}}\n" + PEAT)
            found = await editor.symbols("refs.bib")
            assert [(item.name, item.detail) for item in found] == [
                ("bs", "macro"),
                ("alder2001", "@article Water retention of northern peat bogs"),
                ("alder01peat", "@article Water Retention of Northern Peat Bogs"),
                ("cedar1990", "@book Lichens of the coast"),
            ]

    run(test())


def test_columns_count_utf16_units_after_characters_beyond_the_basic_plane(project: Path) -> None:
    text = "@misc{𝒜𝒷, title = {Moss 😀 on stone}, year = {20x1}}\n"

    async def test() -> None:
        async with started(project) as editor:
            (project / "refsync.toml").write_text('[check]\nextend-select = ["RS5"]\n', encoding="utf-8")
            editor.open("refs.bib", text)
            await editor.checked("refs.bib")
            (finding,) = editor.found("refs.bib")
            assert finding[:3] == ("RS504", 1, text.index("20x1") + 1 + 3)
            editor.type_after("refs.bib", "😀", " and 🌲")
            await editor.checked("refs.bib")
            assert editor.found("refs.bib")[0][2] == editor.texts["refs.bib"].index("20x1") + 1 + 4
            found = await editor.symbols("refs.bib")
            assert (found[0].selection_range.start.character, found[0].selection_range.end.character) == (6, 10)

    run(test())


def test_fixes_are_the_edits_of_check_fix(project: Path) -> None:
    text = "@misc{a, title = {Moss} year = 2001}\n\n@misc{b, title = {Kelp} year = 2002}\n"

    async def test() -> None:
        async with started(project) as editor:
            editor.open("refs.bib", text)
            await editor.checked("refs.bib")
            assert editor.codes("refs.bib") == ["RS302", "RS302"]
            everything = await editor.actions("refs.bib", "@misc", only="source.fixAll")
            await editor.run(everything["Fix all that refsync can fix"])
            assert editor.texts["refs.bib"] == text.replace("} year", "}, year")

    run(test())


def test_a_citation_of_an_entry_that_was_merged_away_names_the_survivor(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    (project / "paper.tex").unlink()
    assert main(["check", "--fix", "refs.bib", "--quiet"]) == 1
    (gone,) = {"alder2001", "alder01peat"} - set(re.findall(r"@article\{(\w+)", (project / "refs.bib").read_text()))
    (kept,) = {"alder2001", "alder01peat"} - {gone}
    text = PAPER.replace("alder01peat", gone)

    async def test() -> None:
        async with started(project) as editor:
            editor.open("paper.tex", text)
            await editor.checked("paper.tex")
            (found,) = editor.found("paper.tex")
            assert found[3] == f"{gone!r} was merged into {kept!r}; cite that"
            await editor.run((await editor.actions("paper.tex", gone))[f"Cite {kept!r}"])
            assert editor.texts["paper.tex"] == PAPER.replace("alder01peat", kept)

    run(test())
