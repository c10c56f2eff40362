"""Files that commands write: checked before the work, written in a run that can be undone."""

from pathlib import Path

from refsync.errors import ConfigError
from refsync.formats.bibtex.edit import refuse_conflict
from refsync.formats.common.decode import decode_file
from refsync.runs.apply import write_files, writer_for
from refsync.sources import STDIN, same_file


def check_output(output: str, inputs: tuple[str, ...], against: str = "", form: str = "") -> None:
    """Refuse, before any work is done, a library that cannot or must not be written.

    Args:
        output: the file to write; `-` and empty are fine.
        inputs: the files that are read.
        against: the library that they are compared with.
        form: the name of the format to write; empty for the one of the file's ending.

    Raises:
        ConfigError: the ending names no format, the file is one that is read, or its folder does not exist.
        EditRefusedError: the file exists and has an unresolved conflict of a merge.
    """
    if output in ("", STDIN):
        return
    writer_for(output, form)
    target = Path(output)
    if not target.parent.is_dir():
        raise ConfigError(f"{output}: there is no folder {target.parent}", hint="create it first")
    if target.is_dir():
        raise ConfigError(f"{output}: a directory, not a file")
    if against and same_file(output, against):
        raise ConfigError(
            f"{output} is the library itself, and would contain only the new records", hint="write to another file"
        )
    if any(same_file(output, name) for name in inputs):
        raise ConfigError(
            f"{output} is also an input, whose comments and layout would be lost", hint="write to another file"
        )
    if target.is_file() and b"<<<<<<<" in (data := target.read_bytes()):
        refuse_conflict(decode_file(data, output).exact, output)


def check_removed(removed: str, inputs: tuple[str, ...], output: str, plan_path: str = "") -> None:
    """Refuse, before any work is done, a file of removed duplicates that cannot or must not be written.

    Raises:
        ConfigError: no library is written, or both are one file; also what `check_output` raises.
    """
    if not removed:
        return
    if output in ("", STDIN) or plan_path:
        raise ConfigError("--removed goes with the library that is written", hint="-o OUT, without --plan")
    if removed == STDIN or same_file(removed, output):
        raise ConfigError(f"--removed {removed}: another file than that of -o", hint="--removed duplicates.csv")
    check_output(removed, inputs)


def check_target(output: str, suffixes: tuple[str, ...], inputs: tuple[str, ...], what: str) -> None:
    """Refuse, before any work is done, another file than a library (a model, a report) that must not be written.

    Args:
        output: the file to write.
        suffixes: the endings that it may have.
        inputs: the files that are read.
        what: what is written, with its article, for the message.

    Raises:
        ConfigError: its ending is not one of these, its folder does not exist, or it is an input.
    """
    if not output.lower().endswith(suffixes):
        raise ConfigError(f"{output}: {what} is written to a file ending in {' or '.join(suffixes)}")
    if not Path(output).parent.is_dir():
        raise ConfigError(f"{output}: there is no folder {Path(output).parent}", hint="create it first")
    if Path(output).is_dir() or output in inputs:
        raise ConfigError(f"{output}: is {'a directory' if Path(output).is_dir() else 'an input'}")


def write_file(output: str, data: bytes, command: str) -> None:
    """Write a file atomically, in a run that `refsync undo` can undo."""
    path = Path(output)
    write_files({path: data}, command, path.parent, {"schema": f"refsync.{command}/1", "output": output})
