"""Pages with links, in the forms in which browsers and programs save them, and pages of single papers."""

import pytest

from refsync.errors import SourceError
from refsync.formats.pages import listing, markdown
from refsync.formats.registry import detect
from refsync.records import Snapshot
from tests.formats.samples.linked_pages import LINKED_PAGES
from tests.formats.samples.shown_papers import A1, A2, PAPERS, WITHOUT_ABSTRACTS, Shown


def read(text: str) -> Snapshot:
    form = detect(text.encode(), "page.txt")
    assert form.name == "listing"
    return form.read(text.encode(), "page.txt")


def shown(snapshot: Snapshot) -> tuple[Shown, ...]:
    return tuple((r.get("title"), r.get("author", "editor"), r.get("abstract")) for r in snapshot.records)


@pytest.mark.parametrize("name", LINKED_PAGES)
def test_a_page_is_read_whole_whatever_marks_its_links(name: str) -> None:
    snapshot = read(LINKED_PAGES[name].text)
    assert shown(snapshot) == LINKED_PAGES[name].papers
    assert not any(problem.fatal for problem in snapshot.problems)


def test_a_title_that_was_wrapped_with_its_link_is_one() -> None:
    page = LINKED_PAGES["OpenReview, with the targets of links"].text
    long = "Patience: Bending Kelp with Language Models and with a Long Title That Goes On and On"
    target = "<https://example.org/a/Patience-Bending-Kelp-with-Language-Models>"
    old = next(line for line in page.splitlines() if "Patience: Bending" in line)
    first, second = long[:60].rsplit(" ", 1)[0], long[len(long[:60].rsplit(" ", 1)[0]) + 1 :]
    wrapped = f"      {first}\n      {second}\n      {target}"
    after = page[page.index(old) + len(old) :].split("\n", 2)
    assert after[1].strip().startswith("<")
    page = page.replace(f"{old}\n{after[1]}", wrapped)
    assert shown(read(page))[0][0] == long


MENUS = (
    "- [Skip to main content](https://example.org/s)\n- [Moss of the Year](https://example.org/m)\n"
    "- [Terms of Use](https://example.org/t)\n- [Frequently Asked Questions](https://example.org/f)\n"
)


def test_menus_of_a_page_are_no_reading_list() -> None:
    with pytest.raises(SourceError, match="menus and buttons"):
        markdown.read(MENUS.encode(), "page.md")


ARXIV = f"""Cornell University
> cs > arXiv:2403.01234
Help | Advanced Search
Computer Science > Machine Learning
[Submitted on 2 Mar 2024 (v1), last revised 5 Jun 2024 (this version, v2)]
Patience: Bending Kelp with Language Models
Jane Doe, Ann Roe
{A1}
Comments:\t12 pages
Subjects:\tMachine Learning (cs.LG); Computation and Language (cs.CL)
Cite as:\tarXiv:2403.01234 [cs.LG]
 \t(or arXiv:2403.01234v2 [cs.LG] for this version)
https://doi.org/10.48550/arXiv.2403.01234
Focus to learn more
Related DOI:\t
https://doi.org/10.5555/kelp.12
Focus to learn more
Submission history
From: Jane Doe [view email]
[v1] Sat, 2 Mar 2024 10:11:12 UTC (1,234 KB)
Access Paper:
TeX Source
References & Citations
NASA ADS
Bibliographic and Citation Tools
Bibliographic Explorer Toggle
Connected Papers (What is Connected Papers?)
Code, Data, Media
"""
PUBMED = """Log in
Search PubMed
J Kelp
Actions
. 2021 Mar;12(3):101-115. doi: 10.5555/kelp.12. Epub 2021 Feb 2.
Patience in kelp: a cohort study
Jane Doe 1 2, Ann Roe 1
Affiliations
Expand
PMID: 33333333 PMCID: PMC7777777 DOI: 10.5555/kelp.12
Abstract
Background: The patience of kelp is unknown, although it bends in all bays of the temperate zone.

Results: It bends in 4.2 hours (95% CI 3.9-4.5).

Keywords: Bay; Kelp.
PubMed Disclaimer
Similar articles
Patience in moss.
Poe E.
J Moss. 2018 Jan;1(1):1-9. doi: 10.5555/moss.1.
PMID: 29999999
"""
ACL = f"""ACL Anthology
Quiet Moss
Ed Poe
Abstract
{A2}
Anthology ID:
2023.moss-long.12
Volume:
Proceedings of the 3rd Meeting on Moss (Volume 1: Long Papers)
Month:
July
Year:
2023
Address:
Moss Town
Editors:
Mia Moe, Al Noe
Venue:
Moss
Publisher:
Moss Press
Pages:
101–115
URL:
https://example.org/2023.moss-long.12/
DOI:
10.5555/moss.12
"""


def test_the_page_of_one_paper_says_where_it_was_published() -> None:
    (paper,) = read(ARXIV).records
    assert [paper.get(name) for name in ("title", "author", "abstract", "eprint", "primaryclass", "doi", "note")] == [
        *PAPERS[0], "2403.01234", "cs.LG", "10.5555/kelp.12", "12 pages",
    ]  # fmt: skip
    (paper,) = read(PUBMED).records
    names = ("title", "author", "journal", "year", "month", "volume", "number", "pages", "doi", "pmid", "pmcid")
    assert [paper.get(name) for name in names] == [
        "Patience in kelp: a cohort study", "Jane Doe and Ann Roe", "J Kelp", "2021", "March", "12", "3", "101--115",
        "10.5555/kelp.12", "33333333", "PMC7777777",
    ]  # fmt: skip
    assert paper.get("abstract").count("\n\n") == 1
    (paper,) = read(ACL).records
    names = ("title", "author", "editor", "year", "month", "address", "publisher", "pages", "doi", "url", "abstract")
    assert [paper.get(name) for name in names] == [
        "Quiet Moss", "Ed Poe", "Mia Moe and Al Noe", "2023", "July", "Moss Town", "Moss Press", "101--115",
        "10.5555/moss.12", "https://example.org/2023.moss-long.12/", A2,
    ]  # fmt: skip


def test_headings_of_an_abstract_in_lines_of_their_own() -> None:
    page = f"Quiet Moss\nEd Poe\nAbstract\nBackground:\n{A1}\nResults:\n{A2}\n"
    (paper,) = read(page).records
    assert paper.get("abstract") == f"Background: {A1}\n\nResults: {A2}"


def test_a_table_of_contents_of_dblp() -> None:
    page = (
        "dblp\nRefine list\nshowing all 3 records\nIris Boe, Tom Goe:\n3rd Conference on Moss, MossConf "
        "2022, Moss Town, "
        "June 2-3, 2022. 2022, ISBN 1\nJane Doe, Ann Roe:\nKelp in Noise.\nEd Poe 0001:\nQuiet Moss? 12-25\n"
    )
    volume, first, second = read(page).records
    assert (volume.type, volume.get("editor")) == ("proceedings", "Iris Boe and Tom Goe")
    assert (first.get("title"), first.get("author")) == ("Kelp in Noise", "Jane Doe and Ann Roe")
    assert (second.get("title"), second.get("author"), second.get("pages")) == ("Quiet Moss?", "Ed Poe", "12--25")
    with pytest.raises(SourceError):  # a conversation
        listing.read(b"Ann Roe:\nGood morning.\nEd Poe:\nGood morning to you.\n", "talk.txt")


def test_a_profile_of_google_scholar() -> None:
    page = (
        "Title\nSort\nCited by\nYear\nKelp in noise\nJ Doe, A Roe\nJournal of Kelp 12 (3), 101-115, 2024\n41\t2024\n"
        "Quiet moss\nA Roe, E Poe, M Moe\nUniversity of Moss, 2019\n\t2019\nShow more\n"
    )
    first, second = read(page).records
    assert [first.get(name) for name in ("journal", "volume", "number", "pages", "year")] == [
        "Journal of Kelp", "12", "3", "101--115", "2024",
    ]  # fmt: skip
    assert (second.get("school"), second.get("year")) == ("University of Moss", "2019")


ONE_LINE = """Advances in Moss Systems 36 (MossSys 2023)
Edited by: I. Boe and T. Goe and A. Loe
Patience of Kelp: How It Bends Jane Doe, Ann Roe, Ed Poe
Does Lichen Forget? Ann Roe, Mia Moe
A Study of Quiet Walls with Moss Mia Moe, Jane Doe
"""


def test_title_and_people_in_one_line_are_parted_where_it_is_certain() -> None:
    snapshot = read(ONE_LINE)
    assert shown(snapshot) == (
        ("Patience of Kelp: How It Bends", "Jane Doe and Ann Roe and Ed Poe", ""),
        ("Does Lichen Forget?", "Ann Roe and Mia Moe", ""),
        ("A Study of Quiet Walls with Moss", "Mia Moe and Jane Doe", ""),
    )
    unknown = "Slow Rivers Quiet Tern Hollow Uma Voe, Ann Roe"
    snapshot = read(f"{ONE_LINE}{unknown}\n")
    assert len(snapshot.records) == 3
    assert [p.line for p in snapshot.problems if p.fatal or p.kind == "damage"] == [6]


@pytest.mark.parametrize("identifier", ["doi10.5555/kelp.12", "doi 10.5555/kelp.12", "doi:10.5555/kelp.12"])
def test_an_identifier_without_a_space_after_its_name(identifier: str) -> None:
    page = (
        f"1\narXiv:2403.01234 [pdf, other] cs.LG cs.CV {identifier}\nQuiet Moss\nAuthors: Ed Poe\nAbstract: {A2}\n"
        f"2\narXiv:1901.00002 [pdf] q-bio.PE\nDoes Lichen Forget?\nAuthors: Mia Moe, Al Noe, Ann Roe\nAbstract: {A1}\n"
    )
    snapshot = read(page)
    assert [r.get("doi") for r in snapshot.records] == ["10.5555/kelp.12", ""]
    assert shown(snapshot)[0] == PAPERS[1]


def test_what_is_of_a_paper_without_a_title_is_reported() -> None:
    page = f"Authors: Ann Roe, Ed Poe\nAbstract: {A1}\n" + "".join(
        f"arXiv:2401.0000{n} [pdf]\n{title}\nAuthors: {people.replace(' and ', ', ')}\nAbstract: {abstract}\n"
        for n, (title, people, abstract) in enumerate(PAPERS)
    )
    snapshot = listing.read(page.encode(), "page.txt")
    assert shown(snapshot) == PAPERS
    assert any(problem.fatal for problem in snapshot.problems)


def test_a_narrow_page_is_not_wrapped() -> None:
    page = (
        "European Meeting on Quiet Moss and Kelp 2022 Papers\nPatience: Bending Kelp with Language Models\n"
        "Jane Doe, Ann Roe\n[pdf] [DOI]\nQuiet Moss\nEd Poe\n[pdf] [DOI]\nDoes Lichen Forget?\nMia Moe, Al "
        "Noe, Ann Roe\n"
        "[pdf] [supplementary material] [DOI]\n"
    )
    assert shown(read(page)) == WITHOUT_ABSTRACTS


def test_a_name_below_a_count_of_authors_is_the_next_title() -> None:
    page = "Submitted by\nroe\n83\nKelp in Noise\n3 authors\nSubmitted by\npoe\n41\nLichen Parsing\n12 authors\n"
    assert [r.get("title") for r in read(page).records] == ["Kelp in Noise", "Lichen Parsing"]
