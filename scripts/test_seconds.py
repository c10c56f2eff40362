"""A plugin for pytest that adds up the CPU seconds of the tests, with those of their processes, by folder.

    python -m pytest -n 2 -p scripts.test_seconds

CPU seconds are more reliable than `--durations` where the machine is busy. Processes count where they end: a browser
in the test that closes it.
"""

import os
from collections import Counter
from collections.abc import Iterator

import pytest

KEY = "cpu seconds"
HEAVIEST = 25


def _cpu() -> float:
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    item.stash[_last] = _cpu()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    now = _cpu()
    report.cpu_seconds = now - item.stash[_last]
    item.stash[_last] = now
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    folders: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            seconds = getattr(report, "cpu_seconds", 0.0)
            if isinstance(report, pytest.TestReport):
                folders[os.path.dirname(report.nodeid.partition("::")[0])] += seconds
                tests[report.nodeid] += seconds
    terminalreporter.section(f"CPU seconds: {sum(folders.values()):.0f}")
    for name, seconds in folders.most_common():
        terminalreporter.write_line(f"{seconds:7.1f}  {name}")
    terminalreporter.section(f"the {HEAVIEST} heaviest tests")
    for name, seconds in tests.most_common(HEAVIEST):
        terminalreporter.write_line(f"{seconds:7.1f}  {name}")


_last = pytest.StashKey[float]()
