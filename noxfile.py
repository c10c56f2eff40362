"""The tasks of the Makefile for computers without make or a shell: `pip install nox uv`, then `nox -l` lists them."""

import shutil
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["tests", "lint"]
nox.options.reuse_existing_virtualenvs = True
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


@nox.session
def tests(session: nox.Session) -> None:
    """The tests, with the Python that runs nox: `nox -s tests -- tests/dedup`."""
    session.install("--constraint", "constraints.txt", "--editable", ".[test]")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session(python=PYTHONS)
def matrix(session: nox.Session) -> None:
    """The tests with each Python that is there: `nox -s matrix-3.13`."""
    session.install("--constraint", "constraints.txt", "--editable", ".[test]")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session(venv_backend="uv", python="3.11")
def lowest(session: nox.Session) -> None:
    """The tests with the lowest version of each dependency that pyproject.toml allows."""
    session.install("--resolution", "lowest-direct", "--editable", ".[test]")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session
def programs(session: nox.Session) -> None:
    """The tests with papis and ASReview, of which refsync is a plugin."""
    session.install("--editable", ".[asreview,papis]", "pytest", "hypothesis")
    session.run("python", "-m", "pytest", "tests/asreview", "tests/cli/papis")


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff and mypy."""
    session.install("--constraint", "constraints.txt", "--editable", ".[test,lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """The site of the documentation, in build/site."""
    session.install("--constraint", "constraints.txt", "--editable", ".[docs]")
    session.run("mkdocs", "build", "--quiet", "--strict", env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def wheel(session: nox.Session) -> None:
    """Wheel and source distribution in dist/, checked, and the wheel installed and run as users do."""
    shutil.rmtree("dist", ignore_errors=True)
    session.install("build", "twine")
    session.run("python", "-m", "build", "--outdir", "dist", ".")
    files = sorted(map(str, Path("dist").iterdir()))
    session.run("twine", "check", "--strict", *files)
    session.run("python", "scripts/try_wheel.py", *session.posargs)


@nox.session(venv_backend="uv")
def constraints(session: nox.Session) -> None:
    """Write constraints.txt anew, for all systems and versions of Python."""
    target = Path("constraints.txt")
    head = [line for line in target.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    extras = [word for extra in ("test", "lint", "docs") for word in ("--extra", extra)]
    options = ["--universal", "--python-version", PYTHONS[0], "--no-header", "--no-annotate", "--no-emit-index-url"]
    options += ["--no-emit-find-links", "--upgrade", "--quiet", "--output-file", str(target)]
    session.run("uv", "pip", "compile", "pyproject.toml", *extras, *options, external=True)
    pinned = target.read_text(encoding="utf-8")
    target.write_text("\n".join(head) + "\n" + pinned, encoding="utf-8", newline="\n")
