"""The packages that `pip install refsync` leaves out because of their size, and the extras that install them."""

from collections.abc import Mapping
from importlib import import_module

from refsync.errors import ConfigError

EXTRAS: Mapping[str, Mapping[str, str]] = {
    "train": {"sklearn": "scikit-learn", "scipy": "scipy"},
    "zotero": {"pyzotero": "pyzotero", "httpx2": "httpx2", "tenacity": "tenacity"},
    "enrich": {"httpx2": "httpx2", "tenacity": "tenacity"},
    "spreadsheet": {"python_calamine": "python-calamine"},
    "marc": {"pymarc": "pymarc"},
    "spark": {"pyspark": "pyspark", "pyarrow": "pyarrow", "pandas": "pandas"},
    "report": {"jinja2": "jinja2", "markupsafe": "markupsafe", "vl_convert": "vl-convert-python"},
    "lsp": {"pygls": "pygls", "lsprotocol": "lsprotocol"},
    "mcp": {"mcp": "mcp", "pydantic": "pydantic"},
    "review": {"jinja2": "jinja2", "starlette": "starlette", "uvicorn": "uvicorn"},
}
"""For each extra, the modules that commands import and the packages that they are in."""


def require(extra: str, what: str, otherwise: str = "") -> None:
    """Check that the packages of an extra are installed, before any work is done.

    Args:
        extra: a key of `EXTRAS`.
        what: what needs them, as the subject of a sentence.
        otherwise: what can be done without them.

    Raises:
        ConfigError: one is not installed.
    """
    for module in EXTRAS[extra]:
        try:
            import_module(module)
        except ImportError as error:
            raise _missing(extra, EXTRAS[extra].get(error.name or "", EXTRAS[extra][module]), what, otherwise) from None


def missing_package(error: ModuleNotFoundError) -> ConfigError | None:
    """The error to show where a module of an extra could not be imported; None if it belongs to no extra."""
    module = (error.name or "").partition(".")[0]
    found = next(((extra, of[module]) for extra, of in EXTRAS.items() if module in of), None)
    return _missing(*found, "this command") if found else None


def _missing(extra: str, package: str, what: str, otherwise: str = "") -> ConfigError:
    hint = f"pip install 'refsync[{extra}]'" + (f", {otherwise}" if otherwise else "")
    return ConfigError(f"{what} needs {package}, which is not installed", hint=hint)
