"""Databases of records, and what each contributes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.dedup.results import Cluster, Deduplication
from refsync.planning.databases import count_by_database, databases_of, kind_of
from refsync.planning.plan import PlanContext, make_plan
from refsync.planning.removed import PAPER_FIELD, database_counts, removed_duplicates
from refsync.planning.settings import ExportSettings, PlanSettings
from refsync.records import Record
from tests.sweeps import examples


def record(source: str, index: int, title: str = "Moss on slates", **fields: str) -> Record:
    names = {name.replace("_", "-"): value for name, value in fields.items()}
    return Record(source, index, f"#{index}", "article", {"title": title, **names})


def test_a_record_names_its_database() -> None:
    for fields, expected in (
        ({"database": "Embase"}, "Embase"),
        ({"database": "Ovid MEDLINE(R) ALL <1946 to May 07, 2024>"}, "Ovid MEDLINE ALL"),
        ({"database": "scopus"}, "Scopus"),
        ({"accession": "WOS:000123400001"}, "Web of Science"),
        ({"url": "https://www.scopus.com/inward/record.uri?eid=2-s2.0-1"}, "Scopus"),
        ({"nbib_own": "NLM"}, "PubMed"),
        ({"ris_dp": "PubMed"}, "PubMed"),
        ({"ris_dp": "ProQuest", "database": "ERIC"}, "ERIC"),
    ):
        assert databases_of([record("all.ris", 1, **fields)]) == [expected]


def test_a_file_names_the_database_of_records_that_do_not() -> None:
    for source, expected in (
        ("exports/Scopus_2024-05-01.csv", "Scopus"),
        ("wos-results.txt", "Web of Science"),
        ("cochrane central.ris", "Cochrane Library"),
        ("my search.ris.gz", "my search"),
        ("pubmed-and-embase.ris", "pubmed-and-embase"),
        ("generic.ris", "generic"),  # not ERIC
        ("zotero:user/1", "zotero:user/1"),
        ("-", "standard input"),
    ):
        assert databases_of([record(source, 1)]) == [expected]
    assert databases_of([record("a/export.ris", 1), record("b/export.ris", 1)]) == ["a/export.ris", "b/export.ris"]


def test_most_records_of_a_file_speak_for_the_others_unless_they_disagree() -> None:
    named = [record("export.ris", i, database="Embase") for i in (1, 2)]
    assert databases_of([*named, record("export.ris", 3)]) == ["Embase"] * 3
    few = [record("export.ris", i) for i in (3, 4)]
    assert databases_of([*named, *few]) == ["Embase", "Embase", "export", "export"]
    mixed = [*named, record("export.ris", 3, database="CINAHL"), record("export.ris", 4)]
    assert databases_of(mixed)[-1] == "export"


def test_registers_are_not_databases() -> None:
    for name in ("ClinicalTrials.gov", "clinical trials registry", "ICTRP", "ISRCTN", "PROSPERO"):
        assert kind_of(name) == "register"
    for name in ("PubMed", "Cochrane Library", "districtrpt", "clinical notes"):
        assert kind_of(name) == "database"


@given(st.data())
@settings(max_examples=examples(60))
def test_the_counts_of_each_database_add_up(data: st.DataObject) -> None:
    names = st.sampled_from(("Embase", "PubMed", "Scopus"))
    records = [record(f"{i % 2}.ris", i, database=data.draw(names)) for i in range(data.draw(st.integers(0, 12)))]
    known = data.draw(st.integers(0, len(records)))
    groups: dict[int, list[int]] = {}
    for i in range(known, len(records)):
        groups.setdefault(data.draw(st.integers(0, len(records) - 1)), []).append(i)
    clusters = [((head, *own) if head < known else tuple(own)) for head, own in groups.items()]
    found = Deduplication(tuple(Cluster(members, 0.9, ()) for members in sorted(clusters) if len(members) > 1))
    plan = make_plan(records, found, context=PlanContext(known=known))
    for counts in (database_counts(plan), count_by_database(records, found.clusters, known)):
        for item in counts:
            assert item.records == item.kept + item.within + item.between + item.present
            assert 0 <= item.unique <= item.records
        assert sum(item.records for item in counts) == plan.read
        assert sum(item.kept for item in counts) == len(plan.entries)
        assert sum(item.within + item.between for item in counts) == plan.merged
        assert sum(item.present for item in counts) == len(plan.present)
    removed = removed_duplicates(plan)
    assert len(removed) == plan.merged
    assert {one.fields[PAPER_FIELD] for one in removed} <= {entry.record.id for entry in plan.entries}


def test_copies_within_and_between_databases() -> None:
    sources = ("embase.ris", "embase.ris", "pubmed.nbib", "scopus.csv", "scopus.csv")
    records = [record(source, i) for i, source in enumerate(sources, 1)]
    counts = count_by_database(records, [Cluster((0, 1, 2), 0.9, ())])
    assert [(one.database, one.within, one.between, one.unique) for one in counts] == [
        ("Embase", 1, 0, 0),
        ("PubMed", 0, 1, 0),
        ("Scopus", 0, 0, 2),
    ]


def test_a_paper_names_all_its_databases_if_that_is_set() -> None:
    records = [record("embase.ris", 1), record("pubmed.nbib", 1, abstract="Moss."), record("scopus.csv", 1, "Rain")]
    found = Deduplication((Cluster((0, 1), 0.9, ()),))
    plan = make_plan(records, found, config=PlanSettings(export=ExportSettings(databases=True)))
    assert [entry.record.get("database") for entry in plan.entries] == ["Embase; PubMed", "Scopus"]
    assert not any("database" in entry.record.fields for entry in make_plan(records, found).entries)
