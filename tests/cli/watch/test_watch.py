"""What a watch shows, with a clock that saves files while it waits."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from refsync.cli import main
from refsync.cli.watch.bib_files import BibFiles
from refsync.cli.watch.clock import MOST, QUIET, settled
from refsync.cli.watch.command import WatchOptions, watch_files
from refsync.cli.watch.looks import Change, Look

ONE = """\
@article{moss2001, title = {Water retention of moss}, author = {Roe, Ann}, journal = {Bogs}, year = 2001,
  pages = {1--9}}
"""
TWIN = ONE.replace("moss2001", "roe2001")
KELP = "@book{kelp, title = {Kelp in noise}, author = {Poe, Ed}, publisher = {Sea}, year = 1990}\n"
PLAN = Path(".refsync/watch/plan.json")


class Clock:
    """Time that passes only while somebody sleeps; what happens meanwhile is done then. It ends after the events."""

    def __init__(self, *events: tuple[float, Callable[[], object]]) -> None:
        self.time = 0.0
        self.events = sorted(events, key=lambda event: event[0])

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        while self.events and self.events[0][0] <= self.time:
            self.events.pop(0)[1]()
        if not self.events and self.time > 1000:
            raise KeyboardInterrupt


def save(text: str, name: str = "refs.bib") -> Callable[[], None]:
    """Save as editors do: a new file takes the place of the old one."""

    def write() -> None:
        temporary = Path(f".{name}.tmp")
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, name)

    return write


def shown(*events: tuple[float, Callable[[], object]], inputs: tuple[str, ...] = ("refs.bib",)) -> list[str]:
    """Watch until all events are over; one line for each look: codes that are new, codes that are fixed."""
    lines: list[str] = []

    def show(change: Change, look: Look, first: bool) -> None:
        new, fixed = ([item.row["code"] for item in items] for items in (change.new, change.fixed))
        lines.append(" ".join([*(f"+{code}" for code in new), *(f"-{code}" for code in fixed), *look.problems]) or "=")

    options = WatchOptions(
        every=1.0, plan_path="", once=False, endpoint="", output_format="text", quiet=False, verbose=False
    )
    with pytest.raises(KeyboardInterrupt):
        watch_files(BibFiles(inputs), options, show, Clock(*events))
    return lines


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    save(ONE + TWIN + KELP)()
    return tmp_path


def test_only_what_is_new_or_fixed_is_shown() -> None:
    assert shown(
        (10, save(ONE + TWIN + KELP + "@misc{kelp, title = {Other}}\n")),
        (20, save("\n\n" + ONE + TWIN + KELP)),  # lines move
        (30, save(ONE + KELP)),
        (40, save(ONE + KELP + "\n")),
    ) == ["+RS102", "+RS201", "-RS201", "-RS102", "="]


def test_files_are_also_written_in_place() -> None:
    assert shown((10, lambda: Path("refs.bib").write_text(ONE, encoding="utf-8"))) == ["+RS102", "-RS102"]


def test_many_saves_at_once_are_one_look() -> None:
    burst = [(10 + number * QUIET / 2, save(ONE + KELP + "%" * number)) for number in range(9)]
    assert shown(*burst) == ["+RS102", "-RS102"]


def test_a_file_that_never_rests_is_read_all_the_same() -> None:
    counter = iter(range(10**6))
    clock = Clock()
    settled(lambda: next(counter), clock)
    assert MOST <= clock.now() < MOST + 2 * QUIET


def test_half_of_a_save_is_not_shown() -> None:
    text = ONE + TWIN + KELP
    half, nothing, whole = save(text[: len(text) // 2]), save(""), save(text + "\n")
    assert shown((10, half), (11.2, nothing), (12, whole)) == ["+RS102", "="]


def test_a_file_that_stays_broken_is_shown_after_a_moment() -> None:
    assert shown((10, save(ONE + TWIN + "@book{kelp, title = {Kelp"))) == [
        "+RS102",
        "+RS301 refs.bib:5:1: the file ends inside this entry; it looks truncated",
    ]


def test_a_deleted_file_is_missed_and_nothing_counts_as_fixed() -> None:
    lines = shown((10, lambda: Path("refs.bib").unlink()), (20, save(ONE + TWIN + KELP)), (30, save(ONE)))
    assert [line.partition(":")[0] for line in lines] == ["+RS102", "refs.bib", "=", "-RS102"]
    assert "no such file" in lines[1]


def test_settings_and_answers_count_as_changes() -> None:
    assert shown((10, save('[check]\nignore = ["RS102"]\n', "refsync.toml"))) == ["+RS102", "-RS102"]


def test_broken_settings_are_a_problem_and_the_watch_goes_on() -> None:
    lines = shown((10, save("[check\n", "refsync.toml")), (20, save("", "refsync.toml")))
    assert lines[0] == "+RS102"
    assert "not valid TOML" in lines[1]
    assert lines[2:] == ["="]


def test_new_files_of_a_folder_are_found(folder: Path) -> None:
    lines = shown((10, save("@misc{kelp, title = {Other}}\n", "more.bib")), inputs=(str(folder),))
    assert lines[0] == "+RS102"
    assert len(lines) == 2


def test_the_plan_is_kept_ready_and_applied_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("refs.bib").read_bytes()
    assert shown() == ["+RS102"]
    assert Path("refs.bib").read_bytes() == before
    assert main(["apply", str(PLAN)]) == 0
    assert Path("refs.bib").read_text(encoding="utf-8").count("@article") == 1
    assert main(["undo"]) == 0
    assert Path("refs.bib").read_bytes() == before


def test_a_plan_that_is_out_of_date_is_refused_and_one_without_merges_removed() -> None:
    assert shown((10, save(KELP + ONE + TWIN))) == ["+RS102", "="]
    kept = PLAN.read_bytes()
    save(ONE + TWIN + KELP)()
    assert main(["apply", str(PLAN)]) == 2
    assert kept
    save(ONE)()
    assert shown() == ["="]
    assert not PLAN.exists()


def test_a_comment_keeps_an_entry_out_of_the_plan() -> None:
    save(ONE + "% refsync: ignore[RS101,RS102]\n" + TWIN)()
    assert shown() == ["="]
    assert not PLAN.exists()


def test_once_prints_findings_and_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "refs.bib", "--once"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("+ refs.bib:3:10: RS102 error: 'roe2001' is the same paper as 'moss2001'")
    assert last == "1 finding; `refsync apply .refsync/watch/plan.json` merges 1 entry"


def test_json_is_one_line_for_each_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "refs.bib", "--once", "--format", "json", "--plan", "mine.json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    result = json.loads(line)
    assert result["schema"] == "refsync.watch/1"
    assert [row["code"] for row in result["new"]] == ["RS102"]
    assert result["plans"] == [{"path": "mine.json", "merges": 1}]
    assert Path("mine.json").exists()


def test_control_c_ends_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("refsync.cli.watch.clock.time.sleep", interrupted)
    assert main(["watch", "refs.bib"]) == 0
    assert "watching 1 file; Ctrl-C ends" in capsys.readouterr().err


def test_many_findings_are_cut_unless_all_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    save("".join(f"@misc{{x, title = {{Paper {number}}}}}\n" for number in range(40)))()
    main(["watch", "refs.bib", "--once"])
    short = capsys.readouterr().out
    main(["watch", "refs.bib", "--once", "-v"])
    assert "more; -v shows all" in short
    assert len(short.splitlines()) < len(capsys.readouterr().out.splitlines())


def test_a_file_of_another_kind_is_neither_overwritten_nor_removed(capsys: pytest.CaptureFixture[str]) -> None:
    save('{"name": "mine"}', "package.json")()
    assert main(["watch", "refs.bib", "--once", "--plan", "package.json"]) == 2
    assert "is not a plan" in capsys.readouterr().err
    assert Path("package.json").read_text(encoding="utf-8") == '{"name": "mine"}'


def test_nothing_is_written_where_there_is_nothing_to_merge(folder: Path) -> None:
    save(ONE)()
    assert main(["watch", "refs.bib", "--once"]) == 0
    assert [path.name for path in folder.iterdir()] == ["refs.bib"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.bib"], "no such file"),
        (["page.html"], "only .bib files"),
        (["zotero:user/1", "refs.bib"], "one Zotero library"),
        (["zotero:user/1", "--plan", "p.json"], "--plan is for .bib files"),
        (["refs.bib", "--plan", "refs.bib"], "refs.bib"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", *arguments]) == 2
    assert message in capsys.readouterr().err
