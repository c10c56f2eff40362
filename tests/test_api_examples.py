"""The examples of the Python API run, and the page shows them."""

import doctest
import inspect
from pathlib import Path
from types import ModuleType

import pytest

import refsync
from refsync import api, api_examples
from tests.paths import ROOT


@pytest.mark.parametrize("module", [api, api_examples], ids=lambda module: module.__name__)
def test_the_examples_run(module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert result.attempted
    assert not result.failed


def test_the_page_shows_the_examples_and_every_function() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    shown = page.partition("```python\n")[2].partition("\n```")[0]
    assert shown == (api_examples.__doc__ or "").partition("\n\n")[2].rstrip("\n")
    for name in refsync.__all__:
        if name.islower():
            assert f"`{name}(" in page, name


@pytest.mark.parametrize("name", [name for name in api.__dict__ if name in refsync.__all__ and name.islower()])
def test_every_function_says_what_it_takes_returns_and_raises_and_shows_it(name: str) -> None:
    function = getattr(api, name)
    text = inspect.getdoc(function) or ""
    for parameter in inspect.signature(function).parameters:
        assert f"    {parameter}: " in text, parameter
    assert "Raises:" in text
    assert "Returns:" in text
    assert ">>> " in text
