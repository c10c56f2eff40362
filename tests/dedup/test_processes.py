"""Deduplication in several processes gives what it gives in one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refsync import processes
from refsync.dedup import classify_pairs, identical_records
from refsync.dedup.cluster import deduplicate
from refsync.dedup.settings import DedupSettings
from refsync.processes import worker_processes
from refsync.records import Record
from tests.dedup.test_properties import noisy
from tests.sweeps import examples

SETTINGS = DedupSettings(same=0.7, review=0.1)


@contextmanager
def several_processes(jobs: int) -> Iterator[None]:
    """So many processes for any number of records, and beside the threads of the test runner."""
    with pytest.MonkeyPatch.context() as patch, worker_processes(jobs):
        patch.setattr(processes, "can_fork", lambda: True)
        for module in (identical_records, classify_pairs):
            patch.setattr(module, "_WORTH", 1)
        yield


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(noisy(most=24), st.integers(2, 3), st.data())
def test_results_are_those_of_one_process(records: list[Record], jobs: int, data: st.DataObject) -> None:
    known = data.draw(st.integers(0, len(records) // 2))
    pair = data.draw(st.tuples(*[st.integers(0, len(records) - 1)] * 2))
    alone = deduplicate(records, SETTINGS, known=known, cannot_link=[pair])
    with several_processes(jobs):
        assert deduplicate(records, SETTINGS, known=known, cannot_link=[pair]) == alone


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
def test_numbers_of_accession_count_as_none_in_every_process() -> None:
    records = [
        Record(
            "a.ris", i, f"k{i}", "article", {"title": f"On moss {i // 2} of the wall", "number": str(i), "year": "2031"}
        )
        for i in range(60)
    ]
    alone = deduplicate(records, SETTINGS)
    with several_processes(2):
        assert deduplicate(records, SETTINGS) == alone
    assert alone.clusters or alone.review
