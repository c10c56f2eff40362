"""What documents say about their bibliographies."""

import pytest

from refsync.cites.bibliographies import Bibliography, bibliography_of
from tests.time_bounds import seconds_at_most


@pytest.mark.parametrize(
    ("syntax", "text", "files", "processor"),
    [
        ("tex", "\\bibliographystyle{plain}\n\\bibliography{a, sub/b}", ("a", "sub/b"), "bibtex"),
        ("tex", "\\addbibresource[datatype=bibtex]{a.bib}\\addbibresource{b.bib}", ("a.bib", "b.bib"), "biblatex"),
        ("tex", "\\usepackage[backend=biber,\n style=apa]{biblatex}\n\\bibliography{a}", ("a",), "biblatex"),
        ("tex", "\\usepackage{csquotes,biblatex-chicago}", (), "biblatex"),
        ("tex", "\\usepackage{natbib} % \\addbibresource{a.bib}\n\\bibliographystyle{x}", (), "bibtex"),
        ("tex", "100\\% \\bibliography{a}", ("a",), "bibtex"),
        ("tex", "\\cite{a} \\printbibliographysomething", (), ""),
        ("markdown", "---\nbibliography: refs.bib\n---\n[@a]", ("refs.bib",), ""),
        ("markdown", "---\nbibliography: [a.bib, 'b.bib']\n---\n", ("a.bib", "b.bib"), ""),
        ("quarto", '---\nbibliography:\n  - a.bib\n  - "b.bib"\ntitle: T\n---\n', ("a.bib", "b.bib"), ""),
        ("quarto", "---\nformat:\n  pdf:\n    cite-method: biblatex\n---\n", (), "biblatex"),
        ("markdown", "cite-method: natbib", (), "bibtex"),
        (
            "typst",
            '#bibliography("a.bib", full: true) #bibliography(("b.bib", "c.yml"))',
            ("a.bib", "b.bib", "c.yml"),
            "",
        ),
        ("rst", ".. bibliography:: a.bib b.bib\n   :all:\n", ("a.bib", "b.bib"), ""),
        ("org", '#+BIBLIOGRAPHY: "a.bib"\nbibliography:b.bib,c.bib\n', ("a.bib", "b.bib", "c.bib"), ""),
        ("tex", "", (), ""),
    ],
)
def test_files_and_processor(syntax: str, text: str, files: tuple[str, ...], processor: str) -> None:
    found = bibliography_of(text, syntax)
    assert (found.files, found.processor) == (files, processor)


@pytest.mark.parametrize("syntax", ["tex", "markdown", "typst", "rst", "org"])
@pytest.mark.parametrize(
    "piece",
    [
        "\\bibliography{",
        "\\usepackage[",
        "bibliography:\n - a",
        "bibliography: [",
        "bibliography((",
        "%",
        "#+bibliography:",
    ],
)
def test_hostile_text_takes_linear_time(syntax: str, piece: str) -> None:
    with seconds_at_most(5):
        assert isinstance(bibliography_of(piece * 20_000, syntax), Bibliography)
