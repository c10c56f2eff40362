"""What holds for all tests: a property test draws the same examples on each machine, at any load, in any order."""

import os
import tempfile

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

settings.register_profile(
    "same",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("same")

# Hypothesis also draws constants of the modules that are imported so far, which depend on the tests that ran before.
providers._get_local_constants = providers.Constants

_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # databases wait for the disk at every step
_SETTINGS = tempfile.TemporaryDirectory(prefix="refsync-tests-", dir=_MEMORY)
for _name in ("CONFIG", "DATA", "CACHE"):  # no files of the user who runs the tests are read or written
    os.environ[f"XDG_{_name}_HOME"] = os.path.join(_SETTINGS.name, _name.lower())
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"  # where the servers of the tests are
