"""Citations in LaTeX, compared with those that LaTeX itself writes."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from refsync.cites import scan

NATBIB = r"""\documentclass{article}
\usepackage{natbib,url}
\newcommand{\mycite}[1]{\emph{\citet{#1}}}
\begin{document}
\cite{a1,  a2 ,a3} \citep*[see {[x]}][{p. ]3}]{b1}\citet{b2}\Citealt{b3}\citeauthor*{b4} \citeyearpar{b5}
\citep[see \citealp{c1}][]{c2} \citep  [x]  {c3}
\citep% why
[e.g.]{c4,% comment
 c5} 100\% \cite{d1} \\% \cite{no1}
\verb|\cite{no2}| \url{http://x.example/a%20b} \cite{d2}
\begin{verbatim}
\cite{no4}
\end{verbatim}
\iffalse \cite{no7} \ifx\a\b \fi \cite{no8}\fi
\mycite{e1} \nocite{e2} \nocite{*} \citetext{see x} \cite{DBLP:conf/x/Y20} \cite{10.1016/S0140-6736(20)30183-5}
\defcitealias{f1}{Paper I} \citetalias{f1}
\end{document}
\cite{no9}
"""
BIBLATEX = r"""\documentclass{article}
\usepackage{biblatex}
\begin{document}
\cite{a1} \parencite[1][2]{a2}\textcite{a3, a4}\autocite*{a5}\footcite{a6}\smartcite{a7}\supercite{a8}\fullcite{a9}
\cites(see)(end)[1][2]{b1}[3]{b2,b3}{b4}\relax {no}
\parencites{c1}{c2}. {no} \textcites[p][]{c3} [q]{c4}. {no}
\volcite[see]{2}[p. 3]{d1} \pvolcite{2}{d2} \pvolcites{1}[2]{d3}{4}{d4}\relax
\citeauthor{e1} \citetitle*{e2} \citeyear{e3} \footfullcite{e6} \citefield{e7}{year} \citename{e8}{author}
\notecite{e9} \pnotecite[x]{e10} \nocite{f1} \autocites{g1} {g2}

{no}
\Cite{h1} \Parencite{h2} \parencite*{h3} \avolcite{1}{h4} \tvolcite{1}{h5} \fnotecite{h6}
\end{document}
"""


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("document", [NATBIB, BIBLATEX], ids=["natbib", "biblatex"])
def test_latex_cites_the_same_keys(tmp_path: Path, document: str) -> None:
    (tmp_path / "a.tex").write_text(document, encoding="utf-8")
    command = ["pdflatex", "-draftmode", "-interaction=batchmode", "a.tex"]
    completed = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    if b".sty' not found" in (tmp_path / "a.log").read_bytes():
        pytest.skip(f"a package is not installed: {completed.stdout[-200:]!r}")
    written = re.findall(
        r"\\(?:citation|abx@aux@cite\{0\})\{([^}]*)\}", (tmp_path / "a.aux").read_text(encoding="utf-8")
    )
    keys = {key.strip() for group in written for key in group.split(",") if key.strip()}
    assert {cite.key for cite in scan(document, "tex")} == keys
    assert len(keys) > 20
