"""No key of an input comes to mean another paper in silence, whatever files and keys there are."""

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.cites import Cites, scan
from refsync.cites.bibliographies import Bibliography
from refsync.cites.documents import Document
from refsync.dedup.results import Cluster, Deduplication
from refsync.dedup.settings import MergeSettings
from refsync.formats.bibtex import format as bibtex
from refsync.formats.common.decode import detect_encoding
from refsync.planning.key_ownership import shared_keys
from refsync.planning.merge_in_place import survivors_first
from refsync.planning.plan import NO_CONTEXT, Plan, PlanContext, make_plan
from refsync.planning.settings import ExportSettings, PlanSettings
from refsync.records import Markup, Record, keys_in

FILES = ("a.bib", "b.bib", "c.bib")
KEYS = ("k", "K", "m", "doe", "doea", "n")
Item = tuple[str, str, int, str]
"""A record: its file, key, paper and alias."""


def record(number: int, item: Item) -> Record:
    source, key, paper, alias = item
    fields = {"title": f"Paper {paper}", "author": "Doe, J.", "note": f"{key} {source}"}
    return Record(source, number, key, "misc", fields | ({"ids": alias} if alias else {}), "latex", number)


def document(text: str, *files: str, source: str = "paper.tex") -> Document:
    return Document(
        source=source,
        syntax="tex",
        text=text,
        encoding=detect_encoding(text.encode()),
        sha256="",
        cites=tuple(scan(text, "tex")),
        bibliography=Bibliography(files),
    )


def cites(*documents: Document) -> Cites:
    from collections import Counter

    return Cites(documents, counts=Counter(cite.key for one in documents for cite in one.cites))


def plan(items: Sequence[Item], context: PlanContext = NO_CONTEXT, keys: str = "") -> Plan:
    """The plan for these records, of which those of one paper are merged."""
    numbers: dict[str, int] = {}
    records = []
    for item in items:
        numbers[item[0]] = numbers.get(item[0], 0) + 1
        records.append(record(numbers[item[0]], item))
    members: dict[int, list[int]] = {}
    for i, item in enumerate(items):
        members.setdefault(item[2], []).append(i)
    clusters = tuple(Cluster(tuple(own), 1.0, ()) for own in members.values() if len(own) > 1)
    settings = PlanSettings(export=ExportSettings(keys=keys))
    return make_plan(records, Deduplication(clusters), config=settings, context=context)


def key_of(result: Plan) -> dict[tuple[str, int], str]:
    """The key of each record's entry."""
    return {
        (result.records[i].source, result.records[i].index): entry.record.id
        for entry in result.entries
        for i in entry.members
    }


def looked_up(keys: Mapping[str, str], item: Record) -> str:
    """Where the map leads the key of a record."""
    for name in (f"{item.source}:#{item.index}", f"{item.source}:{item.id}", item.id):
        if name in keys:
            return keys[name]
    return item.id


items = st.lists(
    st.tuples(
        st.sampled_from(FILES), st.sampled_from(KEYS), st.integers(0, 4), st.sampled_from(("", "", "", "m", "z"))
    ),
    max_size=8,
)
cited = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(("", *FILES))), max_size=5)
templates = st.sampled_from(("", "", "", "{auth}", "{key}a"))


@given(items, cited, templates, st.booleans())
def test_a_key_never_comes_to_mean_another_paper_unless_that_is_reported(
    items: list[Item], cited: list[tuple[str, str]], template: str, ids: bool
) -> None:
    documents = [
        document(f"\\cite{{{key}}}", *([file] if file else []), source=f"{number}.tex")
        for number, (key, file) in enumerate(cited)
    ]
    result = plan(items, PlanContext(cites=cites(*documents), ids=ids), keys=template)
    names: dict[str, int] = {}
    for number, entry in enumerate(result.entries):
        assert names.setdefault(entry.record.id.casefold(), number) == number
    keys_of_files = {(source, key.casefold()) for source, key, _, _ in items}
    for number, entry in enumerate(result.entries):
        for alias in keys_in(entry.record.get("ids")):
            having = [i for i in entry.members if alias in (items[i][1], items[i][3])]
            if any(items[i][1] == alias or (items[i][0], alias.casefold()) not in keys_of_files for i in having):
                assert names.setdefault(alias.casefold(), number) == number, alias
    keys, everything, messages = key_of(result), result.key_map.everything, " ".join(map(str, result.problems))
    for item in result.records:
        new = keys[item.source, item.index]
        assert looked_up(everything, item) == new
        now = names.get(item.id.casefold())
        if now is not None and result.entries[now].record.id != new:
            assert repr(item.id) in messages or repr(result.entries[now].record.id) in messages
    for old, new in result.renamed.items():  # what is changed in documents stood for one paper
        assert {keys[item.source, item.index] for item in result.records if old == item.id} <= {new}
        assert {new} >= {
            keys[item.source, item.index]
            for item in result.records
            if old == item.get("ids") and (item.source, old.casefold()) not in keys_of_files
        }


@given(items, cited, st.randoms())
def test_the_order_of_the_files_makes_no_difference(
    items: list[Item], cited: list[tuple[str, str]], chance: random.Random
) -> None:
    items = [*dict.fromkeys(items)]
    documents = [document(f"\\cite{{{key}}}", *([file] if file else [])) for key, file in cited]
    context = PlanContext(cites=cites(*documents))

    def keys(order: list[Item]) -> dict[Item, str]:
        result = plan(order, context)
        new = {i: entry.record.id for entry in result.entries for i in entry.members}
        return {item: new[i] for i, item in enumerate(order)}

    files = [*FILES]
    chance.shuffle(files)
    shuffled = sorted(items, key=lambda item: files.index(item[0]))  # within a file, the first of equal keys counts
    assert keys(sorted(items, key=lambda item: item[0])) == keys(shuffled)


TWO: list[Item] = [("a.bib", "doe", 1, ""), ("b.bib", "k", 1, ""), ("b.bib", "doe", 2, "")]


@pytest.mark.parametrize("items", [TWO, TWO[::-1]])
@pytest.mark.parametrize(
    ("documents", "first", "second"),
    [
        ((), "k", "doe"),  # the paper without another key keeps its own
        ((("\\cite{doe}", "a"),), "doe", "doea"),
        ((("\\cite{doe}", "b"),), "k", "doe"),
        ((("\\cite{doe}", "b"), ("\\cite{doe,doe}", "a.bib")), "doe", "doea"),
        ((("\\cite{doe,doe}", "b"), ("\\cite{doe}", "a"), ("\\cite{k,k,k}", "b")), "k", "doe"),
        ((("\\cite{doe}", "a"), ("\\cite{k,k}", "b")), "k", "doea"),  # `doe` still means the first paper somewhere
        ((("\\cite{doe,k}", ""),), "k", "doe"),  # only b.bib has both
        ((("\\cite{doe}", "elsewhere"),), "k", "doe"),
        ((("\\cite{doe}", "b,a"),), "k", "doe"),  # BibTeX takes the first file that has the key
    ],
)
def test_the_paper_that_the_documents_mean_keeps_the_key(
    items: list[Item], documents: Sequence[tuple[str, str]], first: str, second: str
) -> None:
    given = [document(text, *files.split(","), source=f"{n}.tex") for n, (text, files) in enumerate(documents)]
    result = plan(items, PlanContext(cites=cites(*given)))
    keys = dict(zip(items, _keys(result), strict=True))
    assert [keys[item] for item in TWO] == [first, first, second]
    assert len(result.problems) == 2
    everything = result.key_map.everything
    assert {name: everything[name] for name in ("a.bib:doe", "b.bib:doe")} == {"a.bib:doe": first, "b.bib:doe": second}
    assert "doe" not in result.renamed


def _keys(result: Plan) -> list[str]:
    new = {i: entry.record.id for entry in result.entries for i in entry.members}
    return [new[i] for i in range(len(result.records))]


def test_a_new_key_is_none_that_an_input_uses() -> None:
    items: list[Item] = [
        ("a.bib", "doe", 1, ""),
        ("b.bib", "doe", 2, ""),
        ("a.bib", "doea", 3, ""),
        ("b.bib", "x", 3, "doeb"),
    ]
    result = plan(items, PlanContext(cites=cites(document("\\cite{x,x}"))))
    assert sorted(_keys(result)[:2]) == ["doe", "doec"]
    page = Record("p.txt", 1, "#1", fields={"title": "Moss", "author": "Doe, J."})
    records = [*bibtex.read(b"@misc{doemoss, title={Kelp}}\n@misc{x, title={Kelp}}", "a.bib").records, page]
    merged = make_plan(records, Deduplication((Cluster((0, 1), 1.0, ()),)))
    assert "doemoss" not in {merged.entries[1].record.id}


def test_an_alias_that_another_file_uses_as_a_key_is_dropped_and_reported() -> None:
    items: list[Item] = [("a.bib", "moss", 1, "doe"), ("b.bib", "doe", 2, "")]
    result = plan(items)
    assert _keys(result) == ["moss", "doe"]
    assert "ids" not in result.entries[0].record.fields
    assert result.key_map.everything == {"a.bib:doe": "moss", "b.bib:doe": "doe"}
    assert "the alias 'doe' also names another paper" in str(result.problems[0])
    by_alias = plan(items, PlanContext(cites=cites(document("\\cite{doe}", "a"))))
    assert _keys(by_alias) == ["moss", "doea"]
    assert by_alias.entries[0].record.fields["ids"] == "doe"


def test_an_alias_that_its_own_file_uses_as_a_key_stays_as_it_is() -> None:
    result = plan([("a.bib", "moss", 1, "doe"), ("a.bib", "doe", 2, "")])
    assert result.entries[0].record.fields["ids"] == "doe"
    assert (result.problems, result.key_map.everything) == ((), {})


def test_keys_that_differ_only_in_case() -> None:
    items: list[Item] = [("a.bib", "Doe", 1, ""), ("b.bib", "doe", 2, "")]
    result = plan(items, PlanContext(cites=cites(document("\\cite{doe}"))))
    assert _keys(result) == ["doea", "doe"]
    assert result.renamed == {"Doe": "doea"}  # documents distinguish the two
    assert "(b.bib:1 'doe'); this one is written as 'doea'" in str(result.problems[0])


def test_a_key_of_the_library_is_not_given_to_a_new_paper() -> None:
    items: list[Item] = [
        ("lib.bib", "doe", 1, "old"),
        ("a.bib", "doe", 2, ""),
        ("a.bib", "mine", 1, ""),
        ("b.bib", "old", 3, ""),
    ]
    context = PlanContext(known=1, cites=cites(document("\\cite{doe,doe,old}", "a", "b")))
    result = plan(items, context)
    assert {entry.record.id for entry in result.entries} == {"doea", "olda"}
    assert result.key_map.everything == {
        "mine": "doe",  # which the library has
        "lib.bib:doe": "doe",
        "a.bib:doe": "doea",
        "lib.bib:old": "doe",
        "b.bib:old": "olda",
    }
    assert [problem.source for problem in result.problems] == ["a.bib", "b.bib"]


def test_a_key_from_a_template_that_named_another_paper_is_reported_and_mapped() -> None:
    items: list[Item] = [("a.bib", "x", 1, ""), ("a.bib", "Paper", 2, "")]
    result = plan(items, keys="{title}")
    assert sorted(_keys(result)) == ["paper", "papera"]
    everything = result.key_map.everything
    if _keys(result)[0] == "paper":
        assert "is written as 'paper', which named another paper before" in str(result.problems)
    assert everything == {"x": _keys(result)[0], "Paper": _keys(result)[1]}


def test_many_papers_with_one_key() -> None:
    items: list[Item] = [(f"{n}.bib", "doe", n, "") for n in range(3_000)]
    result = plan(items)
    assert len(result.problems) == 3_000
    assert "and 2,996 more" in str(result.problems[0])


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([("t.csv", "rec17", "text", False), ("b.bib", "roe2020", "latex", True)], "roe2020"),
        ([("r.ris", "roe20", "text", False), ("b.bib", "x", "latex", True)], "x"),
        ([("c.json", "roe:kelp", "text", True), ("b.bib", "roe2020", "latex", True)], "roe2020"),
        ([("c.json", "roe:kelp", "text", True), ("t.csv", "rec17", "text", False)], "roe:kelp"),
    ],
)
def test_a_key_that_is_certain_comes_before_an_id_that_looks_like_one(
    others: list[tuple[str, str, Markup, bool]], expected: str, order: int
) -> None:
    fields = {"title": "On Kelp", "author": "Roe, Ann"}
    more = {"abstract": "A long one.", "volume": "3", "journal": "Kelp"}  # so that it is the base of the merged entry
    records = [
        Record(source, 1, key, "article", fields | ({} if markup == "latex" else more), markup, 1, stated)
        for source, key, markup, stated in others[::order]
    ]
    (entry,) = make_plan(records, Deduplication((Cluster((0, 1), 1.0, ()),))).entries
    assert entry.record.id == expected
    cited = make_plan(
        records,
        Deduplication((Cluster((0, 1), 1.0, ()),)),
        context=PlanContext(cites=cites(document(f"\\cite{{{others[0][1]}}}"))),
    )
    assert cited.entries[0].record.id == others[0][1]


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_a_merge_in_place_and_a_plan_continue_the_same_record(own: int, other: int, alias: int) -> None:
    # `doe` names another paper in b.bib: what cites it there does not count for the one in a.bib
    items: list[Item] = [("a.bib", "doe", 0, ""), ("a.bib", "k", 0, ""), ("b.bib", "doe", 1, "")]
    records = [record(number, item) for number, item in zip((1, 2, 1), items, strict=True)]
    documents = [
        document("\\cite{doe}" * own, "a", source="own.tex"),
        document("\\cite{doe}" * other, "b", source="other.tex"),
        document("\\cite{k}" * alias, "a", source="alias.tex"),
    ]
    found = Deduplication((Cluster((0, 1), 1.0, ()),))
    (cluster,) = survivors_first(records, found, cites(*documents), MergeSettings()).clusters
    planned = make_plan(records, found, config=PlanSettings(), context=PlanContext(cites=cites(*documents)))
    assert (cluster.members[0] == 1) == (alias > own)
    if own != alias and not other:  # else another rule gives the key to the other paper
        assert records[cluster.members[0]].id == planned.entries[0].record.id


@given(items)
def test_keys_shared_between_files_are_reported_without_a_merged_library_too(items: list[Item]) -> None:
    items = [(source, key, paper, "") for source, key, paper, _ in items]
    records = [record(number, item) for number, item in enumerate(items, 1)]
    clusters = [[i for i, item in enumerate(items) if item[2] == paper] for paper in range(5)]
    reported = {(problem.source, problem.line) for problem in shared_keys(records, clusters)}
    expected = {
        (source, number)
        for number, (source, key, paper, _) in enumerate(items, 1)
        if any(
            key.casefold() == other.casefold() and paper != elsewhere and source != file
            for file, other, elsewhere, _ in items
        )
    }
    # of several records of one file and paper, the first
    assert reported <= expected
    assert {source for source, _ in reported} == {source for source, _ in expected}
