"""Citations in documents of every syntax: what is a citation, what is not, and the text with renamed keys."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.cites import scan, syntax_of
from refsync.cites.scan import SYNTAXES, rewrite
from tests.sweeps import examples

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
def test_cited_keys(syntax: str, text: str, keys: str) -> None:
    found = scan(text, syntax)
    assert [cite.key for cite in found] == keys.split()
    assert all(cite.key == text[cite.start : cite.end] for cite in found if cite.key != "*")


def test_lines_and_columns_count_from_1() -> None:
    cites = scan("x\r\n\\cite{a,\r\n  b}\n\n\\cite{c}", "tex")
    assert [(cite.line, cite.column) for cite in cites] == [(2, 7), (3, 3), (5, 7)]


@pytest.mark.parametrize(
    ("path", "syntax"), [("a/b.tex", "tex"), ("x.Rmd", "markdown"), ("x.QMD", "quarto"), ("x.typ", "typst"), ("x", "")]
)
def test_the_suffix_determines_the_syntax(path: str, syntax: str) -> None:
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
def test_rewriting_changes_only_the_tokens(syntax: str, before: str, after: str, new: str) -> None:
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
def test_two_keys_of_a_list_that_become_equal_are_cited_once(syntax: str, before: str, after: str) -> None:
    assert rewrite(before, syntax, {"a": "b"}) == (after, [])


@pytest.mark.parametrize(
    ("syntax", "text", "new"),
    [("typst", "@b @a", "x/y"), ("tex", r"\cite{a}", "x y"), ("markdown", "@a", "x{y"), ("rst", ":cite:`a`", "x,y")],
)
def test_citations_of_a_key_that_the_syntax_cannot_represent_stay(syntax: str, text: str, new: str) -> None:
    after, not_rewritten = rewrite(text, syntax, {"a": new})
    assert after == text
    assert [cite.key for cite in not_rewritten] == ["a"]


_PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from([
        "\\cite", "{a}", "[", "]", "{", "}", "@a", "@b", "`", "```\n", "\n", "\n\n", "    ", "%", "\\", "<a>", "#cite(",
        ")", "(", "\"", "$", ":cite:`a`", "[cite:@a;", "cite:a,b", "---\n", "<!--", "//", "/*", ".. ", "::\n", "s", "a",
    ]),
)  # fmt: skip


@settings(max_examples=examples(150))
@given(st.lists(_PIECES, max_size=20).map("".join), st.sampled_from(sorted(SYNTAXES)))
def test_any_text_is_rewritten_completely_or_not_at_all(text: str, syntax: str) -> None:
    before = [cite.key for cite in scan(text, syntax)]
    after, not_rewritten = rewrite(text, syntax, {"a": "zz"})
    keys = [cite.key for cite in scan(after, syntax)]
    if not_rewritten:
        assert after == text
    else:
        assert keys == ["zz" if key == "a" else key for key in before]
    assert rewrite(text, syntax, {}) == (text, [])
    if "zz" not in text and not not_rewritten:
        assert rewrite(after, syntax, {"zz": "a"})[0] == text


@pytest.mark.parametrize("syntax", sorted(SYNTAXES))
@pytest.mark.parametrize(
    "piece", ["\\cite[", "\\cite{", "@{", "`", "[cite:@", "#cite(", "<a", "$", '"', "(", "\\iffalse "]
)
def test_time_stays_linear(syntax: str, piece: str) -> None:
    scan(piece * 8_000, syntax)
