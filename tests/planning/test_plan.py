"""From verdicts to entries: keys, references, old keys, areas and provenance."""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

import refsync
from refsync import schemas
from refsync.classify.model import Area, Model, Tagging
from refsync.config import Config
from refsync.decisions import RememberedAnswers
from refsync.dedup.results import Cluster, Deduplication
from refsync.dedup.settings import DedupSettings, MergeSettings
from refsync.formats.bibtex import format as bibtex
from refsync.formats.bibtex.write import SOURCE_FIELD
from refsync.planning.plan import Plan, PlanContext, make_plan
from refsync.planning.run_models import find_duplicates
from refsync.records import Record
from refsync.schemas import ledger


class OneArea(Model):
    """A model that finds one area in everything."""

    weights: Any = SimpleNamespace(notes={})

    def __init__(self) -> None:
        pass

    def tag(self, papers: Any, settings: Any, progress: Any = None) -> list[Tagging]:
        return [Tagging((Area("cs.CV", 0.9, True),), "cs.CV", False, ()) for _ in papers]


def bib(text: str, source: str = "refs.bib") -> list[Record]:
    return list(bibtex.read(text.encode(), source).records)


def plan(records: list[Record], *clusters: tuple[int, ...]) -> Plan:
    return make_plan(records, Deduplication(tuple(Cluster(members, 1.0, ()) for members in clusters)))


def fields(result: Plan) -> dict[str, Mapping[str, str]]:
    return {entry.record.id: entry.record.fields for entry in result.entries}


TWO = (
    "@article{new, title={Kelp}, author={Doe, Jane}, year=2020, doi={10.5555/1}}\n"
    "@article{old, title={Kelp}, author={Doe, J.}}\n"
)


def test_a_merge_keeps_one_key_and_the_other_as_alias() -> None:
    found = Deduplication((Cluster((0, 1), 1.0, ()),))
    for ids, old_keys in ((True, "old"), (False, None), (None, None)):  # BibTeX has no aliases
        merged = fields(make_plan(bib(TWO), found, context=PlanContext(ids=ids)))
        assert list(merged) == ["new"]
        assert merged["new"].get("ids") == old_keys
    biblatex = fields(make_plan(bib(TWO.replace("year", "date")), found))
    assert biblatex["new"]["ids"] == "old"


def test_an_ambiguous_old_key_is_no_alias() -> None:
    records = [*bib(TWO), *bib("@misc{old, title={Moss}}", "other.bib")]
    merged = fields(plan(records, (0, 1)))
    assert set(merged) == {"new", "old"}
    assert "ids" not in merged["new"]


def test_references_name_the_new_key() -> None:
    records = bib(TWO + "@inbook{part, title={Leaf}, crossref={old}, related={x, old}}\n")
    merged = fields(plan(records, (0, 1)))
    assert merged["part"]["crossref"] == "new"
    assert merged["part"]["related"] == "x,new"


def test_references_are_resolved_in_their_own_file() -> None:
    records = [
        *bib("@book{k, title={Kelp}}\n@inbook{p, title={Leaf}, crossref={k}}", "a.bib"),
        *bib("@book{k, title={Moss}}", "b.bib"),
    ]
    written = fields(plan(records))
    assert len(written) == 3
    assert written[written["p"]["crossref"]]["title"] == "Kelp"


def test_a_key_that_two_papers_have_is_a_problem() -> None:
    result = plan([*bib("@misc{k, title={Kelp}}", "a.bib"), *bib("@misc{k, title={Moss}}", "b.bib")])
    assert [problem.source for problem in result.problems] == ["a.bib", "b.bib"]
    assert all("also names another paper" in problem.message for problem in result.problems)
    assert len(fields(result)) == 2


def test_provenance_names_every_source_and_is_kept_in_a_second_run() -> None:
    page = Record("dir/page.txt", 3, "#3", fields={"title": "Kelp"}, line=17)
    merged = plan([*bib(TWO), page], (0, 1, 2))
    assert merged.entries[0].record.fields[SOURCE_FIELD] == "page.txt:17; refs.bib:new; refs.bib:old"
    again = plan([merged.entries[0].record])
    assert again.entries[0].record.fields[SOURCE_FIELD] == merged.entries[0].record.fields[SOURCE_FIELD]


@pytest.mark.parametrize("present", ["moss, walls", "moss; walls", "walls, cs.CV", ""])
def test_areas_join_the_users_keywords(present: str) -> None:
    paper = Record("p.txt", 1, "#1", fields={"title": "T", "keywords": present})
    keywords = make_plan([paper], Deduplication(), model=OneArea()).entries[0].record.fields["keywords"].split(", ")
    assert keywords == [*dict.fromkeys([word for word in re.split("[,;] *", present) if word] + ["cs.CV"])]


def test_entries_are_in_the_order_in_which_papers_were_first_read() -> None:
    records = bib("@misc{a, title={A}}\n@misc{b, title={B}}\n@misc{c, title={C}}\n@misc{d, title={B}, year=2000}")
    assert [entry.members for entry in plan(records, (1, 3)).entries] == [(0,), (1, 3), (2,)]


def test_the_ledger_has_the_fate_of_each_record_and_value() -> None:
    lines = list(ledger(plan(bib(TWO), (0, 1))))
    assert [line["became"] for line in lines] == ["kept", "merged"]
    assert lines[1]["into"] == {"source": "refs.bib", "index": 1}
    assert lines[1]["differing"] == {"author": "Doe, J."}


def test_a_field_to_ask_about_is_in_the_plan_with_its_values() -> None:
    config = Config(merge=MergeSettings(fields={"author": "ask"}))
    found = Deduplication((Cluster((0, 1), 1.0, ()),))
    proposed = schemas.plan(make_plan(bib(TWO), found, config=config), {})
    (row,) = proposed["fields"]
    assert (row["key"], row["field"], row["state"]) == ("new", "author", "pending")
    assert [value["value"] for value in row["values"]] == ["Doe, Jane", "Doe, J."]


def test_answers_constrain_the_deduplicator_and_are_not_asked_again() -> None:
    same_fields = "title={The Patience of Kelp in Noisy Water}, author={Doe, Jane}, year=2020"
    records = bib(f"@article{{a, {same_fields}}}\n@article{{b, {same_fields}}}")
    settings = DedupSettings()
    assert [cluster.members for cluster in find_duplicates(records, settings).clusters] == [(0, 1)]
    separate = find_duplicates(records, settings, RememberedAnswers(cannot_link=((0, 1),)))
    assert (separate.clusters, separate.versions, separate.review) == ((), (), ())
    versions = find_duplicates(records, settings, RememberedAnswers(versions=((0, 1),)))
    assert versions.clusters == ()
    assert [(link.members, link.relation) for link in versions.versions] == [((0, 1), "version-of")]
    different = bib("@misc{a, title={Kelp}}\n@misc{b, title={Of Moss and Men}}")
    assert [
        c.members for c in find_duplicates(different, settings, RememberedAnswers(must_link=((0, 1),))).clusters
    ] == [(0, 1)]


def test_the_public_names() -> None:
    assert len(refsync.__all__) <= 30
    assert all(getattr(refsync, name) is not None for name in refsync.__all__)
    assert set(refsync.__all__) < set(dir(refsync))
