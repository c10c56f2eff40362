"""Invented pages in which links are marked, in the three forms in which programs save them as text."""

import re
import textwrap

from tests.formats.samples.shown_papers import A1, A2, PAPERS, TITLES, WITH_INITIALS, WITHOUT_ABSTRACTS, SavedPage

_LINK = re.compile(r"\[([^\]\[]*)\]\(([^()\s]+)\)")
_WIDTH = 72


def _link(text: str) -> str:
    return f"[{text}](https://example.org/a/{re.sub(r'[^A-Za-z]+', '-', text)})"


T1, T2, T3 = (_link(title) for title, _, _ in PAPERS)
JANE, ANN, ED, MIA, AL = (_link(name) for name in ("Jane Doe", "Ann Roe", "Ed Poe", "Mia Moe", "Al Noe"))
MENU = f"  * {_link('Home')}\n  * {_link('Frequently Asked Questions')}\n  * {_link('Log in')}\n"

_SOURCES = {
    "ACL Anthology": (
        f"{_link('ACL Anthology')}\n\n{MENU}\n\n    Annual Meeting on Moss (2023)\n\n{_link('pdf')} {_link('bib')} "
        f"{_link('abs')}\n{T1}\n{JANE} | {ANN}\n{A1}\n\n{_link('pdf')} {_link('bib')} "
        f"{_link('abs')}\n{T2}\n{ED}\n{A2}\n\n"
        "ACL materials are Copyright © 1963–2024 ACL; other materials are copyrighted by their respective copyright "
        "holders.\n",
        PAPERS[:2],
    ),
    "OpenReview": (
        f"{_link('OpenReview.net')}\n\n{MENU}\n\n  *\n\n      {T1}\n\n    {JANE}, {ANN}\n\n"
        "      * Published: 16 Jan 2024, Last Modified: 12 Mar 2024\n      * MossConf 2024 oral\n"
        f"      * Readers: Everyone\n\n    Show details\n\n  *\n\n      {T2}\n\n    {ED}\n\n"
        "      * Published: 16 Jan 2024, Last Modified: 15 Mar 2024\n      * MossConf 2024 oral\n"
        f"      * Readers: Everyone\n\n  *\n\n      {T3}\n\n    {MIA}, {AL}, {ANN}\n\n      * MossConf 2024 oral\n",
        WITHOUT_ABSTRACTS,
    ),
    "computer vision": (
        f"{_link('MossVis 2023 open access')}\nThese papers are the Open Access versions, provided by the "
        f"Computer Vision "
        f"Foundation.\n\n{_link('Back')}\n\n{T1}\n    {JANE}, {ANN}\n    [{_link('pdf')}] [{_link('supp')}]\n{T3}\n"
        f"    {MIA}, {AL}, {ANN}\n    [{_link('pdf')}]\n",
        (WITHOUT_ABSTRACTS[0], WITHOUT_ABSTRACTS[2]),
    ),
    "dblp": (
        f"{_link('dblp')}\n\n{MENU}\n  Ann Roe\n\n{_link('Person information')}\n\n2024\n\n  * [j12]\n"
        f"      o {_link('view')}\n          + {_link('electronic edition via DOI')}\n"
        f"          + {_link('references & citations')}\n\n    {JANE} , Ann Roe :\n"
        f"    {PAPERS[0][0]}. {_link('J. Kelp 3')}(1): 1-9 (2024)\n  * [i8]\n\n    {ED} :\n"
        f"    {PAPERS[1][0]}. {_link('CoRR abs/2407.04003')} (2024)\n\n{_link('Coauthor Index')}\n\n  * "
        f"{JANE}\n  * {ED}\n",
        WITHOUT_ABSTRACTS[:2],
    ),
    "Semantic Scholar": (
        f"{_link('Skip to main content')}\n{_link('Semantic Scholar')}\nAbout 12 results for “kelp”\n\n  {T3}\n\n"
        f"{MIA}{AL}+1 author {ANN}\nComputer Science\n{_link('MossConf')}\n2024\nTLDR\n"
        f"It is shown that lichen does not forget, at least where the stone is old and the winter is long. Expand\n"
        f"{_link('41')}\n{_link('PDF')}\n  *\n    Save\n  *\n    Alert\n\n  {T1}\n\n{JANE}{ANN}\nComputer Science\n"
        f"{_link('arXiv.org')}\n5 July 2024\nTLDR\nIt is shown that kelp bends with the tide in all twelve tanks.\n"
        f"{_link('2')}\n",
        (WITHOUT_ABSTRACTS[2], WITHOUT_ABSTRACTS[0]),
    ),
    "Google Scholar": (
        f"{_link('My profile')} {_link('My library')}\n\nAbout 12 results (0.05 sec)\n\n[PDF] {_link('kelp.org')}\n\n"
        f"      {T1}\n\n{_link('J Doe')}, {_link('A Roe')} - Journal of Kelp, 2024 - kelp.org\n"
        f"Kelp bends with the tide, and it bends … We measure in twelve tanks …\n"
        f"Save {_link('Cite')} {_link('Cited by 41')} {_link('Related articles')}\n\n      {T2}\n\n"
        f"E Poe - 2011 - books.example.com\n… moss with 1,200 walls …\n{_link('Save')} {_link('Cite')}\n"
        f"{_link('1')}{_link('2')}{_link('Next')}\n",
        WITH_INITIALS[:2],
    ),
    "Hugging Face": (
        f"{_link('Models')}\n{_link('Datasets')}\n\n  Daily Papers\n\nSubmitted by\nroe\n83\n\n      "
        f"{T1}\n\n  *\n  *\n\n·\n"
        f"2 authors\n{_link('3')}\n\nSubmitted by\npoe\n41\n\n      {T2}\n\n·\n12 "
        f"authors\n{_link('2')}\n{_link('Next')}\n"
        f"{_link('Terms of Use')}\n",
        TITLES[:2],
    ),
}  # fmt: skip


def _shown(page: str) -> str:
    """As a browser copies it."""
    lines = (_LINK.sub(r"\1", line) for line in page.split("\n"))
    return "\n".join(re.sub(r"^\s*(?:[*+o](?:\s+|$))?", "", line) for line in lines)


def _with_targets(page: str) -> str:
    """As Firefox saves it: the target behind each link, wrapped."""
    lines: list[str] = []
    for line in page.split("\n"):
        found = re.match(r"\s*(?:[*+o] )?", line)
        indent = found[0] if found else ""
        body = _LINK.sub(r"\1 <\2>", line[len(indent) :])
        lines += textwrap.wrap(
            body,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=" " * len(indent),
            break_long_words=False,
            break_on_hyphens=False,
        ) or [indent.rstrip()]
    return "\n".join(lines)


FORMS = {"as shown": _shown, "with the targets of links": _with_targets, "as Markdown": str}
LINKED_PAGES = {
    f"{name}, {form}": SavedPage(write(text), tuple(papers))
    for name, (text, papers) in _SOURCES.items()
    for form, write in FORMS.items()
}
