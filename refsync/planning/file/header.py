"""Making a plan file, and telling whether it still fits."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from refsync._version import __version__
from refsync.cites import NO_CITES, Cites
from refsync.errors import ConfigError
from refsync.planning.file.plan_file import PlanFile
from refsync.sources import STDIN, is_remote


def about(
    command: str,
    inputs: Sequence[str],
    output: str,
    settings: Mapping[str, Any],
    *,
    against: str = "",
    from_format: str = "",
    in_place: bool = False,
    cites: Cites = NO_CITES,
    cited: Sequence[str] = (),
    rewrite_cites: bool = False,
    ids: bool | None = None,
) -> dict[str, Any]:
    """What a plan says beside its proposals, so that it can be carried out without asking anything again.

    Args:
        command: `run` or `dedupe`.
        inputs: as the user gave them.
        output: the file to write; empty where there is none.
        settings: those in force, as a table (`config.as_table`).
        against: the library that the inputs are held against.
        from_format: the format of the inputs, where it was said.
        in_place: whether the inputs themselves are to be changed.
        cites: the documents that cite, as they were read.
        cited: how they were named.
        rewrite_cites: whether they are to be rewritten.
        ids: whether keys that go stay as aliases.
    """
    return {
        "command": command,
        "refsync": __version__,
        "folder": "",
        "output": output or None,
        "options": {
            "inputs": [*inputs],
            "against": against,
            "from": from_format,
            "in_place": in_place,
            "cites": [*cited],
            "rewrite_cites": rewrite_cites,
            "ids": ids,
        },
        "settings": dict(settings),
        "cited": [{"source": document.source, "sha256": document.sha256} for document in cites.documents],
    }


def folder_from(place: Path) -> str:
    """The working directory, from which the paths in a plan start, as seen from a folder."""
    try:
        return os.path.relpath(Path.cwd(), place.resolve())
    except ValueError:  # on another drive
        return str(Path.cwd())


def check_readable_again(inputs: Sequence[str]) -> None:
    """Refuse to plan for what cannot be read again as it was.

    Raises:
        ConfigError: such an input is among these.
    """
    for name in inputs:
        if name == STDIN:
            raise ConfigError("--plan: standard input cannot be read again", hint="save it to a file first")
        if is_remote(name):
            raise ConfigError(
                f"--plan: {name} may change before the plan is carried out", hint="`refsync pull` it to a file first"
            )


def outdated(plan: PlanFile, inputs: Mapping[str, str], cites: Cites) -> list[str]:
    """Why the plan does not fit what its inputs and documents hold now, one reason for each that is another."""
    before = {item["source"]: item["sha256"] for item in plan.content.get("inputs", ())}
    cited = {item["source"]: item["sha256"] for item in plan.content.get("cited", ())}
    now = {document.source: document.sha256 for document in cites.documents}
    return [*_differing(before, inputs), *_differing(cited, now)]


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    changed = [f"{name} was changed since" for name in before if name in now and now[name] != before[name]]
    gone = [f"{name} is not there any more" for name in before if name not in now]
    return [*changed, *gone, *(f"{name} is new" for name in now if name not in before)]
