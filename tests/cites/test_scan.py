"""Citations in documents of every syntax: what is one, what is none, and the same text with other keys."""

import codecs
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.cites import read_cites, scan, syntax_of
from refsync.cites.scan import SYNTAXES, rewrite
from refsync.errors import ConfigError

CITED = {
    "tex": [
        (r"\cite{a}", "a"),
        (r"\cite{a,b ,  c}", "a b c"),
        ("\\cite{a,% the first\n  b,%\n c}", "a b c"),
        (r"\cite[p.~3]{a} \cite[see][p. 3]{b} \cite [see] {c}", "a b c"),
        (r"\citep*[see {[}x][{]}]{a}\citet{b}\Citealt{c}\citeauthor*{d}\citeyearpar{e}", "a b c d e"),
        (r"\parencite[1]{a}\textcite{b}\autocite*{c}\footcite{d}\Smartcite{e}\supercite{f}\fullcite{g}",
         "a b c d e f g"),
        (r"\cites(see)(end)[1][2]{a}[3]{b,c}{d} {no}", "a b c d no"),
        (r"\parencites{a}{b}. {no} \textcites[p][]{c} [q]{d}", "a b c d"),
        (r"\volcite[see]{2}[p. 3]{a} \pvolcite{2}{b}", "a b"),
        (r"\cite[see also \cite{b}]{a}", "a b"),
        (r"\textcquote[12][.]{a}{text} \foreignblockcquote{german}[p]{b}{text}", "a b"),
        (r"\citefield{a}{year} \citename{b}{author} \nocite{c} \nocite{*} \bibentry{d} \mycite{e} \shortcite{f}",
         "a b c * d e f"),
        (r"\cite<see>[p]{a} \defcitealias{b}{Paper I} \addtocategory{main}{c,d} \citetalias{b}", "a b c d b"),
        ("\\cite\n  {a} \\cite[x]% why\n  {b}", "a b"),
        ("% \\cite{no}\n50\\% of \\cite{a} \\\\% \\cite{no}\n", "a"),
        (r"\verb|\cite{no}| \verb*+\cite{no}+ \lstinline[a=b]!\cite{no}! \lstinline{\cite}, \cite{a}, b", "a"),
        ("\\begin{verbatim}\\cite{no}\\end{verbatim}\\begin{lstlisting}[x]\n\\cite{no}\\end{lstlisting}\\cite{a}", "a"),
        ("\\begin{verbatim*}\\cite{no}\\end{verbatim*}\\begin{comment}\\cite{no}\\end{comment}\\cite{a}", "a"),
        (r"\iffalse \cite{no} \ifx a \fi \cite{no} \fi \cite{a}", "a"),
        ("\\cite{a}\\end{document}\\cite{no}", "a"),
        (r"\newcommand{\mycite}[1]{\textbf{\cite{#1}}}\def\acite#1{x}\renewcommand\citeleft{(}\cite{a}", "a"),
        (r"\setcitestyle{numbers}\citestyle{agu}\citetext{see x}\DeclareCiteCommand{\x}\AtEveryCitekey{no}", ""),
        (r"\url{https://x.example/a%20b} \href{a%b}{c} \cite{a}", "a"),
        (r"\ref{no} \label{no} \excited \cite \cite{} \cite{\x} \cite{a b} \citation", ""),
        (r"\cite{DBLP:conf/x/Y-20+1} \cite{10.1/S01(20)30-5} \cite{müller_2020}",
         "DBLP:conf/x/Y-20+1 10.1/S01(20)30-5 müller_2020"),
        ("\\cite[never closed \\cite{a}\n\n\\cite{b}", "a b"),
    ],
    "markdown": [
        ("Blah [@a; @b] and @c said; [-@d], [see @e, pp. 3-5; also @f].", "a b c d e f"),
        ("@Foo_bar.baz. @x--y @a:b/c. @{odd.key.} [@{https://x.example/?n=1}, p. 2]",
         "Foo_bar.baz x a:b/c odd.key. https://x.example/?n=1"),
        ("me@no.example <me@no.example> \\@no `@no` ``a ` @no`` [@a]", "a"),
        ("```r\n@no\n```\n\n~~~~ {.x}\n@no\n~~~\n@no\n~~~~\n@a\n", "a"),
        ("- item\n\n    goes on @a\n\nText\n\n    @no (code)\n\nText @b", "a b"),
        ("> ```\n> @no\n> ```\n> @a", "a"),
        ("<!-- @no --> <a href=\"@no\" @click=\"x\">@a</a> x <y and [@b] z> w", "a b"),
        ("[text](https://x.example/@no) https://x.example/@no <https://x.example/@no> (@a)", "a"),
        ("---\nauthor: '@no'\nnocite: |\n  @a, @b\nabstract: |\n  As @c says.\nx: [1]\n---\n@d", "a b c d"),
        ("---\nnocite: '@*'\n---\n", "*"),
        ("(@good) An example.\n\nAs (@good) shows, @a.", "a"),
        ("@fig:kelp and @eq:one, but @fig-kelp", "fig-kelp"),
        ("{cite:p}`a,b` and {cite}`c`, `{cite}` no, \\cite[p. 2]{d}", "a b c d"),
        ("*@a* **@b** \"@c\" (@d) [^1]: @e", "a b c d e"),
        ("\\`@a\\` `x @no`", "a"),
        ("Inline `r x@no` and math $x_a$ [@a]", "a"),
    ],
    "quarto": [("@fig-kelp @Tbl-x @sec-one @thm-a @alg-b [@a; @fig-x] @figure-it @{fig-x}", "a figure-it fig-x")],
    "typst": [
        ("As @a and @b[p. 7] say. @c.", "a b c"),
        ("text@a.b: @c:d-e.", "a.b c:d-e"),
        ("#cite(<a>) #cite(<b>, form: \"prose\") #cite(label(\"c/d\")) #cite(form: \"year\", <e>) #ref(<f>)",
         "a b c/d e f"),
        ("= Intro: <intro>\n@intro @a $ x $ <eq> @eq #ref(<intro>) #link(<sec>)[@b]", "a b"),
        ("// @no\n/* @no */ `@no` ```\n@no\n``` \\@no https://x.example/@no @a", "a"),
        ("#link(\"mailto:me@no.example\")[@a] #let x = \"@no\"\n\"@b\" #f(\"@no\", [@c])", "a b c"),
        ("#figure(image(\"x@no.png\"), caption: [From $(0, 1]$ in @a]) <fig> @fig @b", "a b"),
        ("#import \"@preview/cetz:0.2\": canvas\n#show: it => [@a]\n@b", "a b"),
        ("#bibliography(\"refs.bib\", full: true) @a #let f(full: true) = 1", "* a"),
        ("#let g(x) = {\n  cite(<a>)\n  \"@no\"\n}\n@b #if x [@c] else [@d]\n@e", "a b c d e"),
    ],
    "rst": [
        ("See :cite:`a,b` and :cite:p:`c`, :footcite:t:`d`, :cite:ts:`e`, :cite:p:`{see}f{p. 3, 4},g`",
         "a b c d e f g"),
        ("``:cite:`no` `` x ``:cite:`no```\n\n::\n\n    :cite:`no`\n\nBack :cite:`a`", "a"),
        ("Example::\n\n  :cite:`no`\n\n.. code::\n\n   :cite:`no`\n\n.. :cite:`no`\n   :cite:`no`\n\n:cite:`a`",
         "a"),
        (".. note::\n\n   :cite:`a`\n\n.. bibliography:: x.bib\n   :style: plain\n\n   b\n   c\n\nd", "a b c"),
        (".. bibliography::\n   :all:\n", "*"),
        ("An odd `` here.\n\n:cite:`a`\n\nAnd `` there.", "a"),
    ],
    "org": [
        ("[cite:@a;@b] [cite/t:see @c p. 3; and @d [x]; end] [cite/n:@*]", "a b c d *"),
        ("cite:a,b and citep:c. [[cite:d,e][text]] [[citet:see &f p. 3;&g]] autocite:h parencite:&i;&j",
         "a b c d e f g h i j"),
        ("#+begin_src tex\n\\cite{no}\n#+end_src\n# [cite:@no]\n: [cite:@no]\n=[cite:@no]= ~cite:no~ \\cite[x]{a}",
         "a"),
        ("me@no.example excite:no [fn:1] @no", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("syntax", "text", "keys"), [(name, *case) for name in CITED for case in CITED[name]])
def test_what_is_cited(syntax: str, text: str, keys: str) -> None:
    found = scan(text, syntax)
    assert [cite.key for cite in found] == keys.split()
    assert all(cite.key == text[cite.start : cite.end] for cite in found if cite.key != "*")


def test_places_count_lines_and_columns_from_1() -> None:
    cites = scan("x\r\n\\cite{a,\r\n  b}\n\n\\cite{c}", "tex")
    assert [(cite.line, cite.column) for cite in cites] == [(2, 7), (3, 3), (5, 7)]


@pytest.mark.parametrize(
    ("path", "syntax"), [("a/b.tex", "tex"), ("x.Rmd", "markdown"), ("x.QMD", "quarto"), ("x.typ", "typst"), ("x", "")]
)
def test_the_ending_tells_the_syntax(path: str, syntax: str) -> None:
    assert syntax_of(path) == syntax


REWRITTEN = [
    ("tex", r"\cite[a]{a, b,ab} a \label{a} % \cite{a}", r"\cite[a]{new, b,ab} a \label{a} % \cite{a}", "new"),
    ("markdown", "[see @a, p. 3; -@ab] a@a `@a` @{a}", "[see @new, p. 3; -@ab] a@a `@a` @{new}", "new"),
    ("markdown", "@a. {cite:p}`b,a`", "@{odd.}. {cite:p}`b,odd.`", "odd."),
    ("quarto", "@a @fig-a", "@new @fig-a", "new"),
    ("typst", "@a[p. 7] @a.b #cite(<a>)", "@new[p. 7] @a.b #cite(<new>)", "new"),
    ("rst", ":cite:p:`{a}a{p. a},b`", ":cite:p:`{a}new{p. a},b`", "new"),
    ("org", "[cite:@a p. a;@b] cite:b,a", "[cite:@new p. a;@b] cite:b,new", "new"),
]


@pytest.mark.parametrize(("syntax", "before", "after", "new"), REWRITTEN)
def test_rewriting_changes_the_tokens_alone(syntax: str, before: str, after: str, new: str) -> None:
    assert rewrite(before, syntax, {"a": new}) == (after, [])


@pytest.mark.parametrize(
    ("syntax", "before", "after"),
    [
        ("tex", r"\cite{a,b} \citep{x, b, c, a} \cite{b,x}", r"\cite{b} \citep{x, b, c} \cite{b,x}"),
        ("tex", r"\cite{x,x,b} \cite{a}\cite{b} \cite{a,a}", r"\cite{x,x,b} \cite{b}\cite{b} \cite{b,b}"),
        ("markdown", "[@a; @b] [see @a, p. 3; @b, p. 4] @a, @b", "[@b] [see @b, p. 3; @b, p. 4] @b, @b"),
        ("org", "[cite:@a;@b]", "[cite:@b]"),
        ("rst", ":cite:`a,b`", ":cite:`b`"),
        ("typst", "@a @b, @a", "@b @b, @b"),
    ],
)
def test_two_keys_of_a_list_that_become_one_are_cited_once(syntax: str, before: str, after: str) -> None:
    assert rewrite(before, syntax, {"a": "b"}) == (after, [])


@pytest.mark.parametrize(
    ("syntax", "text", "new"),
    [("typst", "@b @a", "x/y"), ("tex", r"\cite{a}", "x y"), ("markdown", "@a", "x{y"), ("rst", ":cite:`a`", "x,y")],
)
def test_a_key_that_cannot_be_written_there_is_told(syntax: str, text: str, new: str) -> None:
    after, left = rewrite(text, syntax, {"a": new})
    assert after == text
    assert [cite.key for cite in left] == ["a"]


_PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from([
        "\\cite", "{a}", "[", "]", "{", "}", "@a", "@b", "`", "```\n", "\n", "\n\n", "    ", "%", "\\", "<a>", "#cite(",
        ")", "(", "\"", "$", ":cite:`a`", "[cite:@a;", "cite:a,b", "---\n", "<!--", "//", "/*", ".. ", "::\n", "s", "a",
    ]),
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(_PIECES, max_size=20).map("".join), st.sampled_from(sorted(SYNTAXES)))
def test_any_text_is_scanned_and_rewriting_renames_or_tells(text: str, syntax: str) -> None:
    before = [cite.key for cite in scan(text, syntax)]
    after, left = rewrite(text, syntax, {"a": "zz"})
    keys = [cite.key for cite in scan(after, syntax)]
    if left:
        assert after == text
    else:
        assert keys == ["zz" if key == "a" else key for key in before]
    assert rewrite(text, syntax, {}) == (text, [])
    if "zz" not in text and not left:
        assert rewrite(after, syntax, {"zz": "a"})[0] == text


@pytest.mark.parametrize("syntax", sorted(SYNTAXES))
@pytest.mark.parametrize(
    "piece", ["\\cite[", "\\cite{", "@{", "`", "[cite:@", "#cite(", "<a", "$", '"', "(", "\\iffalse "]
)
def test_time_stays_linear(syntax: str, piece: str) -> None:
    scan(piece * 8_000, syntax)


def test_documents_are_found_by_name_folder_and_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("paper/a.tex", "paper/deep/b.md", "paper/.git/c.tex", "paper/notes.txt", "paper/_build/d.tex"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("\\cite{x}")
    assert [document.source for document in read_cites(["paper"]).documents] == ["paper/a.tex", "paper/deep/b.md"]
    found = read_cites(["paper/*.tex", "paper/a.tex", "**/b.md"])
    assert [document.source for document in found.documents] == ["paper/a.tex", "paper/deep/b.md"]
    assert found.counts["x"] == 2
    assert [document.source for document in read_cites(["*.tex"], Path("paper")).documents] == ["paper/a.tex"]
    for wrong in ("nowhere", "*.typ", "paper/notes.txt"):
        with pytest.raises(ConfigError):
            read_cites([wrong])


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("é \\cite{a}".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "é \\cite{a}".encode(), "utf-8"),
        ("é \\cite{a}".encode("latin-1"), "latin-1"),
        (codecs.BOM_UTF16_LE + "é \\cite{a}".encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + "é \\cite{a}".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_encodings_give_back_every_byte(tmp_path: Path, data: bytes, encoding: str) -> None:
    (tmp_path / "a.tex").write_bytes(data)
    (document,) = read_cites([str(tmp_path)]).documents
    assert document.encoding.codec == encoding
    assert document.encoding.encode(document.text) == data
    assert [cite.key for cite in document.cites] == ["a"]


def test_a_label_of_one_typst_file_is_no_citation_in_another(tmp_path: Path) -> None:
    (tmp_path / "main.typ").write_text('#include "one.typ"\nSee @intro and @doe.')
    (tmp_path / "one.typ").write_text("= Intro <intro>")
    cites = read_cites([str(tmp_path)])
    assert cites.keys == {"doe"}
    assert [(Path(source).name, cite.line) for source, cite in cites.places("doe")] == [("main.typ", 2)]


def test_everything_cited(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_text(r"\nocite{*}\cite{a}")
    cites = read_cites([str(tmp_path / "a.tex")])
    assert cites.everything
    assert cites.keys == {"a"}


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
    (tmp_path / "a.tex").write_text(document)
    command = ["pdflatex", "-draftmode", "-interaction=batchmode", "a.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    if b".sty' not found" in (tmp_path / "a.log").read_bytes():
        pytest.skip(f"a package is not installed: {done.stdout[-200:]!r}")
    written = re.findall(r"\\(?:citation|abx@aux@cite\{0\})\{([^}]*)\}", (tmp_path / "a.aux").read_text())
    keys = {key.strip() for group in written for key in group.split(",") if key.strip()}
    assert {cite.key for cite in scan(document, "tex")} == keys
    assert len(keys) > 20
