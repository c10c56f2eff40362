"""Saved pages of many sites: each paper is read whole, in every variant of the text, and nothing else is."""

import contextlib
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.pages import listing
from refsync.formats.registry import detect
from refsync.records import Snapshot
from tests.formats.samples.copied_pages import COPIED_PAGES
from tests.formats.samples.saved_listings import LISTINGS
from tests.formats.samples.saved_paper_pages import PAPER_PAGES
from tests.formats.samples.saved_programmes import PROGRAMMES, WRAPPED_PAGES
from tests.formats.samples.saved_searches import SEARCHES
from tests.formats.samples.shown_papers import A1, A2, PAPERS, Shown
from tests.sweeps import examples

PAGES = {**LISTINGS, **PROGRAMMES, **SEARCHES, **PAPER_PAGES}
VARIANTS = {
    "as it is": lambda text: text,
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0", 40),
    "a blank line between all lines": lambda text: text.replace("\n", "\n\n"),
    "dense": lambda text: "\n".join(line.strip() for line in text.splitlines() if line.strip()),
    "byte order mark": lambda text: f"\ufeff{text}",
}


def read(text: str) -> Snapshot:
    data = text.encode()
    form = detect(data, "page.txt")
    assert form.name == "listing"
    return form.read(data, "page.txt")


def shown(snapshot: Snapshot) -> tuple[Shown, ...]:
    return tuple((r.get("title"), r.get("author", "editor"), r.get("abstract")) for r in snapshot.records)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_whole_and_nothing_else_is(name: str, variant: str) -> None:
    snapshot = read(VARIANTS[variant](PAGES[name].text))
    assert shown(snapshot) == PAGES[name].papers
    assert not any(problem.fatal for problem in snapshot.problems)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("name", COPIED_PAGES)
def test_a_page_with_all_its_menus_and_notices(name: str, line_end: str) -> None:
    snapshot = read(COPIED_PAGES[name].text.replace("\n", line_end))
    assert shown(snapshot) == COPIED_PAGES[name].papers
    assert not any(problem.fatal for problem in snapshot.problems)


@pytest.mark.parametrize("name", WRAPPED_PAGES)
def test_a_page_whose_lines_are_wrapped(name: str) -> None:
    assert shown(read(WRAPPED_PAGES[name].text)) == WRAPPED_PAGES[name].papers


@pytest.mark.parametrize("name", PAGES)
def test_each_title_is_a_line_of_the_page(name: str) -> None:
    lines = [" ".join(line.split()) for line in PAGES[name].text.splitlines()]
    for record in read(PAGES[name].text).records:
        title = re.escape(record.get("title"))
        assert any(re.search(rf"(?:^|[\s:\]s]){title}(?:$|[.\s])", line) for line in lines)
        assert record.line == next(
            n for n, line in enumerate(lines, 1) if record.get("title") in line and n >= record.line
        )


def surroundings(text: str, papers: tuple[Shown, ...]) -> str:
    """What is above and below the papers of a page."""
    lines = text.splitlines()
    parts = [
        part
        for paper in papers
        for names in paper
        for part in (names[:25], *re.findall(r"\b[DRPMN]oe\b", names))
        if part
    ]
    of_papers = [n for n, line in enumerate(lines) if any(part in line for part in parts) or "rXiv:" in line]
    return "\n".join([*lines[: max(0, of_papers[0] - 1)], *lines[of_papers[-1] + 1 :]])


@pytest.mark.parametrize("name", PAGES)
def test_no_paper_is_made_of_what_surrounds_the_papers(name: str) -> None:
    rest = surroundings(PAGES[name].text, PAGES[name].papers)
    try:
        records = listing.read(rest.encode(), "page.txt").records
    except SourceError:
        return
    assert records == ()


@pytest.mark.parametrize(
    "name", ["title, people, abstract", "title, people, abstract, dense", "ACL Anthology", "PubMed, results"]
)
def test_people_do_not_stand_in_for_a_title_that_is_missing(name: str) -> None:
    page = PAGES[name]
    titles = {title for title, _, _ in page.papers}
    for missing in titles:
        lines = [line for line in page.text.splitlines() if line != missing]
        snapshot = listing.read("\n".join(lines).encode(), "page.txt")
        assert {record.get("title") for record in snapshot.records} == titles - {missing}
        assert any(problem.kind == "damage" for problem in snapshot.problems)


def test_what_the_marks_of_arxiv_say_is_kept() -> None:
    first, second, third = read(LISTINGS["arXiv, search"].text).records
    assert (first.get("eprint"), first.get("archiveprefix"), first.get("year"), first.get("note")) == (
        "2401.00001", "arXiv", "2024", "9 pages, 3 figures",
    )  # fmt: skip
    assert (second.get("doi"), second.get("journal"), second.type) == (
        "10.5555/moss.12", "Journal of Moss 3 (2024) 1-9", "article",
    )  # fmt: skip
    assert (third.get("eprint"), third.get("year")) == ("hep-th/9901001", "1999")
    assert read(LISTINGS["arXiv, new"].text).records[2].get("primaryclass") == "cs.CV"


def test_what_citations_under_titles_say_is_kept() -> None:
    one, two, three = read(SEARCHES["dblp"].text).records
    assert (one.get("journal"), one.get("volume"), one.get("number"), one.get("pages"), one.get("year")) == (
        "J. Kelp Sci.", "3", "1", "1--9", "2024",
    )  # fmt: skip
    assert (two.type, two.get("booktitle"), two.get("pages")) == ("inproceedings", "MossConf", "11--19")
    assert three.get("eprint") == "2312.01234"
    scholar = read(SEARCHES["Google Scholar"].text).records
    assert [(r.get("journal"), r.get("eprint"), r.get("year")) for r in scholar] == [
        ("Journal of Kelp", "", "2024"), ("", "2312.01234", "2023"), ("", "", "2019"),
    ]  # fmt: skip
    pubmed = read(SEARCHES["PubMed, results"].text).records[0]
    assert (pubmed.get("pmid"), pubmed.get("doi"), pubmed.get("pages"), pubmed.get("month")) == (
        "12345678", "10.5555/kelp.1", "1--9", "January",
    )  # fmt: skip


def test_other_languages() -> None:
    page = "\n".join(
        f"[PDF] example.org\n{title}\nJ Doe, A Roe - Journal of Kelp, {2020 + n} - Elsevier\n{buttons}"
        for n, (title, buttons) in enumerate(
            [
                ("Die Geduld des Tangs", "Speichern Zitieren Zitiert von: 12 Ähnliche Artikel Alle 5 Versionen"),
                ("La patience des algues", "Enregistrer Citer Cité 12 fois Autres articles Les 5 versions"),
                ("海带的耐心", "保存 引用 被引用次数：12 相关文章 所有 5 个版本"),
            ]
        )
    )
    assert [record.get("title") for record in read(page).records] == [
        "Die Geduld des Tangs", "La patience des algues", "海带的耐心",
    ]  # fmt: skip
    dated = "\n\n".join(
        f"{title}\n\n{abstract}\n\n{date}"
        for (title, _, abstract), date in zip(
            PAPERS, ("5. Januar 2024", "5 de enero de 2024", "2024年1月5日"), strict=True
        )
    )
    assert len(read(dated).records) == 3
    assert read(dated).problems == ()


@pytest.mark.parametrize(
    ("page", "papers"),
    [
        (
            f"Título: La paciencia\nAutores: Ana Roe, Juan Poe\nResumen: {A1}\n\nTítulo: El musgo\n"
            f"Autores: Ed Moe\nResumen: {A2}\n",
            (("La paciencia", "Ana Roe and Juan Poe", A1), ("El musgo", "Ed Moe", A2)),
        ),
        (
            f"Die Geduld des Tangs\nAnna Rö, Jörg Pö und Mia Mö\nZusammenfassung: {A1}\nStilles Moos\n"
            f"Tom Gö, Uwe Bö und Mia Mö\n{A2}\n",
            (
                ("Die Geduld des Tangs", "Anna Rö and Jörg Pö and Mia Mö", A1),
                ("Stilles Moos", "Tom Gö and Uwe Bö and Mia Mö", A2),
            ),
        ),
        (
            f"海带的耐心研究\n王苔, 李蘚, 张藻\n{'海带随潮水弯曲，被观察时也不会减少弯曲。' * 6}\n",
            (("海带的耐心研究", "王苔 and 李蘚 and 张藻", "海带随潮水弯曲，被观察时也不会减少弯曲。" * 6),),
        ),
        (
            "[1] arXiv:2401.00001 [pdf]\nTitle: Kelp at the Collider\n"
            "KELP Collaboration: Ann Roe, Ed Poe, et al. (123 additional "
            "authors not shown)\n[2] arXiv:2401.00002 [pdf]\nTitle: Moss\n"
            "Ed Poe (1), Al Noe (1 and 2) ((1) Kelp, (2) Moss)\n",
            (
                ("Kelp at the Collider", "{KELP Collaboration} and Ann Roe and Ed Poe and others", ""),
                ("Moss", "Ed Poe and Al Noe", ""),
            ),
        ),
        (
            "pdf bib abs\nword2kelp\nEd Poe\npdf bib abs\nkelpBERT\nAnn Roe | Ed Poe\n",
            (("word2kelp", "Ed Poe", ""), ("kelpBERT", "Ann Roe and Ed Poe", "")),
        ),
        (
            f"Kelp in Noise\n\nAuthors\n\nAnn Roe\nEd Poe\nMia Moe\n\nAbstract\n\n{A1}\n",
            (("Kelp in Noise", "Ann Roe and Ed Poe and Mia Moe", A1),),
        ),
    ],
)  # fmt: skip
def test_forms_of_people_and_titles(page: str, papers: tuple[Shown, ...]) -> None:
    assert shown(read(page)) == papers


def test_entries_of_dblp_in_other_forms() -> None:
    page = (
        "Jane Doe 0001 , Ann Roe :\nKelp in Noise. J. Kelp 3(1): 1-9 (2024)\nJane Doe:\n"
        "On Kelp. University of Moss, 2020\n"
        "Iris Boe, Tom Goe:\n"
        "Proceedings of the 3rd Moss Conference, MossConf 2023, June 2-3, 2023. Moss Press 2023, ISBN "
        "1\n"
    )
    one, thesis, volume = read(page).records
    assert one.get("author") == "Jane Doe and Ann Roe"
    assert (thesis.type, thesis.get("school"), thesis.get("year")) == ("phdthesis", "University of Moss", "2020")
    assert (volume.type, volume.get("editor"), volume.get("note")) == (
        "proceedings", "Iris Boe and Tom Goe", "Moss Press 2023, ISBN 1",
    )  # fmt: skip


@pytest.mark.parametrize(
    "page",
    [
        "Skip to main content\nSearch\nSorry, your query for all: kelpp produced no results.\nSearch term\nkelpp",
        "Your search - kelpp - did not match any articles.\n\nSuggestions:\nMake sure all words are spelled correctly.",
        "Search results\nNo results were found.\nSave\nEmail",
        "Articles\nAucun résultat\nConnexion",
        "0 results for kelpp\nSort by\nRelevance",
    ],
)
def test_a_search_without_results_has_no_papers_and_says_so(page: str) -> None:
    snapshot = read(page)
    assert snapshot.records == ()
    (problem,) = snapshot.problems
    assert (problem.kind, problem.fatal) == ("note", False)
    assert "nothing was found" in problem.message


def test_a_collapsed_abstract_is_read_as_far_as_it_is_shown() -> None:
    start = f"{A1[:90]}…"
    page = (
        LISTINGS["arXiv, search"]
        .text.replace(f"    {A1} △ Less\n", "")
        .replace("We measure in twelve tanks… ▽", f"{start} ▽")
    )
    record = read(page).records[0]
    assert record.get("abstract").endswith("…")
    assert "More" not in record.get("abstract")


LINES = st.sampled_from(
    [
        *sorted({line for page in PAGES.values() for line in page.text.splitlines() if line.strip()}),
        "",
        "",
        "Kelp",
        A1,
        "·",
        ",",
    ]
)


@settings(max_examples=examples(60))
@given(st.lists(LINES, max_size=60))
def test_titles_are_lines_however_lines_are_mixed(lines: list[str]) -> None:
    text = "\n".join(lines)
    whole = " ".join(text.split())
    try:
        snapshot = listing.read(text.encode(), "page.txt")
    except SourceError:
        return
    for record in snapshot.records:
        assert record.get("title") in whole
        assert not listing_navigation(record.get("title"))
    assert [record.index for record in snapshot.records] == list(range(1, len(snapshot.records) + 1))


def listing_navigation(title: str) -> bool:
    return (
        re.fullmatch(r"(?i)pdf|bib|abs|cite|share|save|abstract:?|authors?:?|next|previous|login|\d+|[\W_]*", title)
        is not None
    )


@given(st.text())
def test_no_text_makes_the_reader_fail(text: str) -> None:
    listing.sniff(text.encode())
    try:
        snapshot = listing.read(text.encode(), "x")
    except SourceError:
        return
    assert all(record.get("title") for record in snapshot.records)


@pytest.mark.parametrize(
    "piece",
    [
        "A", "1", "Ann Roe, ", "Ann Roe | ", "AnnRoe", "pdf bib abs\n", "arXiv:2401.00001 [", "Title: ", "A. B 2020 ",
        "\n,\n", "Ann Roe\n,\n", "Kelp\n", f"{A1}\n", f"Kelp\n{A1}\n\n", "[1] ", "show more", "J Kelp. 2020;",
        "Submitted by\n", "Abstract\n", "* ", "Ann Roe:\n", "(", "·",
    ],
)  # fmt: skip
def test_hostile_pages_take_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        data = (piece * (size // len(piece))).encode()
        start = time.process_time()
        for read_or_sniff in (lambda data: listing.read(data, "x"), listing.sniff):
            with contextlib.suppress(SourceError):
                read_or_sniff(data)
        return time.process_time() - start

    seconds(1000)
    assert seconds(30_000) < 3
