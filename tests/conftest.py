"""What holds for all tests: a property test draws the same examples on each machine, at any load, in any order."""

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from tests import sweeps

SWEEP = "sweep"

# Hypothesis also draws constants of the modules that are imported so far, which depend on the tests that ran before.
providers._get_local_constants = providers.Constants

_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # databases wait for the disk at every step
_SETTINGS = tempfile.TemporaryDirectory(prefix="refsync-tests-", dir=_MEMORY)
for _name in ("CONFIG", "DATA", "CACHE"):  # no files of the user who runs the tests are read or written
    os.environ[f"XDG_{_name}_HOME"] = os.path.join(_SETTINGS.name, _name.lower())
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # each core has a process with tests
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of the many processes would compile all it imports
sys.dont_write_bytecode = False
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"  # where the servers of the tests are


def pytest_configure(config: pytest.Config) -> None:
    if config.option.markexpr == SWEEP:
        sweeps.begin_sweep()
    settings.register_profile(
        "same",
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=sweeps.examples(),
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("same")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: some tests wait, for a server or for another process."""
    return 1 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Without garbage collection, which would traverse the tests and modules each time, here and later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of a folder together, in random order too: they share servers, browsers and models.

    A sweep has the properties too, each with all of its examples.
    """
    if config.option.markexpr == SWEEP:
        for item in items:
            if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
                item.add_marker(SWEEP)
    folders: dict[Path, int] = {}
    for item in items:
        folders.setdefault(item.path.parent, len(folders))
    items.sort(key=lambda item: folders[item.path.parent])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Each process gets whole folders, and what another has not begun when it has finished its own."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getvalue("dist") == "load" else None
