"""A warning, before anything is read, that the inputs are too large for the memory there is."""

from collections.abc import Sequence

from refsync.cli.common.output import echo
from refsync.memory import available_memory
from refsync.sources import memory_to_compare

_GB = 1e9


def warn_of_memory(inputs: Sequence[str], *, quiet: bool) -> None:
    """Say on standard error how much memory it takes to compare the inputs, if there is less; not if `quiet`."""
    if quiet:
        return
    needed, free = memory_to_compare(inputs), available_memory()
    if free and needed > free:
        echo(
            f"refsync: note: comparing these records takes about {needed / _GB:,.1f} GB of memory, and "
            f"{free / _GB:,.1f} GB are free: the system may end the run. Use a machine with more memory, or several: "
            "`refsync dedupe --engine spark --master MASTER` (or `run`) finds the same duplicates on Apache Spark",
            err=True,
        )
