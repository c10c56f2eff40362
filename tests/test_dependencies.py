"""What is imported is declared: a dependency of a dependency may go away with any release."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import refsync
from tests.paths import ROOT
from tests.syntax_trees import nodes

PACKAGE = Path(refsync.__file__).parent
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = DECLARED["optional-dependencies"]
OURS = {"refsync", "_typeshed"}  # the second is part of every type checker, and imported by it alone
IN_THE_LIBRARY_LATER = {"compression"}  # from Python 3.14 on


def _name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", Requirement(requirement).name).lower()


def _declared(*extras: str) -> set[str]:
    return {_name(item) for item in DECLARED["dependencies"]} | {
        _name(item) for name in extras for item in EXTRAS[name]
    }


def _imported(path: Path) -> set[str]:
    """The names of the top-level modules that a module imports anywhere in it."""
    names = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - OURS - IN_THE_LIBRARY_LATER


def _distributions(module: str, known: dict[str, list[str]]) -> set[str]:
    found = known.get(module)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found} if found else {module.replace("_", "-").lower()}


def test_every_import_of_the_package_is_declared() -> None:
    known = dict(packages_distributions())
    shipped = _declared(*[name for name in EXTRAS if name not in _DEVELOPMENT])
    lacking = {
        f"{path.relative_to(PACKAGE)}: {module}"
        for path in PACKAGE.rglob("*.py")
        for module in _imported(path)
        if module != "backports" and not _distributions(module, known) & shipped
    }
    assert not lacking


_DEVELOPMENT = {"all", "test", "docs", "lint", "peers", "area-peers", "validators"}


def test_the_tests_import_what_is_declared() -> None:
    known = dict(packages_distributions())
    declared = _declared(*[name for name in EXTRAS if name != "all"])
    lacking = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in (ROOT / "tests").rglob("*.py")
        for module in _imported(path) - {"tests", "scripts", "benchmarks", "backports"}
        if not _distributions(module, known) & declared
    }
    assert not lacking


@pytest.mark.parametrize(
    "extra", [name for name in EXTRAS if name not in {*_DEVELOPMENT, "spark", "asreview", "papis"}]
)
def test_the_extra_all_contains_each_extra_for_users(extra: str) -> None:
    (everything,) = EXTRAS["all"]
    assert extra in Requirement(everything).extras


def test_a_dependency_has_a_lower_bound_and_an_upper_one_only_with_a_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    users = [*DECLARED["dependencies"], *(item for name in EXTRAS if name not in _DEVELOPMENT for item in EXTRAS[name])]
    for item in users:
        operators = {bound.operator for bound in Requirement(item).specifier}
        assert ">=" in operators, item
        if operators & {"<", "<=", "==", "~="}:
            (line,) = [line for line in lines if item in line]
            assert "#" in line, f"{item}: no reason is stated"


def test_the_declared_versions_of_python_are_those_of_the_classifiers() -> None:
    named = [item.rpartition(" ")[2] for item in DECLARED["classifiers"] if re.search(r":: 3\.\d+$", item)]
    assert DECLARED["requires-python"] == f">={named[0]}"
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    for version in named:
        assert f'"{version}"' in workflow, version
