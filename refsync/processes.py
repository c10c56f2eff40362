"""Work in several processes at once: forked, so that they need no copy of the data, and ended after some tasks.

A process that ends gives back the pages of memory that it had to copy, and cannot outlive the program by more than a
task: writing its result then fails. Where processes cannot be forked safely (other threads run, or the platform advises
against it), everything is done in the one process there is; results are the same.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # most commands start none
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

T = TypeVar("T")

_TURNS = 4  # tasks of a process

_JOBS: ContextVar[int] = ContextVar("jobs", default=1)


@contextmanager
def worker_processes(jobs: int) -> Iterator[None]:
    """Inside, large libraries are worked on in so many processes; 0 for as many as there are cores."""
    token = _JOBS.set(jobs or available_cores())
    try:
        yield
    finally:
        _JOBS.reset(token)


def available_cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def useful_jobs() -> int:
    """How many processes to work in; 1 where forking is not safe."""
    jobs = _JOBS.get()
    return jobs if jobs > 1 and can_fork() else 1


def can_fork() -> bool:
    """Whether a process can be forked: the libraries of macOS do not survive it, and a thread's locks stay locked."""
    return sys.platform not in {"darwin", "win32"} and hasattr(os, "fork") and threading.active_count() == 1


def split_range(count: int, jobs: int, most: int) -> list[range]:
    """The numbers up to `count` in parts of at most `most`; several for each process, so that all end together."""
    size = min(most, -(-count // (jobs * 3))) or 1
    return [range(start, min(start + size, count)) for start in range(0, count, size)]


@dataclass(slots=True)
class _Running:
    """A process, where its results are read, and how many are still to come."""

    process: "ForkProcess"
    receiver: "Connection"
    left: int

    def end(self) -> None:
        self.process.join()
        self.receiver.close()


def map_in_processes(work: Callable[[T], bytes], tasks: Sequence[T], jobs: int, turns: int = _TURNS) -> Iterator[bytes]:
    """The results of all tasks, in their order, `jobs` of them being worked on at a time.

    A task whose process fails is done again in this process, which then raises the exception if there is one. No
    process is left when the iterator ends, whatever ends it.

    Args:
        work: what to do.
        tasks: with what.
        jobs: how many processes there are at a time.
        turns: the tasks after which a process is replaced by a new one. What it has cached serves them all, but it
            also copies the pages of memory that they use.
    """
    import multiprocessing

    context = multiprocessing.get_context("fork")
    running: dict[int, _Running] = {}

    def start(first: int) -> None:
        own = tasks[first : first + jobs * turns : jobs]
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(work, own, sender), daemon=True)
        process.start()
        sender.close()  # before another process inherits it: the end of this one must be seen
        running[first % jobs] = _Running(process, receiver, len(own))

    try:
        for first in range(min(jobs, len(tasks))):
            start(first)
        for number, task in enumerate(tasks):
            current = running[number % jobs]
            result = _received(current.receiver)
            current.left -= 1
            if result is None or not current.left:
                current.end()
                del running[number % jobs]
                if number + jobs < len(tasks):
                    start(number + jobs)
            yield work(task) if result is None else result
    finally:
        for current in running.values():
            current.process.terminate()
            current.end()


def _received(receiver: "Connection") -> bytes | None:
    try:
        return receiver.recv_bytes()
    except (EOFError, OSError):
        return None


def _work(work: Callable[[T], bytes], tasks: Sequence[T], sender: "Connection") -> None:
    """What a process does. A failure is silent: the task is then done by the process that waits for it.

    An `OSError` means that nobody waits any more.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that waits ends this one
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # in this way
    with suppress(Exception), sender:
        for task in tasks:
            sender.send_bytes(work(task))
