"""refsync: deduplicate, classify and sync bibliographic references.

    import refsync

    config = refsync.load_config()
    reading = refsync.read_sources(["page.txt", "refs.bib"])
    found = refsync.find_duplicates(reading.records, config)
    plan = refsync.make_plan(reading.records, found, reading.problems, refsync.load_model(), config)
    refsync.apply_plan(plan, pathlib.Path("library.bib"), reading.digests)

The names in `__all__` are the public ones; everything else may change. They are imported on first use, so that
`import refsync` is fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from refsync._version import __version__ as __version__

if TYPE_CHECKING:
    from refsync.api import find_duplicates, load_model, make_plan
    from refsync.config import Config, load_config
    from refsync.errors import ConfigError, RefsyncError, SourceError, StaleError
    from refsync.planning.plan import Plan, PlanContext
    from refsync.records import Problem, Record
    from refsync.runs.apply import apply_plan
    from refsync.sources import read_sources

__all__ = [
    "Config",
    "ConfigError",
    "Plan",
    "PlanContext",
    "Problem",
    "Record",
    "RefsyncError",
    "SourceError",
    "StaleError",
    "apply_plan",
    "find_duplicates",
    "load_config",
    "load_model",
    "make_plan",
    "read_sources",
]

_MODULES = {
    "runs.apply": ("apply_plan",),
    "config": ("Config", "load_config"),
    "errors": ("ConfigError", "RefsyncError", "SourceError", "StaleError"),
    "api": ("find_duplicates", "load_model", "make_plan"),
    "planning.plan": ("Plan", "PlanContext"),
    "records": ("Problem", "Record"),
    "sources": ("read_sources",),
}


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"refsync.{module}"), name)
    raise AttributeError(f"module 'refsync' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
