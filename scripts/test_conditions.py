"""Run the tests under conditions that must make no difference: order, clock, time zone, locale, umask, user, cores.

    python scripts/test_conditions.py [--list] [-n WORKERS] [--tests PATH ...] [CONDITION ...]

Prints a table; the exit code is 1 if a test fails under any of them. Conditions that this machine cannot make are
listed with the reason: the clock needs `faketime`, another user needs root.
"""

import argparse
import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MOST_SECONDS = 3600  # of one run
OTHER_USER = "nobody"
NEW_ZEALAND = "NZST-12NZDT,M9.5.0,M4.1.0/3"  # Pacific/Auckland, also where no time zones are installed
# Browsers and git measure time on their own: chromium waits for frames that never come due, and pre-commit's
# environments hold files of the future.
NOT_AT_ANOTHER_TIME = ("--ignore=tests/browser",)


@dataclass(frozen=True)
class Condition:
    """What differs from a plain run.

    Attributes:
        pytest: more arguments for pytest.
        env: more variables of the environment.
        umask: the mask of new files, -1 for the one that is set.
        clock: when the run starts, as `faketime -f` takes it.
        bare: start from an empty environment.
        user: run as this user.
        cores: run on this many cores, 0 for all.
        background: ignore Ctrl-C, as a shell lets background jobs do.
    """

    pytest: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    umask: int = -1
    clock: str = ""
    bare: bool = False
    user: str = ""
    cores: int = 0
    background: bool = False


def at(clock: str, **env: str) -> Condition:
    """At another time of day. Waiting stays real, or waits with a limit may never end (libfaketime's README)."""
    variables = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": str(ROOT / "scripts" / "faketime"), **env}
    return Condition(NOT_AT_ANOTHER_TIME, variables, clock=clock)


CONDITIONS = {
    "file order": Condition(("-p", "no:randomly")),
    "random order 1": Condition(("-p", "randomly", "--randomly-seed=1")),
    "random order 2": Condition(("--randomly-seed=2",)),
    "one worker, one core": Condition(("-n", "1"), cores=1),
    "four workers": Condition(("-n", "4")),
    "hash seed 0": Condition(env={"PYTHONHASHSEED": "0"}),
    "hash seed 4242": Condition(env={"PYTHONHASHSEED": "4242"}),
    "time zone +13": Condition(env={"TZ": NEW_ZEALAND}),
    "time zone -11": Condition(env={"TZ": "SST11"}),
    "locale C": Condition(env={"LC_ALL": "C", "LANG": "C"}),
    "ASCII only": Condition(env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    "named encodings": Condition(env={"PYTHONWARNDEFAULTENCODING": "1"}),
    "umask 077": Condition(umask=0o077),
    "umask 000": Condition(umask=0),
    "bare environment": Condition(bare=True),
    "odd environment": Condition(
        env={
            "NO_COLOR": "1",
            "FORCE_COLOR": "1",
            "COLUMNS": "43",
            "LINES": "9",
            "TERM": "dumb",
            "PYTHONUNBUFFERED": "1",
            "ZOTERO_API_KEY": "of-the-developer",
            "ZOTERO_ENDPOINT": "http://127.0.0.1:9",
            "OPENALEX_API_KEY": "of-the-developer",
            "REFSYNC_CONTACT": "developer@example.org",
            "REFSYNC_CROSSREF_URL": "http://127.0.0.1:9",
            "http_proxy": "http://127.0.0.1:9",
        }
    ),
    "in the background": Condition(background=True),
    "another user": Condition(user=OTHER_USER),
    "new year's eve": at("@2026-12-31 23:59:50"),
    "leap day": at("@2028-02-29 12:00:00"),
    "before midnight": at("@2027-06-30 23:59:30"),
    "end of summer time": at("@2027-04-03 13:59:00", TZ=NEW_ZEALAND),
}


@dataclass(frozen=True)
class Outcome:
    """What a run came to; `failures` are the names of tests, or the reason why there was none."""

    passed: int
    skipped: int
    failures: tuple[str, ...]
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conditions", nargs="*", metavar="CONDITION", help="only these (default: all)")
    parser.add_argument("--list", action="store_true", help="print the conditions")
    parser.add_argument("-n", "--workers", default="2", help="processes of each run (default: 2)")
    parser.add_argument("--tests", nargs="+", default=[], metavar="PATH", help="only these tests (default: all)")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.conditions if name not in CONDITIONS]:
        parser.error(f"no such condition: {', '.join(unknown)}; --list prints them")
    if arguments.list:
        print("\n".join(CONDITIONS))
        return 0
    folder = Path(tempfile.mkdtemp(prefix="refsync-conditions-"))
    folder.chmod(0o777)  # another user writes there too
    print(f"What each run printed is in {folder}.")
    print(f"{'condition':<22}{'passed':>8}{'skipped':>9}{'failed':>8}{'seconds':>9}")
    failed = False
    for name in arguments.conditions or CONDITIONS:
        if reason := lacking(CONDITIONS[name]):
            print(f"{name:<22} not run: {reason}", flush=True)
            continue
        outcome = run(CONDITIONS[name], folder / name.replace(" ", "-"), arguments.workers, arguments.tests)
        failed |= bool(outcome.failures)
        counts = f"{outcome.passed:>8}{outcome.skipped:>9}{len(outcome.failures):>8}{outcome.seconds:>9.0f}"
        print(f"{name:<22}{counts}", *outcome.failures, sep="\n    ", flush=True)
    return int(failed)


def lacking(condition: Condition) -> str:
    """Why a condition cannot be had here, or nothing."""
    if condition.clock and not shutil.which("faketime"):
        return "needs faketime: apt-get install faketime"
    if condition.cores and not shutil.which("taskset"):
        return "needs taskset"
    if condition.user and os.geteuid() != 0:
        return "needs root"
    if condition.user and not runs_python(condition.user):
        return f"{sys.executable} may not be run by {condition.user}"
    return ""


def runs_python(user: str) -> bool:
    """Whether a user may run this Python in this folder."""
    try:
        return subprocess.run([sys.executable, "-c", "import pytest"], cwd=ROOT, user=user, check=False).returncode == 0
    except OSError:
        return False


def run(condition: Condition, folder: Path, workers: str, tests: list[str]) -> Outcome:
    """Run the tests under a condition; what they print goes to `output.txt` in the folder."""
    folder.mkdir()
    folder.chmod(0o777)
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-n", workers, "-p", "no:cacheprovider", f"--junitxml={report}"]
    command += [*condition.pytest, *tests]
    if condition.cores:
        command = ["taskset", "--cpu-list", ",".join(map(str, range(condition.cores))), *command]
    env = {"PATH": os.environ["PATH"]} if condition.bare else dict(os.environ)
    env |= condition.env
    if condition.clock:
        command = ["faketime", "-f", condition.clock, *command]
    if condition.background:
        command = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command]
    options: dict[str, Any] = {}
    if condition.user:
        account = pwd.getpwnam(condition.user)
        env["HOME"] = str(folder)
        options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    begun = time.monotonic()
    with open(folder / "output.txt", "wb") as output, contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            command,
            cwd=ROOT,
            env=env,
            umask=condition.umask,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=MOST_SECONDS,
            check=False,
            **options,
        )
    return outcome_of(report, time.monotonic() - begun)


def outcome_of(report: Path, seconds: float) -> Outcome:
    if not report.exists():
        return Outcome(0, 0, ("pytest did not come to its end",), seconds)
    cases = list(ET.parse(report).iter("testcase"))
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = sum(case.find("skipped") is not None for case in cases)
    names = sorted({f"{case.get('classname')}::{case.get('name')}" for case in bad})
    return Outcome(len(cases) - len(bad) - skipped, skipped, tuple(names), seconds)


if __name__ == "__main__":
    sys.exit(main())
