"""Work in several processes: results in order, failures, and no process left behind."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from refsync import processes
from refsync.processes import map_in_processes, split_range, useful_jobs, worker_processes

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")


@pytest.fixture(autouse=True)
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads of the test runner hold no lock that the work needs."""
    monkeypatch.setattr(processes, "can_fork", lambda: True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_results_are_in_the_order_of_the_tasks() -> None:
    def work(part: range) -> bytes:
        time.sleep(0.02 if part.start == 0 else 0)  # the first ends last
        return bytes(part)

    assert b"".join(map_in_processes(work, split_range(50, 3, 7), 3)) == bytes(range(50))


def test_results_larger_than_a_pipe_holds() -> None:
    found = list(map_in_processes(lambda size: b"x" * size, [3_000_000, 1, 2_000_000], 2))
    assert [len(part) for part in found] == [3_000_000, 1, 2_000_000]


def test_work_is_done_in_other_processes_that_have_ended_afterwards() -> None:
    pids = [int(found) for found in map_in_processes(lambda _: str(os.getpid()).encode(), range(11), 2, turns=3)]
    assert os.getpid() not in pids
    assert len({*pids}) == 4
    assert max(map(pids.count, pids)) == 3
    assert not any(map(_alive, pids))


@pytest.mark.parametrize("fatal", range(8))
def test_a_task_whose_process_dies_is_done_again(fatal: int) -> None:
    here = os.getpid()

    def work(number: int) -> bytes:
        if number == fatal and os.getpid() != here:
            os._exit(9)
        return b"%d %d" % (number, os.getpid() == here)

    found = [*map_in_processes(work, range(8), 2)]
    assert found == [b"%d %d" % (number, number == fatal) for number in range(8)]


def test_an_exception_is_raised_as_without_processes() -> None:
    def work(number: int) -> bytes:
        return bytes([10 // number])

    with pytest.raises(ZeroDivisionError):
        list(map_in_processes(work, [5, 0, 2], 2))


def test_an_interruption_leaves_no_process(tmp_path: Path) -> None:
    def work(number: int) -> bytes:
        (tmp_path / str(os.getpid())).touch()
        if number:
            time.sleep(60)
        return b""

    def interrupted() -> Iterator[None]:
        for _ in map_in_processes(work, [0, 1, 2], 2):
            while len([*tmp_path.iterdir()]) < 2:
                time.sleep(0.01)
            raise KeyboardInterrupt
            yield

    with pytest.raises(KeyboardInterrupt):
        list(interrupted())
    assert not any(_alive(int(path.name)) for path in tmp_path.iterdir())


def test_one_process_unless_more_are_asked_for() -> None:
    assert useful_jobs() == 1
    with worker_processes(3):
        assert useful_jobs() == 3
    with worker_processes(0):
        assert useful_jobs() == processes.available_cores()


def test_no_forking_beside_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "can_fork", lambda: False)
    with worker_processes(3):
        assert useful_jobs() == 1


def test_parts_cover_the_range() -> None:
    assert list(split_range(0, 2, 10)) == []
    assert [*split_range(7, 2, 100)] == [range(2), range(2, 4), range(4, 6), range(6, 7)]
    assert max(len(part) for part in split_range(1000, 2, 10)) == 10
