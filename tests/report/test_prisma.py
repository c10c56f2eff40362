"""The numbers of the PRISMA 2020 diagram, and its drawing."""

import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.dedup.results import Cluster, Deduplication
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.records import Record
from refsync.report.prisma import Prisma, prisma
from refsync.report.prisma_drawing import prisma_svg
from tests.report.helpers import EVIL, paper
from tests.sweeps import examples

SVG = "{http://www.w3.org/2000/svg}"
LABELS = st.sampled_from(("", "0", "1"))


def text_of(numbers: Prisma) -> str:
    root = ET.fromstring(prisma_svg(numbers))
    return " ".join("".join(element.itertext()) for element in root.iter(f"{SVG}text")).replace("\u00a0", " ")


def plan_of(records: list[Record], known: int = 0, *clusters: tuple[int, ...]) -> Plan:
    found = Deduplication(tuple(Cluster(members, 0.9, ()) for members in clusters))
    return make_plan(records, found, context=PlanContext(known=known))


@given(st.data())
@settings(max_examples=examples(60))
def test_the_boxes_add_up(data: st.DataObject) -> None:
    names = st.sampled_from(("Embase", "PubMed", "ClinicalTrials.gov"))
    records = [
        paper(
            "a",
            i,
            f"Paper {i}",
            database=data.draw(names),
            asreview_label=data.draw(LABELS),
            included=data.draw(LABELS),
        )
        for i in range(1, data.draw(st.integers(0, 10)) + 1)
    ]
    known = data.draw(st.integers(0, len(records)))
    groups: dict[int, list[int]] = {}
    for i in range(known, len(records)):
        groups.setdefault(data.draw(st.integers(0, len(records) - 1)), []).append(i)
    clusters = sorted((head, *own) if head < known else tuple(own) for head, own in groups.items())
    plan = plan_of(records, known, *(members for members in clusters if len(members) > 1))
    numbers = prisma(plan)
    assert numbers.identified == sum(count for _, count in (*numbers.databases, *numbers.registers))
    assert numbers.identified - numbers.duplicates - numbers.automation - numbers.other == numbers.screened
    if numbers.sought is not None:
        assert numbers.excluded is not None
        assert numbers.unscreened is not None
        assert numbers.screened == numbers.excluded + numbers.sought + numbers.unscreened
        if numbers.assessed is not None:
            assert numbers.reasons is not None
            assert numbers.assessed <= numbers.sought
            assert sum(count for _, count in numbers.reasons) <= numbers.assessed
    assert ET.fromstring(prisma_svg(numbers)).tag == f"{SVG}svg"


def test_sources_and_removed_records_are_in_their_boxes() -> None:
    records = [
        paper("library.bib", 1, "Old"),
        paper("embase.ris", 1, database="Embase"),
        paper("pubmed.nbib", 1, nbib="x"),
        paper("ctgov.csv", 1, "A trial"),
        paper("embase.ris", 2, "Old", database="Embase"),
    ]
    numbers = prisma(plan_of(records, 1, (0, 4), (1, 2)))
    assert numbers.databases == (("Embase", 2), ("PubMed", 1))
    assert numbers.registers == (("ClinicalTrials.gov", 1),)
    text = text_of(numbers)
    for words in (
        "Databases (n = 3)",
        "Embase (n = 2)",
        "Registers (n = 1)",
        "Duplicate records removed (n = 1)",
        "Records removed for other reasons (n = 1)",
        "Records screened (n = 2)",
    ):
        assert words in text
    for box in ("Records excluded", "Reports not retrieved", "Studies included in review"):
        assert f"{box} (n = \u2003)" in text  # not known


def test_labels_of_two_stages_fill_the_boxes() -> None:
    rows = [
        ("0", "", ""),
        ("1", "1", ""),
        ("1", "0", "wrong dose"),
        ("1", "0", "wrong dose"),
        ("1", "0", ""),
        ("", "", ""),
    ]
    records = [
        paper("a.csv", i, f"Paper {i}", asreview_label=label, included=final, exclusion_reason=reason)
        for i, (label, final, reason) in enumerate(rows, 1)
    ]
    numbers = prisma(plan_of(records))
    assert (numbers.excluded, numbers.sought, numbers.unscreened) == (1, 4, 1)
    assert (numbers.not_retrieved, numbers.assessed, numbers.reports, numbers.studies) == (0, 4, 1, None)
    assert numbers.reasons == (("wrong dose", 2), ("no reason given", 1))
    text = text_of(numbers)
    assert "wrong dose (n = 2)" in text
    assert "Of these not screened yet (n = 1)" in text
    assert "Reports of included studies (n = 1)" in text


def test_a_report_without_a_final_label_may_not_have_been_retrieved() -> None:
    records = [
        paper("a.csv", i, f"Paper {i}", asreview_label="1", included=value) for i, value in enumerate(("1", ""), 1)
    ]
    numbers = prisma(plan_of(records))
    assert (numbers.sought, numbers.not_retrieved, numbers.assessed) == (2, None, 1)


def test_final_labels_alone_do_not_say_at_which_stage_a_record_was_excluded() -> None:
    records = [paper("a.csv", i, f"Paper {i}", included=value) for i, value in enumerate("1000", 1)]
    numbers = prisma(plan_of(records))
    assert (numbers.reports, numbers.excluded_at_some_stage) == (1, 3)
    assert numbers.excluded is numbers.sought is numbers.assessed is None


def test_contradictory_copies_are_not_counted_as_decided() -> None:
    records = [
        paper("a", 1, asreview_label="1"),
        paper("b", 1, asreview_label="0"),
        paper("a", 2, "Rain", asreview_label="1"),
    ]
    numbers = prisma(plan_of(records, 0, (0, 1)))
    assert (numbers.sought, numbers.excluded, numbers.unscreened, numbers.contradictory) == (1, 0, 1, 1)


def test_many_sources_and_long_and_hostile_names_stay_inside_their_box() -> None:
    names = [EVIL, "W" * 200, "a very long name of a database " * 4, *(f"source {i}" for i in range(40))]
    numbers = Prisma(
        identified=43,
        databases=tuple((name, 1) for name in names),
        registers=(),
        duplicates=0,
        automation=0,
        other=0,
        screened=43,
    )
    svg = prisma_svg(numbers)
    assert "<script" not in svg
    text = text_of(numbers)
    assert "others (n = 32)" in text
    width = float(ET.fromstring(svg).attrib["width"])
    for element in ET.fromstring(svg).iter(f"{SVG}text"):
        assert len(element.text or "") * 6.5 < width
