"""Whatever happens to a file, it is read or refused, and what is lost is reported."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.registry import detect, format_named
from tests.formats.samples.more import MORE
from tests.sweeps import examples

IN_ONE_PIECE = sorted(name for name in MORE if MORE[name].lstrip().startswith(("<", "{")))


@pytest.mark.parametrize("name", sorted(MORE))
def test_the_format_is_recognised_by_its_content(name: str) -> None:
    assert detect(MORE[name].encode(), "export").name == name


@pytest.mark.parametrize("name", sorted(MORE))
def test_what_nobody_knows_is_kept(name: str) -> None:
    records = format_named(name).read(MORE[name].encode(), "a").records
    expected = "B 12" if "B 12" in MORE[name] else "odd" if name != "papis" else "1; 2"
    assert expected in records[0].fields.values()


@settings(max_examples=examples(15))
@given(st.data())
@pytest.mark.parametrize("name", sorted(MORE))
def test_damage_is_read_or_refused(name: str, data: st.DataObject) -> None:
    content = MORE[name].encode()
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(content))] * 2)))
    noise = data.draw(st.binary(max_size=12))
    try:
        format_named(name).read(content[:start] + noise + content[end:], "a")
    except SourceError:
        return


@settings(max_examples=examples(15))
@given(st.data())
@pytest.mark.parametrize("name", IN_ONE_PIECE)
def test_a_file_that_is_cut_off_is_refused_or_gives_exit_code_2(name: str, data: st.DataObject) -> None:
    content = MORE[name].rstrip()
    cut = content[: data.draw(st.integers(1, len(content) - 1))]
    try:
        snapshot = format_named(name).read(cut.encode(), "a")
    except SourceError:
        return
    whole = [(record.type, record.fields) for record in format_named(name).read(content.encode(), "a").records]
    read = [(record.type, record.fields) for record in snapshot.records]
    assert read == whole or any(problem.fatal for problem in snapshot.problems)


@pytest.mark.parametrize("name", sorted(name for name in MORE if MORE[name].lstrip().startswith("<")))
def test_entities_are_not_expanded(name: str) -> None:
    text = re.sub(r"^<\?xml.*?\?>\s*", "", MORE[name]).replace("Moss", "Moss &b;", 1)
    declared = '<!DOCTYPE x [<!ENTITY a "kelp"><!ENTITY b "&a;&a;&a;">]>\n' + text
    try:
        records = format_named(name).read(declared.encode(), "a").records
    except SourceError:  # which names the entities
        return
    assert not any("kelpkelp" in value for record in records for value in record.fields.values())


@pytest.mark.parametrize("name", sorted(name for name in MORE if MORE[name].lstrip().startswith("<")))
def test_depth_is_bounded(name: str) -> None:
    text = MORE[name].replace("Moss", "<x>" * 5000 + "Moss" + "</x>" * 5000, 1)
    try:
        snapshot = format_named(name).read(text.encode(), "a")
    except SourceError:
        return
    assert any(problem.fatal for problem in snapshot.problems)
