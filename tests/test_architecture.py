"""The rules of the codebase: imports point one way, signatures stay small, and starting imports little."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import refsync
from tests.paths import ROOT
from tests.syntax_trees import nodes, parsed

PACKAGE = Path(refsync.__file__).parent
SAMPLE = PACKAGE / "sample" / "coauthor.bib"

# Each package or module of `refsync/` may import those in rows before its own.
LAYERS = (
    ("_version", "errors", "memory", "operating_system", "processes", "records", "user_folders"),
    ("http_rules", "write_targets"),
    ("text", "files"),
    ("formats",),
    ("papis",),
    ("dedup", "classify", "sources", "cites"),
    ("decisions", "config_files"),
    ("check",),
    ("planning",),
    ("formatting", "git"),
    ("schemas", "report", "frames"),
    ("runs",),
    ("asreview", "enrich", "review", "spark", "zotero"),
    ("check_inputs", "in_place"),
    ("config",),
    ("api",),
    ("api_examples", "lsp"),
    ("mcp",),
    ("cli",),
    ("__main__",),
)
# The same inside packages that have sub-packages.
INNER_LAYERS = {
    "check": (
        ("rule", "line_index", "plain_text", "settings"),
        ("tables",),
        ("rule_table",),
        ("findings",),
        ("entries", "baseline", "rule_docs", "rule_selection", "ignore_comments", "scope"),
        ("rules", "sarif"),
        ("examine_file",),
        ("run_rules",),
    ),
    "cli": (
        ("common",),
        (
            *("areas", "check", "completion", "config", "convert", "demo", "enrich", "format", "git", "lsp", "mcp"),
            *("papis", "report", "review", "run", "zotero"),
        ),
        ("dedupe", "watch"),
        ("runs",),
        ("commands",),
    ),
    "formats": (
        ("common",),
        ("registry",),
        ("bibtex", "json", "tagged"),
        ("xml", "yaml"),
        ("marc", "services", "tables"),
        ("pages",),
    ),
    "planning": (
        (
            "citation_keys",
            "databases",
            "key_ownership",
            "label_export",
            "library_dialect",
            "plan_html",
            "version_links",
        ),
        ("settings", "key_map"),
        ("run_models",),
        ("export", "model_evaluation", "plan", "revision", "key_references", "training_set"),
        ("library_groups", "merge_documents", "merge_in_place", "removed"),
        ("file",),
    ),
    "zotero": (("settings",), ("items",), ("web",), ("push",), ("merge", "pull"), ("sync",), ("undo",)),
}
MOST_PARAMETERS = 7
MOST_POSITIONAL = 4
MOST_LINES = 400  # of a test file
HEAVY = {
    "sklearn",
    "scipy",
    "pandas",
    "pyarrow",
    "pyspark",
    "pymarc",
    "yaml",
    "bibtexparser",
    "pyzotero",
    "pylatexenc",
    "matplotlib",
    "starlette",
    "rich",
    "jinja2",
    "uvicorn",
    "vl_convert",
    "pygls",
    "mcp",
}


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {dotted(path): path for path in sources("refsync", "benchmarks", "scripts", "tests")}


@cache
def imports(path: Path, *, deferred: bool = True) -> tuple[tuple[str, int], ...]:
    """The repository's modules that a module imports, with lines; those inside functions too if `deferred`."""
    return tuple(imports_in(path, deferred=deferred))


def imports_in(path: Path, *, deferred: bool) -> Iterator[tuple[str, int]]:
    for node in nodes(path) if deferred else at_import(parsed(path)):
        if isinstance(node, ast.ImportFrom):
            above = dotted(path).split(".")[: -node.level + (path.name == "__init__.py") or None] if node.level else []
            package = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                name = f"{package}.{alias.name}"
                name = name if name in modules() else package
                if name in modules():
                    yield name, node.lineno
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name in modules())


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The statements that run when a module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        ):
            continue
        yield child
        yield from at_import(child)


def wrong_way(layers: tuple[tuple[str, ...], ...], folder: str) -> list[str]:
    """Each import that points from a lower layer of a folder to the same or a higher one, in another part."""
    level = {name: number for number, names in enumerate(layers) for name in names}
    prefix = folder.replace("/", ".") + "."
    found = []
    for path in sources(folder):
        own = dotted(path).removeprefix(prefix).split(".")[0]
        for name, line in imports(path):
            other = name.removeprefix(prefix).split(".")[0]
            if not name.startswith(prefix) or other == own or own not in level or other not in level:
                continue
            if name.endswith(".settings") and own == "config":
                continue
            if level[other] >= level[own]:
                found.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    return found


def test_every_package_has_its_layer() -> None:
    names = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    assert names == {*(name for layer in LAYERS for name in layer), "__init__", "sample"}


@pytest.mark.parametrize("package", INNER_LAYERS)
def test_every_part_of_a_layered_package_has_its_layer(package: str) -> None:
    folder = PACKAGE / package
    parts = {path.relative_to(folder).parts[0].removesuffix(".py") for path in folder.rglob("*.py")} - {"__init__"}
    assert parts == {name for layer in INNER_LAYERS[package] for name in layer}


def test_nothing_in_the_package_imports_its_public_names() -> None:
    """They come from the highest layers, whichever module asks for them."""
    wrong = [f"{p.relative_to(ROOT)}:{n}" for p in sources("refsync") for name, n in imports(p) if name == "refsync"]
    assert wrong == []


def test_imports_point_one_way() -> None:
    wrong = wrong_way(LAYERS, "refsync")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", INNER_LAYERS)
def test_imports_inside_a_package_point_one_way(package: str) -> None:
    wrong = wrong_way(INNER_LAYERS[package], f"refsync/{package}")
    assert not wrong, "\n".join(wrong)


def test_no_stage_knows_the_whole_configuration() -> None:
    outside = [
        p
        for p in sources("refsync")
        if p.relative_to(PACKAGE).parts[0] not in ("api.py", "cli", "config.py", "lsp", "mcp", "__init__.py")
    ]
    assert [f"{p.relative_to(ROOT)}:{n}" for p in outside for name, n in imports(p) if name == "refsync.config"] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {other for other, _ in imports(path) if other != name} for name, path in modules().items()}
    graph.pop("refsync")  # the public names, imported when they are first used
    done: set[str] = set()
    circles: list[str] = []

    def visit(name: str, trail: list[str]) -> None:
        if name in trail:
            circles.append(" -> ".join([*trail[trail.index(name) :], name]))
        elif name not in done:
            for other in sorted(graph.get(name, ())):
                visit(other, [*trail, name])
            done.add(name)

    for name in sorted(graph):
        visit(name, [])
    assert not circles, "\n".join(circles)


def test_no_function_has_many_parameters() -> None:
    wrong = []
    for path in sources("refsync", "benchmarks", "scripts", "tests"):
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                if len([name for name in names if name not in ("self", "cls")]) > MOST_PARAMETERS:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {getattr(node, 'name', 'lambda')}")
    assert not wrong, "\n".join(wrong)


def test_no_dataclass_is_filled_by_position_beyond_four() -> None:
    """Neither is a named tuple, except a field of an entry, of which a library has half a million."""

    def is_record(node: ast.ClassDef) -> bool:
        return any("dataclass" in ast.unparse(one) for one in node.decorator_list) or any(
            "NamedTuple" in ast.unparse(base) for base in node.bases
        )

    paths = sources("refsync", "benchmarks", "scripts")
    names = {n.name for p in paths for n in nodes(p) if isinstance(n, ast.ClassDef) and is_record(n)} - {"Field"}
    wrong = []
    for path in paths:
        original = {a.asname: a.name for n in nodes(path) if isinstance(n, ast.ImportFrom) for a in n.names}
        own = {id(n): c.name for c in nodes(path) if isinstance(c, ast.ClassDef) for n in ast.walk(c)}
        for node in nodes(path):
            if isinstance(node, ast.Call) and len(node.args) > MOST_POSITIONAL:
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                called = own.get(id(node), "") if called == "cls" else original.get(called, called)
                if called in names:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {called}(...)")
    assert not wrong, "\n".join(wrong)


def test_no_test_file_is_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources("tests")}
    wrong = [f"{path.relative_to(ROOT)}: {lines} lines" for path, lines in lengths.items() if lines > MOST_LINES]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["check", str(SAMPLE)], ["run", "--help"], ["enrich", "--help"]]
)
def test_starting_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom refsync.cli import main\n"
        f"code = main({arguments!r})\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.stderr.splitlines()[-1] == "[]", done.stderr
    assert done.returncode in (0, 1)


def test_a_check_of_one_entry_imports_no_models(tmp_path: Path) -> None:
    (tmp_path / "one.bib").write_text("@misc{a, title = {Moss}, year = 2001}\n", encoding="utf-8")
    later = [
        "numpy",
        "rapidfuzz",
        "importlib.metadata",
        "refsync.decisions",
        "refsync.dedup.merge",
        "refsync.text.latex",
    ]
    program = (
        "import sys\nfrom refsync.cli import main\n"
        f"code = main(['check', 'one.bib'])\nprint([name for name in {later!r} if name in sys.modules], code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, encoding="utf-8", cwd=tmp_path
    )
    assert done.stdout == "[] 0\n", done.stderr


def test_the_version_needs_no_numbers() -> None:
    program = "import sys\nfrom refsync.cli import main\nmain(['--version'])\nprint('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines() == [f"refsync {refsync.__version__}", "False"]
