"""Files that commands write beside libraries: models, proposals, reports."""

from pathlib import Path

from refsync.errors import ConfigError
from refsync.runs.apply import write_files


def check_target(output: str, suffixes: tuple[str, ...], inputs: tuple[str, ...], what: str) -> None:
    """Refuse, before any work is done, a file that must not be written.

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
