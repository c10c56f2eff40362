"""Text in other formats is named, and refused by every way to read it; pages and lists are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.errors import SourceError
from refsync.formats.common.foreign_text import foreign_format
from refsync.formats.pages import listing, plain_list
from refsync.formats.registry import detect
from tests.formats.samples.saved_listings import LISTINGS
from tests.formats.samples.saved_paper_pages import PAPER_PAGES
from tests.formats.samples.saved_programmes import PROGRAMMES, WRAPPED_PAGES
from tests.formats.samples.saved_searches import SEARCHES
from tests.formats.samples.shown_papers import A1
from tests.time_bounds import seconds_at_most

REFWORKS = (
    f"RT Journal Article\nSR Electronic(1)\nA1 Doe, Jane\nA1 Roe, Ann\nT1 Kelp in Noise\nYR 2020\nAB {A1}\nJF J Kelp\n"
)
MARC = (
    "=LDR  00714cam a2200205 a 4500\n=001  12883376\n=100  1\\$aRoe, Ann.\n=245  10$aKelp in noise.\n"
    f"=520  \\\\$a{A1}\n"
)
MARC_LINES = (
    "LDR 00714cam a2200205 a 4500\n020 __ |a 0786808772\n100 1_ |a Roe, Ann.\n245 10 |a Kelp in noise / |c Ann Roe.\n"
)
CSL_YAML = (
    "---\nreferences:\n- id: roe2020\n  title: Kelp in Noise\n  author:\n  - family: Roe\n"
    f"    given: Ann\n  abstract: {A1}\n"
)
CFF = (
    "cff-version: 1.2.0\nmessage: Please cite Kelp.\ntitle: Kelp Tools\nauthors:\n"
    "  - family-names: Roe\n    given-names: Ann\n"
)
INFO = (
    f"abstract: {A1}\nauthor: Roe, Ann\nauthor_list:\n- family: Roe\n  given: Ann\ntitle: Kelp in Noise\nyear: 2020\n"
)
REDIF = f"Template-Type: ReDIF-Article 1.0\nAuthor-Name: Ann Roe\nTitle: Kelp in Noise\nAbstract: {A1}\nYear: 2020\n"
ADS = f"%R 2020JKelp...3....1R\n%T Kelp in Noise\n%A Roe, A.; Poe, E.\n%D 01/2020\n%B {A1}\n"
FOREIGN = {
    "RefWorks": (REFWORKS, "RefWorks", "refworks"),
    "MARC": (MARC, "MARC", "marctext"),
    "MARC, lines": (MARC_LINES, "MARC", "marctext"),
    "MARC, binary": (
        f"00714cam a22002050a 4500001000900000\x1e12883376\x1e10\x1faKelp\x1fcAnn Roe.\x1e  \x1fa{A1}\x1e\x1d",
        "MARC",
        "marc",
    ),
    "CSL-YAML": (CSL_YAML, "YAML", "cslyaml"),
    "CITATION.cff": (CFF, "YAML", "cslyaml"),
    "papis": (INFO, "YAML", "cslyaml"),
    "ReDIF": (REDIF, "ReDIF", "redif"),
    "ADS": (ADS, "ADS", "enw"),
    "TOML": (f'[[paper]]\ntitle = "Kelp"\nyear = 2020\nabstract = "{A1}"\n', "TOML", "csljson"),
    "LaTeX": (
        f"\\documentclass{{article}}\n\\begin{{document}}\n\\section{{Kelp}}\n{A1}\n\\end{{document}}\n",
        "LaTeX",
        "bibtex",
    ),
    "table": (
        "1\tRoe, Ann\tKelp in Noise\t2020\n2\tPoe, Ed\tQuiet Moss\t1999\n3\tMoe, Mia\tOld Lichen\t2001\n",
        "table",
        "csv",
    ),
    "tags with colons": (f"TI: Kelp in Noise\nAU: Roe, Ann\nSO: J Kelp, 2020\nAB: {A1}\n", "tagged", "ris"),
    "SQL": ("INSERT INTO papers VALUES (1, 'Kelp in Noise', 2020);\n", "SQL", "csv"),
    "log": ("2024-01-05 12:00:00 INFO Kelp has started\n" * 3, "log", ""),
    "e-mail": (f"From: Ann Roe\nTo: Ed Poe\nSubject: Kelp in Noise\nDate: today\n\nDear Ed,\n\n{A1}\n", "e-mail", ""),
    "program": (
        "import os\n\n\ndef bend(kelp):\n    if kelp:\n        return kelp\n    for one in kelp:\n        print(one)\n",
        "code",
        "",
    ),
}
READ = {
    "RefWorks": "refworks", "MARC": "marctext", "MARC, binary": "marc", "CITATION.cff": "cff", "papis": "papis",
    "ReDIF": "redif", "ADS": "ads",
}  # fmt: skip
TEXTS = {
    "an article": (
        f"Kelp in Noise\nAnn Roe, Ed Poe, Mia Moe\n\nAbstract\n\n{A1}\n\n1 Introduction\n\n{A1}\n\n"
        f"2 Methods\n\n{A1}\n\n{A1}\n"
    ),
    "sections": f"Introduction\n\n{A1}\n\nMethods\n\n{A1}\n\nResults\n\n{A1}\n",
    "a manual": f"Kelp Tools\n\n{A1}\n\nInstallation\n\n{A1}\n\nUsage\n\n{A1}\n",
    "a licence": f"KELP LICENSE\n\nPreamble\n\n{A1}\n\n{A1}\n\nTerms\n\n{A1}\n\n{A1}\n\nMore Terms\n\n{A1}\n\n{A1}\n",
    "a poem": (
        "O Kelp, that bends before the tide\nand never asks it why,\nI sit down by the water's side\n"
        "and hear the seaweed sigh.\n"
    ),
    "minutes": (
        "Meeting notes\nAttendees: Ann Roe, Ed Poe, Mia Moe\nAgenda\n1. Kelp\n2. Moss\nAction items\n- Ann: buy kelp\n"
    ),
    "a menu": "Home\nAbout Us\nThe University of Moss\nOrganizers\nAnn Roe, Ed Poe, Mia Moe\nPrivacy Policy\n",
    "an error page": "503 Service Unavailable\nNo server is available to handle this request. Please try again "
    "later, or contact the administrator if the problem does not go away soon at all.\n",
    "a check for robots": "Please show you're not a robot\nOur systems have detected unusual traffic from your "
    "network. This page checks whether it is really you sending the requests, and not a robot. Why did this "
    "happen?\nIP: 1.2.3.4\n",
    "a question about cookies": f"Before you continue\n{A1}\nAccept all\n",
    "an encyclopedia": f"Kelp\n\nFrom an Encyclopedia\n\n{A1}\n\nDescription\n\n{A1}\n\nHistory\n\n{A1}\n\nSee also\n",
    "addresses": "Jane Doe\n12 Kelp Street\n12345 Mosstown\n\nAnn Roe\n3 Moss Lane\n54321 Kelpham\n",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_another_format_is_no_page_and_the_nearest_known_is_named(name: str) -> None:
    text, looks_like, nearest = FOREIGN[name]
    for read in (lambda data: listing.read(data, "x"), lambda data: plain_list.read(data, "x")):
        with pytest.raises(SourceError, match=looks_like) as raised:
            read(text.encode())
        assert nearest in raised.value.reason
    assert listing.sniff(text.encode()) == plain_list.sniff(text.encode()) == 0.0


def test_what_a_reader_knows_is_read_by_it() -> None:
    names = {name: detect(text.encode(), "x.txt").name for name, (text, _, _) in FOREIGN.items() if name in READ}
    assert names == READ


@pytest.mark.parametrize("name", ["SQL", "log", "e-mail", "program", "table"])
def test_what_no_format_recognises_is_refused_with_what_it_looks_like(name: str) -> None:
    text, looks_like, _ = FOREIGN[name]
    for file in ("x.txt", "-", "x.unknown"):
        with pytest.raises(SourceError, match=looks_like):
            detect(text.encode(), file)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("name", TEXTS)
def test_other_texts_become_no_papers(name: str, line_end: str) -> None:
    data = TEXTS[name].replace("\n", line_end).encode()
    for file in ("x.txt", "-"):
        with pytest.raises(SourceError):
            detect(data, file).read(data, file)


@pytest.mark.parametrize("pages", [LISTINGS, PAPER_PAGES, PROGRAMMES, SEARCHES, WRAPPED_PAGES])
def test_pages_are_in_no_other_format(pages) -> None:  # type: ignore[no-untyped-def]
    assert [name for name, page in pages.items() if foreign_format(page.text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "AI for Kelp and Its Friends\nAI in Noise, a Survey\nAI on Walls of Moss\nAI at Sea Again\n"
        "AI by Night and Day\n",
        "101 Walls of Moss\n102 Ways to Bend Kelp\n103 Stones and Their Lichen\n",
        "- Kelp in Noise: a Study\n- Quiet Moss: a Reply\n- title: on Naming Kelp\n",
        "10.5555/a;10.5555/b;10.5555/c\n",
        "Kelp = Moss? A Study\nQuiet Moss and Kelp\n",
    ],
)
def test_lists_of_titles_are_in_no_other_format(text: str) -> None:
    assert foreign_format(text) is None


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    foreign_format(text)


@pytest.mark.parametrize(
    "piece",
    ["A", "a: ", "- ", "%A ", "TI  - ", "=245  ", "\t", ";", '""', "\\item ", "if (", "x = y\n", "from a import "],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    with seconds_at_most(2):
        foreign_format(piece * (2_000_000 // len(piece)))
