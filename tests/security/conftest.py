from pathlib import Path

import pytest

SECRET_TEXT = "alias ls='echo hello'\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project from elsewhere, the working directory; beside it `home`, where nothing may be written or read."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "bashrc").write_text(SECRET_TEXT, encoding="utf-8")
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / f".{name.lower()}"))
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
