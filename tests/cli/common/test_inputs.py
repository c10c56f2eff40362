"""Inputs that cannot be read, or only in part."""

from pathlib import Path

import pytest

from refsync.cli import main
from tests.cli.sample_files import FILES, entries, run_json

pytestmark = pytest.mark.usefixtures("sample_folder")
GOOD = "@misc{good, title={The Patience of Kelp in Noisy Water}}\n"


def damaged_file(kind: str) -> str:
    path = Path(f"{kind}.bib")
    match kind:
        case "missing":
            return "no-such.bib"
        case "empty":
            path = Path("empty.ris")
            path.write_bytes(b"")
        case "blank":
            path = Path("blank.ris")
            path.write_bytes(b"\n \n")
        case "binary":
            path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))
        case "truncated":
            path.write_text("@article{cut, title={Kelp in", encoding="utf-8")
        case "truncated-page":
            path = Path("cut.txt")
            path.write_bytes(Path(FILES[0]).read_bytes().rsplit(b"\n\n", 1)[0])
        case "directory":
            path.mkdir()
        case "no-title":
            path = Path("table.csv")
            path.write_text("name,year\nKelp,2020\n", encoding="utf-8")
        case "long-line":
            path.write_bytes(b"x" * 50_000_000)
    return str(path)


KINDS = (
    "missing",
    "empty",
    "blank",
    "binary",
    "truncated",
    "truncated-page",
    "directory",
    "no-title",
    "long-line",
)


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_that_cannot_be_read(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    bad = damaged_file(kind)
    Path("good.bib").write_text(GOOD, encoding="utf-8")
    assert main(["run", bad, "good.bib", "-o", "library.bib"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"refsync: error: {bad}:")
    assert "good" in entries(), "the other files' results are written"
    Path("library.bib").unlink()
    assert main(["run", bad, "good.bib", "-o", "library.bib", "--strict"]) == 2
    assert not Path("library.bib").exists()
    if kind != "truncated-page":  # it holds whole papers too
        assert main(["run", bad, "-o", "library.bib"]) == 2
        assert not Path("library.bib").exists()


@pytest.mark.parametrize(("kind", "line"), [("no-title", 1), ("long-line", 1), ("truncated", 1)])
def test_the_line_of_the_damage_is_reported(capsys: pytest.CaptureFixture[str], kind: str, line: int) -> None:
    bad = damaged_file(kind)
    assert main(["dedupe", bad]) == 2
    assert capsys.readouterr().err.startswith(f"refsync: error: {bad}:{line}:")


def test_a_library_without_entries_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    Path("strings.bib").write_text("% nothing yet\n@string{jmr = {Journal of Moss Research}}\n", encoding="utf-8")
    account = run_json(capsys, "run", "strings.bib", "-o", "library.bib")
    assert (account["records"], account["unique"], account["problems"]) == (0, 0, [])
    for command in ("dedupe", "tag", "check"):
        assert main([command, "strings.bib"]) == 0


def test_a_similar_file_name_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "coauthors.bib"]) == 2
    assert "did you mean coauthor.bib?" in capsys.readouterr().err


def test_a_repeated_id_is_a_problem_and_both_records_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    Path("twice.bib").write_text(
        "@misc{k, title={Kelp in Noisy Water}}\n\n@misc{k, title={A Theory of Moss}}\n", encoding="utf-8"
    )
    account = run_json(capsys, "run", "twice.bib", "-o", "library.bib")
    assert (account["records"], account["unique"]) == (2, 2)
    assert account["problems"][0]["line"] == 3
    assert len(entries()) == 2
    assert main(["run", "twice.bib", "-o", "strict.bib", "--strict"]) == 2
    assert not Path("strict.bib").exists()


def test_a_malformed_block_is_a_problem_and_the_rest_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("hurt.bib").write_text(
        "@misc{a, title={Kelp}}\n@misc{b, title={Moss\n@misc{c, title={Fern}}\n", encoding="utf-8"
    )
    account = run_json(capsys, "run", "hurt.bib", "-o", "library.bib", code=2)
    assert (account["records"], account["problems"][0]["line"]) == (2, 2)
    assert set(entries()) == {"a", "c"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["dedupe", "hurt.bib", "--format", "json"], 0),
        (["dedupe", "hurt.bib"], 0),
        (["dedupe", "hurt.bib", "cut.bib"], 2),
        (["dedupe", "hurt.bib", "--strict"], 2),
        (["dedupe", "hurt.bib", "-o", "library.bib"], 2),
        (["dedupe", "hurt.bib", "--write"], 2),
        (["run", "hurt.bib", "-o", "library.bib"], 2),
        (["convert", "hurt.bib", "-o", "library.ris"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_malformed_entry_is_lost_only_where_something_is_written(arguments: list[str], code: int) -> None:
    Path("hurt.bib").write_text("@misc{a, title={Kelp}, ???, year=2020}\n@misc{b, title={Moss}}\n", encoding="utf-8")
    Path("cut.bib").write_text("@article{cut, title={Kelp in", encoding="utf-8")  # nothing of it can be read
    assert main(arguments) == code


LISTING = (["dedupe"], ["tag"], ["explain", "--pair", "good", "other"], ["report", "-o", "report.html"])
WRITING = (["dedupe", "-o", "out.bib"], ["run", "-o", "out.bib"], ["convert", "-o", "out.bib"], ["dedupe", "--write"])
OTHER = "@misc{other, title={Moss on Old Walls}}\n"
MALFORMED = "@misc{bad, title={Sand under Wind}, year 2020 x y}\n"
NOT_READ = "@misc bad, title={Sand under Wind}, year=2020}\n"


@pytest.mark.parametrize("arguments", [*LISTING, *WRITING], ids=" ".join)
def test_the_exit_code_says_whether_the_result_lacks_something(arguments: list[str]) -> None:
    command, *options = arguments
    codes = []
    for damage in ("", MALFORMED, NOT_READ):
        Path("refs.bib").write_text(f"{GOOD}{damage}{OTHER}", encoding="utf-8")
        Path("out.bib").unlink(missing_ok=True)
        codes.append(main([command, "refs.bib", *options, "-q"]))
    assert codes == ([0, 0, 2] if arguments in LISTING else [0, 2, 2])
