"""Merging in place gives what a plan gives, and no value is lost on the way."""

from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.cites import NO_CITES
from refsync.dedup.merge import Merged
from refsync.dedup.results import Cluster, Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.formats.bibtex.format import read
from refsync.planning.merge_in_place import merge_in_place, survivors_first
from refsync.planning.plan import PlanContext, make_plan
from refsync.planning.settings import PlanSettings
from refsync.records import Record
from refsync.text.fold import fold
from refsync.text.latex import latex_to_text
from tests.sweeps import examples

POOL = {
    "title": ("Kelp in {Cold} Harbours", "KELP IN COLD HARBOURS", "Kelp in cold harbours: {A} survey"),
    "subtitle": ("A survey",),
    "author": ("Müller, Jörg and Doe, Jane", "Mueller, Joerg and Doe, Jane", "Doe, J. and others", 'M{\\"u}ller, J.'),
    "editor": ("Poe, Pat", "Poe, P."),
    "journal": ("Journal of Kelp", "J. Kelp", "Annals of Moss"),
    "booktitle": ("Proceedings of the Ninth Symposium on Kelp", "Kelp Newsletter"),
    "publisher": ("Harbour Press", "Wall {\\&} Sons"),
    "howpublished": ("Talk at the Kelp Days", "\\url{https://example.org/kelp}"),
    "year": ("2020", "2021"),
    "month": ("may", "oct"),
    "volume": ("7", "8"),
    "number": ("2",),
    "pages": ("107", "107--115", "1--9"),
    "isbn": ("978-3-16-148410-0",),
    "edition": ("Second",),
    "doi": ("10.5555/kelp.7", "10.5555/moss.1"),
    "keywords": ("kelp, cold", "Kelp; harbours", "{cold, dark}, kelp"),
    "groups": ("thesis", "Reading list, thesis"),
    "file": (":kelp.pdf:PDF", "Kelp:papers/kelp\\;2.pdf:PDF;:kelp.pdf:PDF"),
    "note": ("To appear", "Ask Jane, see p. 3", "see p. 3"),
    "annote": ("Good on slate.",),
    "bdsk-file-1": ("YWJj", "ZGVm"),
    "mylab-shelf": ("B 12", "C 3"),
    "abstract": ("We counted kelp.", "We counted kelp. It was cold, and there was more of it."),
    "url": ("https://example.org/kelp", "https://example.org/moss"),
    "urldate": ("2021-03-04",),
    "timestamp": ("2021-03-04", "2022-05-06"),
}
TYPES = ("article", "inproceedings", "incollection", "book", "misc", "unpublished", "phdthesis", "techreport")


@st.composite
def entries(draw: st.DrawFn, key: str) -> str:
    names = draw(st.lists(st.sampled_from(sorted({*POOL} - {"title"})), min_size=3, unique=True))
    fields = [f"  {name} = {{{draw(st.sampled_from(POOL[name]))}}}" for name in ["title", *names]]
    return f"@{draw(st.sampled_from(TYPES))}{{{key},\n" + ",\n".join(fields) + "\n}\n"


FILES = st.tuples(entries("one"), entries("two")).map("\n".join)
SETTINGS = st.sampled_from([MergeSettings(), MergeSettings(keep="complete"), MergeSettings(fields={"note": "first"})])


def merged_both_ways(text: str, merge: MergeSettings) -> tuple[Record, Record, Merged, str]:
    """The merged record of the two entries of a file: as a plan has it, and as it is read from the file afterwards."""
    records = read(text.encode(), "refs.bib").records
    found = Deduplication((Cluster((0, 1), 1.0, ()),))
    context = PlanContext(ids=False, provenance=False)
    (entry,) = make_plan(records, found, config=PlanSettings(merge=merge), context=context).entries
    led = survivors_first(records, found, NO_CITES, merge)
    (revision,) = merge_in_place({"refs.bib": text}, records, led, merge)
    (after,) = read(revision.after.encode(), "refs.bib").records
    return entry.record, after, entry.merged, revision.after


@settings(max_examples=examples(60))
@given(FILES, SETTINGS)
def test_a_plan_and_a_merge_in_place_give_the_same_record(text: str, merge: MergeSettings) -> None:
    planned, written, _, _ = merged_both_ways(text, merge)
    assert (written.id, written.type, dict(written.fields)) == (planned.id, planned.type, dict(planned.fields))


@settings(max_examples=examples(60))
@given(FILES)
def test_each_value_is_in_the_entry_or_in_the_ledger(text: str) -> None:
    _, written, merged, _ = merged_both_ways(text, MergeSettings())
    ledger = {(name, value, index) for name, value, _, index in merged.not_chosen}
    everything = [fold(latex_to_text(value)) for value in written.fields.values()]
    for record in read(text.encode(), "refs.bib").records:
        assert record.type == written.type or ("type", record.type, record.index) in ledger
        for name, value in record.fields.items():
            parts = value.split(";" if ";" in value else ",") if name in ("keywords", "groups", "file") else [value]
            is_kept = all(any(fold(latex_to_text(part)) in kept for kept in everything) for part in parts)
            assert is_kept or (name, value, record.index) in ledger, name
    for name, value, index in ((name, value, index) for name, value, index in ledger if name != "type"):
        assert value == read(text.encode(), "refs.bib").records[index - 1].fields[name]
        assert value != written.fields.get(name)


@settings(max_examples=examples(60))
@given(FILES)
def test_the_publication_is_that_of_one_record_or_of_two_that_agree(text: str) -> None:
    _, written, _, _ = merged_both_ways(text, MergeSettings())
    records = read(text.encode(), "refs.bib").records
    places = ("journal", "booktitle", "publisher", "howpublished", "year", "volume", "number", "isbn", "edition")
    one, two = ({name: record.fields[name] for name in places if name in record.fields} for record in records)
    spellings = {("J. Kelp", "Journal of Kelp"), (POOL["howpublished"][0], POOL["howpublished"][1])}
    shared = [tuple(sorted((one[name], two[name]))) for name in one.keys() & two.keys()]
    if any(values[0] != values[1] and values not in spellings for values in shared):
        assert {name: written.fields[name] for name in places if name in written.fields} in (one, two)
