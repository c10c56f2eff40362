"""Carrying out a plan: the one place that writes a library."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from refsync import schemas
from refsync.cites import RewrittenDocument
from refsync.errors import ConfigError, RefsyncError, StaleError
from refsync.files import digest, replace_files
from refsync.formats.bibtex.unencodable import escape_unencodable
from refsync.formats.common.decode import decode_file, encode_like, detect_encoding
from refsync.formats.registry import Format, formats, format_named
from refsync.planning.export import export
from refsync.planning.file import folder_from
from refsync.planning.revision import Revision
from refsync.planning.plan import Plan
from refsync.runs.journal import Run, open_run, run_folder
from refsync.schemas import Json


def writer_for(output: str, name: str = "") -> Format:
    """The format to write a file in: the one of this name, else the one that the file's ending tells.

    Raises:
        ConfigError: there is none that can be written.
    """
    writers = [form for form in formats().values() if form.write]
    if name:
        form = format_named(name)
        if form not in writers:
            can = ", ".join(form.name for form in writers)
            raise ConfigError(f"the format {name!r} can be read only", hint=f"one of: {can}")
        return form
    for form in writers:
        if output.lower().endswith(form.suffixes):
            return form
    endings = ", ".join(suffix for form in writers for suffix in form.suffixes)
    raise ConfigError(f"cannot write {output}: its ending names no format", hint=f"use one of: {endings}")


def render(plan: Plan, form: Format) -> bytes:
    """The library that the plan proposes, as the bytes of a file."""
    return export([entry.record for entry in plan.entries], form, plan.export, plan.preambles)


def apply_plan(
    plan: Plan,
    output: Path | None,
    inputs: Mapping[str, str],
    command: str = "run",
    documents: Sequence[RewrittenDocument] = (),
    document: Json | None = None,
) -> Run:
    """Write the library, with plan, ledger and the state before put down first. Without `output`, only those.

    Args:
        plan: what to write.
        output: the library's file; replaced in one step, or left as it was if anything fails.
        inputs: the SHA-256 of each source's bytes.
        command: which command writes.
        documents: those that cite other keys then; rewritten in the same run.
        document: the plan as it is kept, if a person looked through it.

    Raises:
        ConfigError: the ending of `output` names no format that can be written.
        RefsyncError: a file cannot be written.
    """
    writes = {output: render(plan, writer_for(output.name, plan.export.format))} if output else {}
    writes |= _rewritten(documents)
    document = document or schemas.plan(plan, inputs)
    beside = output.parent if output else Path()
    return _write(writes, _known(documents), plan, document, command, beside)


def write_files(writes: Mapping[Path, bytes], command: str, beside: Path, about: Json) -> Run:
    """Write files that hold no library, such as a model, so that the run can be taken back.

    Args:
        writes: the files with their content.
        command: which command writes.
        beside: the folder whose journal keeps it.
        about: what the run keeps as its plan.

    Raises:
        RefsyncError: a file cannot be written.
    """
    return _carried_out(open_run(beside, command, about, (), writes), writes)


def read_texts(inputs: Mapping[str, str]) -> dict[str, str]:
    """The .bib files that were read, as text once more, each byte of which `apply_revisions` gives back.

    Raises:
        StaleError: a file was changed since.
    """
    return {source: decode_file(_unchanged(Path(source), known), source).exact for source, known in inputs.items()}


def apply_revisions(
    revisions: Sequence[Revision],
    plan: Plan,
    inputs: Mapping[str, str],
    command: str = "dedupe",
    documents: Sequence[RewrittenDocument] = (),
    document: Json | None = None,
) -> Run:
    """Write revised .bib files, and documents that cite other keys then, each in one step, in the encoding it has.

    Raises:
        StaleError: a file was changed since it was read; none is written then.
        RefsyncError: a file cannot be written.
    """
    writes, known = {}, _known(documents)
    for revision in revisions:
        path = Path(revision.source)
        known[path.resolve()] = inputs[revision.source]
        original = _unchanged(path, inputs[revision.source])
        writes[path] = encode_like(escape_unencodable(revision.after, detect_encoding(original)), original, revision.source)
    writes |= _rewritten(documents)
    document = document or schemas.plan(plan, inputs)
    return _write(writes, known, plan, document, command, Path(next(iter(inputs))).parent)


def _rewritten(documents: Sequence[RewrittenDocument]) -> dict[Path, bytes]:
    """The documents that change, as bytes."""
    writes = {}
    for moved in documents:
        if moved.after != moved.before:
            path = Path(moved.source)
            _unchanged(path, moved.document.sha256)
            writes[path] = moved.document.encoding.encode(moved.after)
    return writes


def _known(documents: Sequence[RewrittenDocument]) -> dict[Path, str]:
    """What the documents held when they were read."""
    return {Path(moved.source).resolve(): moved.document.sha256 for moved in documents}


def _write(
    writes: Mapping[Path, bytes],
    known: Mapping[Path, str],
    plan: Plan,
    document: Json,
    command: str,
    beside: Path,
) -> Run:
    if "folder" in document:  # the paths in a plan start from the working directory, wherever the plan is kept
        document = {**document, "folder": folder_from(run_folder(beside))}
    return _carried_out(open_run(beside, command, document, schemas.ledger(plan), writes), writes, known)


def _carried_out(run: Run, writes: Mapping[Path, bytes], known: Mapping[Path, str] = MappingProxyType({})) -> Run:
    replace_files(writes, {Path(file["path"]): file["before"] for file in run.facts["files"]} | dict(known))
    try:
        run.mark("applied")
    except RefsyncError as error:
        reason = str(error).partition(";")[0]
        raise RefsyncError(reason, hint="the files themselves are written; `refsync undo` takes them back") from None
    return run


def _unchanged(path: Path, known: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if digest(data) != known:
        raise StaleError(f"{path} was changed while refsync was at work", hint="nothing was written; run it again")
    return data
