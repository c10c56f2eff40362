"""The header of a plan file, and whether the plan still fits its inputs."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from refsync._version import __version__
from refsync.cites import NO_CITES, Cites
from refsync.errors import ConfigError
from refsync.planning.file.options import PlanOptions
from refsync.planning.file.plan_file import PlanFile
from refsync.sources import STDIN, is_remote


def plan_header(
    command: str, options: PlanOptions, settings: Mapping[str, Any], output: str = "", cites: Cites = NO_CITES
) -> dict[str, Any]:
    """What a plan file has besides its proposals, so that `apply` needs no further information.

    Args:
        command: `run`, `dedupe` or `enrich`.
        options: what the command was asked to do.
        settings: those in force, as a table (`config.as_table`).
        output: the file to write; empty for none.
        cites: the documents that cite, as they were read.
    """
    return {
        "command": command,
        "refsync": __version__,
        "folder": "",
        "output": output or None,
        "options": options.as_json(),
        "settings": dict(settings),
        "cited": [{"source": document.source, "sha256": document.sha256} for document in cites.documents],
    }


def folder_from(place: Path) -> str:
    """The working directory, from which the paths in a plan start, relative to the folder `place`."""
    try:
        return os.path.relpath(Path.cwd(), place.resolve())
    except ValueError:  # on another drive
        return str(Path.cwd())


def check_readable_again(inputs: Sequence[str]) -> None:
    """Refuse inputs that cannot be read again when the plan is applied.

    Raises:
        ConfigError: one is standard input or a Zotero library.
    """
    for name in inputs:
        if name == STDIN:
            raise ConfigError("--plan: standard input cannot be read again", hint="save it to a file first")
        if is_remote(name):
            raise ConfigError(
                f"--plan: {name} may change before the plan is applied", hint="`refsync pull` it to a file first"
            )


def outdated(plan: PlanFile, inputs: Mapping[str, str], cites: Cites) -> list[str]:
    """Why the plan does not fit its inputs and documents any more: a reason for each that has changed."""
    before = {item["source"]: item["sha256"] for item in plan.content.get("inputs", ())}
    cited = {item["source"]: item["sha256"] for item in plan.content.get("cited", ())}
    now = {document.source: document.sha256 for document in cites.documents}
    return [*_changes(before, inputs), *_changes(cited, now)]


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    changed = [f"{name} was changed since" for name in before if name in now and now[name] != before[name]]
    gone = [f"{name} is not there any more" for name in before if name not in now]
    return [*changed, *gone, *(f"{name} is new" for name in now if name not in before)]
