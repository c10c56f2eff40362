"""The language server with damaged input, random edits and real files: it reports, and goes on."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types

from refsync.cli import main
from refsync.decisions import FILE_NAME
from refsync.lsp.library import LibraryChecker
from refsync.planning.run_models import no_progress
from tests.lsp.editor import CAPABILITIES, run, started
from tests.lsp.test_texts import PIECES
from tests.paths import SHARED

GOOD = "@misc{moss, title = {Moss on stone}, author = {Alder, A.}, year = 2001}\n"


def test_files_that_are_no_bibliography_are_reported_and_do_not_end_the_server(tmp_path: Path) -> None:
    broken = {
        "binary.bib": "@misc{a\0\0\0\0, title = {\x01}}",
        "words.bib": "These are words, and no entry is among them.",
        "open.bib": "@misc{a, title = {" + "{" * 2000,
        "long.bib": "@misc{" * 3000,
        "empty.bib": "",
        "halves.bib": "@misc{a, title = {\ud83d}}\n",
        "conflict.bib": f"<<<<<<< ours\n{GOOD}=======\n{GOOD}>>>>>>> theirs\n",
    }

    first: dict[str, str] = {}

    async def test() -> None:
        async with started(tmp_path) as editor:
            for name, text in broken.items():
                editor.open(name, text)
                await editor.checked(name)
                first[name] = str(editor.found(name))
                editor.replace(name, 0, min(3, len(text)), "@{x")
                await editor.checked(name)
                await editor.symbols(name)
                await editor.hover(name, editor.texts[name][:1])
            assert "binary" in first["binary.bib"]
            assert first["words.bib"] == first["empty.bib"] == "[]"  # as `refsync check` reports nothing about them
            assert "RS305" in editor.codes("conflict.bib")
            editor.open("good.bib", GOOD + GOOD)
            await editor.checked("good.bib")
            assert "RS201" in editor.codes("good.bib")

    run(test())


def test_another_file_of_the_bibliography_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(GOOD, encoding="utf-8")
    (tmp_path / "other.bib").write_bytes(b"@misc{a\0\0\0\0, title = {\x01}}")
    (tmp_path / "paper.tex").write_text(r"\bibliography{refs,other} \cite{moss}", encoding="utf-8")

    async def test() -> None:
        async with started(tmp_path) as editor:
            editor.open("refs.bib")
            await editor.checked("refs.bib")
            (found,) = editor.found("refs.bib")
            assert found[:3] == ("", 1, 1)
            assert found[3].startswith("other.bib")
            assert "binary" in found[3]
            assert await editor.hover("refs.bib", "moss")

    run(test())


def test_a_configuration_that_cannot_be_read_is_reported_until_it_is_correct(tmp_path: Path) -> None:
    async def test() -> None:
        async with started(tmp_path) as editor:
            (tmp_path / "refsync.toml").write_text("[chekc]\n", encoding="utf-8")
            editor.open("refs.bib", GOOD)
            await editor.checked("refs.bib")
            assert "did you mean `check`?" in str(editor.found("refs.bib"))
            (tmp_path / "refsync.toml").write_text("[check]\n", encoding="utf-8")
            editor.save("refs.bib")
            await editor.until(lambda: editor.found("refs.bib") == [])

    run(test())


def test_an_answer_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()

    async def test() -> None:
        async with started(tmp_path) as editor:
            editor.open("refs.bib", GOOD + GOOD.replace("moss", "moss2", 1))
            await editor.checked("refs.bib")
            actions = await editor.actions("refs.bib", "moss2")
            await editor.run(actions["'moss2' and 'moss' are different papers: remember"])
            await editor.until(lambda: editor.messages)
            assert "cannot be written" in editor.messages[0] or "not written" in editor.messages[0]
            assert await editor.hover("refs.bib", "moss2")

    run(test())


def test_what_a_record_says_reaches_the_editor_only_as_plain_text(tmp_path: Path) -> None:
    title = "Moss [x](command:evil) \x1b[31m<script>"
    text = f"@misc{{a\x1b[2J, title = {{{title}}}}}\n@misc{{a\x1b[2J, title = {{{title}}}}}\n"

    async def test() -> None:
        async with started(tmp_path) as editor:
            editor.open("refs.bib", text)
            await editor.checked("refs.bib")
            shown = await editor.hover("refs.bib", "@misc")  # the helper checks that it is plain text, not Markdown
            seen = json.dumps([editor.found("refs.bib"), shown, [i.name for i in await editor.symbols("refs.bib")]])
            assert "\\u001b" not in seen
            assert editor.found("refs.bib")

    run(test())


@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_edits_the_diagnostics_are_those_of_a_new_server(tmp_path: Path, seed: int) -> None:
    random_ = random.Random(seed)
    start = "".join(GOOD.replace("moss", f"moss{n % 7}", 1).replace("2001", f"200{n % 3}") for n in range(12))

    async def test() -> None:
        async with started(tmp_path) as editor, started(tmp_path) as fresh:
            editor.open("refs.bib", start)
            for step in range(6):
                for _ in range(random_.randrange(1, 5)):
                    text = editor.texts["refs.bib"]
                    at = random_.randrange(len(text) + 1)
                    end = min(len(text), at + random_.choice([0, 0, 1, 5, 40]))
                    editor.replace("refs.bib", at, end, random_.choice(PIECES))
                await editor.checked("refs.bib")
                fresh.open("refs.bib", editor.texts["refs.bib"])
                await fresh.checked("refs.bib")
                assert editor.found("refs.bib") == fresh.found("refs.bib"), (step, editor.texts["refs.bib"])
                fresh.close("refs.bib")

    run(test())


FILES = sorted(SHARED.glob("data/bib/**/*.bib"))
CHOSEN = [path for path in FILES if 4_000 < path.stat().st_size < 60_000][::12]


@pytest.mark.skipif(not CHOSEN, reason="the shared files are not here")
def test_the_findings_in_real_files_are_those_of_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = {}
    for number, path in enumerate(CHOSEN):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:  # an editor would show another text
            continue
        name = f"{number}.bib"
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / name).write_text(text, encoding="utf-8", newline="")
        main(["check", f"{number}/{name}", "--format", "json", "--quiet"])
        rows = json.loads(capsys.readouterr().out)["findings"]
        expected[f"{number}/{name}"] = [
            (row["code"], row["line"], row["column"], f"{row['key']!r} " * bool(row["key"]) + row["message"])
            for row in rows
        ]
    utf32 = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf32]),
        text_document=CAPABILITIES.text_document,
    )

    async def test() -> None:
        async with started(tmp_path, utf32, "utf-32") as editor:
            for name, rows in expected.items():
                editor.open(name)
                await editor.checked(name)
                assert [item for item in editor.found(name) if item[0]] == rows, name

    run(test())
    assert any(expected.values())


def test_another_version_of_pygls_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("refsync.cli.lsp.version", lambda name: "1.3.1")
    assert main(["lsp"]) == 2
    error = capsys.readouterr().err
    assert "needs pygls 2, and 1.3.1 is installed" in error
    assert "pip install --upgrade 'refsync[lsp]'" in error


def test_the_server_ends_when_the_editor_is_gone() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "refsync", "lsp"], input=b"", capture_output=True, check=False, timeout=60
    )
    assert done.stdout == b""


def test_equal_entries_are_not_compared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    compared: list[str] = []

    def progress(stage: str, done: int, total: int) -> None:
        compared.append(stage)

    text = GOOD + GOOD.replace("moss", "moss2", 1)
    checker = LibraryChecker(("refs.bib",))
    first = checker.check({"refs.bib": text}, progress, lambda _: None)
    assert "block" in compared
    compared.clear()
    again = checker.check({"refs.bib": f"% a comment\n{text}"}, progress, lambda _: None)
    assert "block" not in compared
    assert [(f.code, f.line - 1) for f in again.findings] == [(f.code, f.line) for f in first.findings]
    changed = checker.check({"refs.bib": text.replace("2001", "1950", 1)}, no_progress, lambda _: None)
    assert changed.findings != first.findings
