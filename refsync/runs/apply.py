"""Apply a plan: write the library, the revised files and the journal."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from refsync import schemas
from refsync.cites import RewrittenDocument
from refsync.errors import ConfigError, RefsyncError, StaleError
from refsync.files import digest, replace_files
from refsync.formats.bibtex.edit import refuse_conflict
from refsync.formats.bibtex.unencodable import escape_unencodable
from refsync.formats.common.decode import decode_file, detect_encoding, encode_like
from refsync.formats.registry import Format, format_named, formats
from refsync.planning.export import export
from refsync.planning.file import folder_from
from refsync.planning.plan import Plan
from refsync.planning.revision import Revision
from refsync.runs.journal import Run, open_run, run_folder
from refsync.runs.moves import NO_MOVES, Moves, carry_out, check_forward
from refsync.schemas import Json


def writer_for(output: str, name: str = "") -> Format:
    """The format to write a file in: the one with this name, else the one for the file's suffix.

    Raises:
        ConfigError: there is no such format, or it is read-only.
    """
    writers = [form for form in formats().values() if form.write]
    if name:
        form = format_named(name)
        if form not in writers:
            names = ", ".join(form.name for form in writers)
            raise ConfigError(f"the format {name!r} is read-only", hint=f"one of: {names}")
        return form
    for form in writers:
        if output.lower().endswith(form.suffixes):
            return form
    suffixes = ", ".join(suffix for form in writers for suffix in form.suffixes)
    raise ConfigError(f"cannot write {output}: no format has its suffix", hint=f"use one of: {suffixes}")


def render(plan: Plan, form: Format) -> bytes:
    """The library that the plan proposes, as the bytes of a file."""
    data = export([entry.record for entry in plan.entries], form, plan.export, plan.preambles)
    return data + f"\n{plan.trailer}".encode() if plan.trailer and form.name == "bibtex" else data


def apply_plan(
    plan: Plan,
    output: Path | None,
    inputs: Mapping[str, str],
    command: str = "run",
    documents: Sequence[RewrittenDocument] = (),
    document: Json | None = None,
    further: Mapping[Path, bytes] = MappingProxyType({}),
) -> Run:
    """Write the library, after plan, ledger and old content in the journal; without `output`, only the journal.

    Args:
        plan: what to write.
        output: the library's file; replaced atomically, or unchanged if anything fails.
        inputs: the SHA-256 of each source's bytes.
        command: the name of the command that writes.
        documents: the documents that cite renamed keys; rewritten in the same run.
        document: the plan file that a person edited, as JSON; None for the plan itself.
        further: other files of the same run, such as a list of the removed duplicates.

    Raises:
        ConfigError: no writable format has the suffix of `output`.
        RefsyncError: a file cannot be written.
    """
    writes = {output: render(plan, writer_for(output.name, plan.export.format))} if output else {}
    writes |= {**_rewritten_bytes(documents), **further}
    document = document or schemas.plan(plan, inputs)
    folder = output.parent if output else Path()
    return _write_run(writes, _digests(documents), plan, document, command, folder)


def write_files(writes: Mapping[Path, bytes], command: str, base: Path, about: Json) -> Run:
    """Write files other than libraries, such as a model, in a run that can be undone.

    Args:
        writes: the files with their content.
        command: the name of the command that writes.
        base: the folder with the journal.
        about: what the journal keeps as the plan of the run.

    Raises:
        RefsyncError: a file cannot be written.
    """
    return _complete(open_run(base, command, about, (), writes), writes)


def apply_documents(
    texts: Mapping[str, str],
    plan: Plan,
    inputs: Mapping[str, str],
    base: Path,
    command: str,
    moves: Moves = NO_MOVES,
    documents: Sequence[RewrittenDocument] = (),
) -> Run:
    """Write documents of a papis library, move their files and rewrite documents that cite, in one run.

    Args:
        texts: the new text of each `info.yaml`, by its path.
        plan: the merges, or the areas.
        inputs: the SHA-256 of each `info.yaml` of the library.
        base: the folder of the library.
        command: the name of the command that writes.
        moves: the files that move, and the documents that are removed.
        documents: the documents that cite renamed keys.

    Raises:
        StaleError: a file was changed since it was read; none is written then.
        RefsyncError: a file cannot be written or moved.
    """
    writes = {Path(source): text.encode("utf-8") for source, text in texts.items()} | _rewritten_bytes(documents)
    known = {path.resolve(): inputs[source] for source in texts for path in [Path(source)]} | _digests(documents)
    for path in (*map(Path, texts), *moves.removed):
        _unchanged(path, inputs[str(path)])
    content = schemas.plan(plan, inputs)
    return _complete(open_run(base, command, content, schemas.ledger(plan), writes, moves=moves), writes, known)


def read_texts(inputs: Mapping[str, str]) -> dict[str, str]:
    """The .bib files that were read, as text from which `apply_revisions` restores every byte.

    Args:
        inputs: the SHA-256 of each source's bytes.

    Raises:
        StaleError: a file was changed since it was read.
        EditRefusedError: a file has an unresolved conflict of a merge.
    """
    texts = {source: decode_file(_unchanged(Path(source), known), source).exact for source, known in inputs.items()}
    for source, text in texts.items():
        refuse_conflict(text, source)
    return texts


def apply_revisions(
    revisions: Sequence[Revision],
    plan: Plan,
    inputs: Mapping[str, str],
    command: str = "dedupe",
    documents: Sequence[RewrittenDocument] = (),
    document: Json | None = None,
) -> Run:
    """Write revised .bib files, and documents that cite renamed keys, each atomically and in its own encoding.

    Raises:
        EditRefusedError: a file has an unresolved conflict of a merge; none is written then.
        StaleError: a file was changed since it was read; none is written then.
        RefsyncError: a file cannot be written.
    """
    writes, known = _revised_bytes(revisions, inputs, documents)
    document = document or schemas.plan(plan, inputs)
    return _write_run(writes, known, plan, document, command, Path(next(iter(inputs))).parent)


def write_revisions(
    revisions: Sequence[Revision],
    inputs: Mapping[str, str],
    command: str,
    documents: Sequence[RewrittenDocument],
    about: Json,
) -> Run:
    """Write revised .bib files in which no record is merged or removed, so that there is no ledger.

    Args:
        revisions: the files.
        inputs: the SHA-256 of each source's bytes when it was read.
        command: the name of the command that writes.
        documents: the documents that cite renamed keys.
        about: what the journal keeps as the plan of the run.

    Raises:
        StaleError: a file was changed since it was read; none is written then.
        RefsyncError: a file cannot be written.
    """
    writes, known = _revised_bytes(revisions, inputs, documents)
    base = Path(next(iter(inputs))).parent
    return _complete(open_run(base, command, about, (), writes), writes, known)


def _revised_bytes(
    revisions: Sequence[Revision], inputs: Mapping[str, str], documents: Sequence[RewrittenDocument]
) -> tuple[dict[Path, bytes], dict[Path, str]]:
    """The new bytes of files and documents, and the SHA-256 that each had when it was read."""
    writes, known = {}, _digests(documents)
    for revision in revisions:
        refuse_conflict(revision.before, revision.source)
        path = Path(revision.source)
        known[path.resolve()] = inputs[revision.source]
        original = _unchanged(path, inputs[revision.source])
        writes[path] = encode_like(
            escape_unencodable(revision.after, detect_encoding(original)), original, revision.source
        )
    return writes | _rewritten_bytes(documents), known


def _rewritten_bytes(documents: Sequence[RewrittenDocument]) -> dict[Path, bytes]:
    """The new bytes of the documents that change."""
    writes = {}
    for item in documents:
        if item.after != item.before:
            path = Path(item.source)
            _unchanged(path, item.document.sha256)
            writes[path] = item.document.encoding.encode(item.after)
    return writes


def _digests(documents: Sequence[RewrittenDocument]) -> dict[Path, str]:
    """The SHA-256 of the documents when they were read."""
    return {Path(item.source).resolve(): item.document.sha256 for item in documents}


def _write_run(
    writes: Mapping[Path, bytes],
    known: Mapping[Path, str],
    plan: Plan,
    document: Json,
    command: str,
    base: Path,
) -> Run:
    if "folder" in document:  # the paths in a plan are relative to the working directory
        document = {**document, "folder": folder_from(run_folder(base))}
    return _complete(open_run(base, command, document, schemas.ledger(plan), writes), writes, known)


def _complete(run: Run, writes: Mapping[Path, bytes], known: Mapping[Path, str] = MappingProxyType({})) -> Run:
    facts = run.facts
    check_forward(facts["moves"])
    replace_files(writes, {Path(file["path"]): file["before"] for file in facts["files"]} | dict(known))
    carry_out(facts["moves"])
    try:
        run.mark("applied")
    except RefsyncError as error:
        reason = str(error).partition(";")[0]
        raise RefsyncError(reason, hint="the files are written; `refsync undo` undoes this") from None
    return run


def _unchanged(path: Path, known: str) -> bytes:
    """The bytes of a file, after a check that their SHA-256 is `known`."""
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if digest(data) != known:
        raise StaleError(f"{path} was changed while refsync was running", hint="nothing was written; run it again")
    return data
