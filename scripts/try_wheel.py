"""Install the wheel in dist/ in the ways that the README names, each in an empty environment, and run it.

python scripts/try_wheel.py            # pip, pip with all extras; pipx and uvx where they are installed
python scripts/try_wheel.py pip uvx    # these alone
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]


def pip(wheel: Path, folder: Path, extras: str = "") -> None:
    """`pip install refsync`, and the demo, a check and a conversion."""
    _run([sys.executable, "-m", "venv", "env"], folder)
    python = _program("python", folder)
    _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{wheel}{extras}"], folder)
    _try([_program("refsync", folder)], folder)
    _try([python, "-m", "refsync"], folder)


def pip_all(wheel: Path, folder: Path) -> None:
    """`pip install 'refsync[all]'`, and what an extra brings."""
    pip(wheel, folder, "[all]")
    refsync = _program("refsync", folder)
    _run([refsync, "report", "sample/library.bib", "-o", "report.html"], folder)
    _run([refsync, "convert", "sample/library.bib", "-o", "library.parquet"], folder)


def _program(name: str, folder: Path) -> str:
    programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    found = shutil.which(name, path=str(programs))
    assert found, f"{name} is not in {programs}"
    return found


def uvx(wheel: Path, folder: Path) -> None:
    """`uvx --from 'refsync[all]' refsync demo`."""
    _try(["uvx", "--from", f"{wheel}[all]", "refsync"], folder)


def pipx(wheel: Path, folder: Path) -> None:
    """`pipx install 'refsync[all]'`."""
    environment = {"PIPX_HOME": str(folder / "home"), "PIPX_BIN_DIR": str(folder / "bin")}
    _run(["pipx", "install", f"{wheel}[all]"], folder, environment)
    _try([shutil.which("refsync", path=str(folder / "bin")) or "refsync"], folder)


WAYS: Mapping[str, Callable[[Path, Path], None]] = {"pip": pip, "pip-all": pip_all, "uvx": uvx, "pipx": pipx}


def _try(refsync: list[str], folder: Path) -> None:
    shutil.rmtree(folder / "sample", ignore_errors=True)
    _run([*refsync, "--version"], folder)
    shown = _run([*refsync, "demo", "-o", "sample"], folder)
    assert (folder / "sample" / "library.bib").stat().st_size, shown
    _run([*refsync, "check", "sample/library.bib"], folder)
    _run([*refsync, "convert", "sample/library.bib", "-o", "library.ris"], folder)


def _run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a program in a folder that holds nothing of the repository."""
    own = {name: str(folder / "user") for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})} | ({} if command[0] in {"pipx", "uvx"} else own),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> int:
    (wheel,) = (ROOT / "dist").glob("refsync-*.whl")
    asked = sys.argv[1:] or [name for name in WAYS if name.startswith("pip-") or name == "pip" or shutil.which(name)]
    for name in asked:
        with tempfile.TemporaryDirectory() as folder:
            WAYS[name](wheel, Path(folder))
        sys.stdout.write(f"{name}: {(WAYS[name].__doc__ or '').splitlines()[0]} works\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
