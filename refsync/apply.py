"""Carrying out a plan: the one place that writes a library."""

from collections.abc import Mapping
from pathlib import Path

from refsync import schemas
from refsync.errors import ConfigError
from refsync.files import replace_file
from refsync.formats.registry import Format, formats
from refsync.journal import Run, open_run
from refsync.plan import Plan


def writer_for(output: str) -> Format:
    """The format to write a file of this name in.

    Raises:
        ConfigError: no format that can be written has this ending.
    """
    writers = [form for form in formats().values() if form.write]
    for form in writers:
        if output.lower().endswith(form.suffixes):
            return form
    endings = ", ".join(suffix for form in writers for suffix in form.suffixes)
    raise ConfigError(f"cannot write {output}: its ending names no format", hint=f"use one of: {endings}")


def render(plan: Plan, form: Format) -> bytes:
    """The library that the plan proposes, as the bytes of a file."""
    assert form.write is not None
    return form.write([entry.record for entry in plan.entries])


def apply_plan(plan: Plan, output: Path | None, inputs: Mapping[str, str]) -> Run:
    """Write the library, with plan, ledger and the state before put down first. Without `output`, only those.

    Args:
        plan: what to write.
        output: the library's file; replaced in one step, or left as it was if anything fails.
        inputs: the SHA-256 of each source's bytes.

    Raises:
        ConfigError: the ending of `output` names no format that can be written.
        RefsyncError: a file cannot be written.
    """
    data = render(plan, writer_for(output.name)) if output else b""
    run = open_run(output.parent if output else Path(), schemas.plan(plan, inputs), schemas.ledger(plan), output)
    if output:
        replace_file(output, data)
    run.mark("applied" if output else "planned", output=str(output) if output else None)
    return run
