"""The decisions file during a review: reread when others change it."""

import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refsync.decisions import format_decision
from refsync.dedup.results import Deduplication
from refsync.review.decisions_file import DecisionsFile
from tests.review.samples import sample_session, uncertain_link
from tests.sweeps import examples


def test_damaged_and_partly_written_lines_stay(tmp_path: Path) -> None:
    path = tmp_path / "refsync-decisions.jsonl"
    path.write_bytes(b'{"kind": "same"}\nnot json\n{"schema": "refsync.decision/1", "ki')
    review = sample_session(tmp_path, Deduplication(review=(uncertain_link(0, 1),)))
    review.answer(review.questions[0], "same")
    assert path.read_bytes().startswith(b'{"kind": "same"}\nnot json\n{"schema": "refsync.decision/1", "ki\n{')
    review.undo()
    assert path.read_bytes() == b'{"kind": "same"}\nnot json\n{"schema": "refsync.decision/1", "ki\n'


@given(st.lists(st.lists(st.sampled_from([*"abcdef", "x"]), max_size=8), max_size=6))
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_refreshing_gives_the_same_as_reading_the_file_again(tmp_path: Path, states: list[list[str]]) -> None:
    path = tmp_path / "d.jsonl"
    texts = {name: format_decision("same", name, chr(ord(name) + 1), by=name) for name in "abcdef"} | {"x": "no line"}
    path.write_text("", encoding="utf-8")
    file = DecisionsFile(path)
    for time, state in enumerate(states):
        path.write_text("".join(texts[name] + "\n" for name in state), encoding="utf-8")
        os.utime(path, ns=(time, time))
        file.refresh()
        found = [(line.number, line.by) for line in file.pair_lines("abcdefg")]
        assert found == [(number, name) for number, name in enumerate(state, 1) if name != "x"]
