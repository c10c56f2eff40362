import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refsync.cli import main
from refsync.enrich import connection
from tests.cli.enrich.papers import PAPERS
from tests.enrich.helpers import Time
from tests.services_server import Server, services_server


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    passing = Time()
    monkeypatch.setattr(connection, "Clock", lambda: passing.clock)
    return passing


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Services that know some papers, and an empty working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setenv("REFSYNC_CONTACT", "me@example.org")
    with services_server(PAPERS) as running:
        for name in ("crossref", "openalex", "arxiv"):
            monkeypatch.setenv(f"REFSYNC_{name.upper()}_URL", running.url(name))
        yield running


@pytest.fixture
def enriched(capsys: pytest.CaptureFixture[str]) -> Any:
    """Enrich the text of a file, and give the JSON that is printed."""

    def run(text: str, *options: str, name: str = "refs.bib", code: int = 0) -> dict[str, Any]:
        Path(name).write_text(text, encoding="utf-8")
        capsys.readouterr()
        assert main(["enrich", name, "--format", "json", *options]) == code
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert result["schema"] == "refsync.enrich/1"
        return result

    return run
