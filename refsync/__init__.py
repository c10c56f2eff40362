"""refsync: deduplicate, classify and sync bibliographic references.

    import refsync

    config = refsync.load_config()
    reading = refsync.read_sources(["page.txt", "refs.bib"])
    found = refsync.find_duplicates(reading.records, config)
    plan = refsync.make_plan(reading.records, found, reading.problems, refsync.load_model(), config)
    run = refsync.apply_plan(plan, "library.bib", reading.digests)
    refsync.undo(run)

The names in `__all__` are the public ones; everything else may change. They are imported on first use, so that
`import refsync` is fast. docs/python.md describes them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from refsync._version import __version__ as __version__

if TYPE_CHECKING:
    from refsync.api import (
        apply_plan,
        check_files,
        explain_pair,
        find_duplicates,
        library_figures,
        load_model,
        make_plan,
        read_sources,
        render_records,
        tag_records,
        to_frame,
        undo,
        write_records,
    )
    from refsync.check.findings import Finding
    from refsync.classify.model import Tagging
    from refsync.config import Config, load_config
    from refsync.dedup.explain import Explanation
    from refsync.dedup.results import Deduplication
    from refsync.errors import ConfigError, RefsyncError, SourceError, StaleError
    from refsync.planning.plan import Plan, PlanContext
    from refsync.records import Problem, Record, Snapshot
    from refsync.runs.journal import Run
    from refsync.sources import Reading

__all__ = [
    "Config",
    "ConfigError",
    "Deduplication",
    "Explanation",
    "Finding",
    "Plan",
    "PlanContext",
    "Problem",
    "Reading",
    "Record",
    "RefsyncError",
    "Run",
    "Snapshot",
    "SourceError",
    "StaleError",
    "Tagging",
    "apply_plan",
    "check_files",
    "explain_pair",
    "find_duplicates",
    "library_figures",
    "load_config",
    "load_model",
    "make_plan",
    "read_sources",
    "render_records",
    "tag_records",
    "to_frame",
    "undo",
    "write_records",
]

_MODULES = {
    "api": (
        "apply_plan",
        "check_files",
        "explain_pair",
        "find_duplicates",
        "library_figures",
        "load_model",
        "make_plan",
        "read_sources",
        "render_records",
        "tag_records",
        "to_frame",
        "undo",
        "write_records",
    ),
    "check.findings": ("Finding",),
    "config": (
        "Config",
        "load_config",
    ),
    "dedup.explain": ("Explanation",),
    "dedup.results": ("Deduplication",),
    "errors": (
        "ConfigError",
        "RefsyncError",
        "SourceError",
        "StaleError",
    ),
    "planning.plan": (
        "Plan",
        "PlanContext",
    ),
    "records": (
        "Problem",
        "Record",
        "Snapshot",
    ),
    "runs.journal": ("Run",),
    "sources": ("Reading",),
    "classify.model": ("Tagging",),
}


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"refsync.{module}"), name)
    raise AttributeError(f"module 'refsync' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
