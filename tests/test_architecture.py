"""The house's own rules: imports point one way, and starting is fast because little is imported."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import refsync

PACKAGE = Path(refsync.__file__).parent
SAMPLE = PACKAGE / "sample" / "coauthor.bib"

# Each room may import those in rows before its own.
FLOORS = (
    {"errors", "records", "memory"},
    {"text"},
    {"formats", "files"},
    {"dedup", "classify", "keys", "journal", "sources", "cites"},
    {"check", "calibrated", "decisions", "export"},
    {"config"},
    {"verdicts"},
    {"plan", "inplace"},
    {"lessons"},
    {"schemas", "report"},
    {"planfile"},
    {"apply"},
    {"zotero", "review", "enrich"},
    {"cli"},
    {"__main__"},
)
HEAVY = {
    "sklearn",
    "scipy",
    "pandas",
    "pyarrow",
    "bibtexparser",
    "pyzotero",
    "pylatexenc",
    "matplotlib",
    "starlette",
    "rich",
    "jinja2",
    "uvicorn",
    "vl_convert",
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "refsync":
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]


def test_every_room_has_its_floor() -> None:
    assert {room(path) for path in PACKAGE.rglob("*.py")} == {*set().union(*FLOORS), "__init__", "sample"}


def test_imports_point_one_way() -> None:
    floor = {name: level for level, names in enumerate(FLOORS) for name in names}
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in PACKAGE.rglob("*.py")
        if room(path) in floor
        for name in imported_rooms(path)
        if name in floor and name != room(path) and floor[name] >= floor[room(path)]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["check", str(SAMPLE)], ["run", "--help"], ["enrich", "--help"]]
)
def test_starting_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom refsync.cli import main\n"
        f"code = main({arguments!r})\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "[]", done.stderr
    assert done.returncode in (0, 1)


def test_the_version_needs_no_numbers() -> None:
    program = "import sys\nfrom refsync.cli import main\nmain(['--version'])\nprint('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"refsync {refsync.__version__}", "False"]
