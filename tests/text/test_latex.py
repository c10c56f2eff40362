"""LaTeX to text and back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refsync.text.latex import balance_braces, has_balanced_braces, latex_to_text, protect_capitals, text_to_latex
from tests.sweeps import examples


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("Nothing to decode, not even here", "Nothing to decode, not even here"),
        ("pre-trained don't", "pre-trained don't"),
        (r"M{\"u}ller and S{\o}rensen", "Müller and Sørensen"),
        (r"\v{C}apek, Dvo\v r\'ak, \'{\i}le, gar\c{c}on", "Čapek, Dvořák, íle, garçon"),
        (r"{\"{o}}\"{O}\~n{\AA}\ss", "öÖñÅß"),
        (r"Erd{\H o}s", "Erdős"),
        (r"D\'{\i{}}az, \^{\i{}}le, \'ıle, {\'{\i{}}}le", "Díaz, île, íle, íle"),
        (r"\'{\o}re \'{\ae}ro \'\o re \'{\o{}}re", "ǿre ǽro ǿre ǿre"),
        (r"Bab\ifmmode\check{c}\else\v{c}\fi{}", "Babč"),
        (r"{\em Oak} \textit{elm} \LaTeX{} trees", "Oak elm LaTeX trees"),
        (r"Salt \& pepper, 5\% of \$3, a\_b \#1", "Salt & pepper, 5% of $3, a_b #1"),
        (r"``Quoted'' 1--2---3~m", "“Quoted” 1–2—3 m"),
        (r"the $\alpha$--$\beta$ case of $x \leq y$", "the α–β case of x ≤ y"),
        (r"\url{http://x.example/~me_a}", "http://x.example/~me_a"),
        (r"\href{http://x.example}{here}", "here"),
        (r"\{set\} and \textbackslash{}", "{set} and \\"),
        (r"hyphen\-ation\\next", "hyphenation next"),
        (r"$\frac{a}{b}$", "a/b"),
        (r"\unknownthing{kept}", "kept"),
        ("unbalanced {brace and $", "unbalanced brace and"),
        ("ends with \\", "ends with \\"),
    ],
)
def test_latex_to_text(latex: str, text: str) -> None:
    assert latex_to_text(latex) == text


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("Kelp, ünïcödé, 王伟", "Kelp, ünïcödé, 王伟"),
        ("R&D, 5%, #1, snake_case", r"R\&D, 5\%, \#1, snake\_case"),
        (r"R\&D, 5\%, \#1, snake\_case", r"R\&D, 5\%, \#1, snake\_case"),
        ("x^2", r"x\textasciicircum{}2"),
        # A tilde that ties, and one that says `about`.
        ("Fig.~1 and Smith~2020", "Fig.~1 and Smith~2020"),
        ("~10 or (~12)", r"\textasciitilde{}10 or (\textasciitilde{}12)"),
        # Math, and prices.
        ("we show $x_i^2 < 5%$ for $n$", r"we show $x_i^2 < 5\%$ for $n$"),
        (r"$\sim$8 and $\sim$$500$", r"$\sim$8 and $\sim$$500$"),
        ("$ \\lambda $ and $$y$$", "$ \\lambda $ and $$y$$"),
        (r"\(a_1\) and \[b_2\]", r"\(a_1\) and \[b_2\]"),
        ("costs $5 and $10", r"costs \$5 and \$10"),
        ("costs $5 (or 5$)", r"costs \$5 (or 5\$)"),
        ("$5-$10, $1.5 million to US$2", r"\$5-\$10, \$1.5 million to US\$2"),
        ("$3 each for $n$ of them", r"\$3 each for $n$ of them"),
        ("a lone $", r"a lone \$"),
        ("$$", r"\$\$"),
        # Commands of LaTeX, and other backslashes.
        (r"\emph{so} \'etude {\'E}t\'{e} \SI{5}{m}", r"\emph{so} \'etude {\'E}t\'{e} \SI{5}{m}"),
        (r"0.80 \pm 0.05$x$\alpha$y$", r"0.80 $\pm$ 0.05$x$$\alpha$$y$"),
        (r"C:\Users\me", r"C:\textbackslash{}Users\textbackslash{}me"),
        ("a\\", r"a\textbackslash{}"),
        # Braces: BibTeX counts escaped ones too.
        ("{NASA} and {", r"{NASA} and \textbraceleft{}"),
        (r"\{a, b\}", r"\{a, b\}"),
        (r"\{a, b", r"\textbraceleft{}a, b"),
        (r"\{a}", r"\textbraceleft{}a\textbraceright{}"),
        ("} {", r"\textbraceright{} \textbraceleft{}"),
        (r"$\left\{ x \right.$", r"$\left\lbrace{} x \right.$"),
        # Addresses are text.
        ("https://x.example/a_b%20c#d~e?f=1&g", r"https://x.example/a\_b\%20c\#d\textasciitilde{}e?f=1\&g"),
        (r"\url{http://x.example/a_b%20c} a_b", r"\url{http://x.example/a_b%20c} a\_b"),
        ("bell\x07, tab\tand line\nend", "bell, tab and line end"),
    ],
)
def test_text_to_latex_escapes_once(text: str, latex: str) -> None:
    assert text_to_latex(text) == latex
    assert text_to_latex(latex) == latex


@pytest.mark.parametrize(
    ("title", "protected"),
    [
        ("Attention to Everything You Read", "Attention to Everything You Read"),
        ("Training GANs in PyTorch: A survey", "Training {GANs} in {PyTorch}: A survey"),
        ("ImageNet", "{ImageNet}"),
        ("GPT-4 Technical Report (CoT)", "{GPT-4} Technical Report ({CoT})"),
        ("Scaling T5 to 3D", "Scaling {T5} to {3D}"),
        ("Learning shapes from drawings of Berlin", "Learning shapes from drawings of {Berlin}"),
        ("Search methods for large graphs: Fast and exact", "Search methods for large graphs: Fast and exact"),
        ("Vitamin C and K-means", "Vitamin {C} and {K-means}"),
        ("Cross-Lingual Transfer and A Case", "Cross-Lingual Transfer and A Case"),
        ("ALL OF IT SHOUTED", "ALL OF IT SHOUTED"),
        ("{Kept} as {GANs} are", "{Kept} as {GANs} are"),
        (r"On $L_p$ and $n$ in \LaTeX", r"On {$L_p$} and $n$ in {\LaTeX}"),
        (r"Cables of AT\&T", r"Cables of {AT\&T}"),
        (r"\emph{Homo} in lower case", r"\emph{Homo} in lower case"),
        ("all in small letters", "all in small letters"),
    ],
)
def test_capitals_that_bibtex_would_lose(title: str, protected: str) -> None:
    assert protect_capitals(title) == protected
    assert protect_capitals(protected) == protected


@pytest.mark.parametrize(
    ("value", "yes"), [("", True), ("{a{b}}", True), (r"\{a}", True), ("{", False), ("}{", False), (r"\{", False)]
)
def test_balanced_as_bibtex_counts(value: str, yes: bool) -> None:
    assert has_balanced_braces(value) is yes


_SOUP = st.lists(
    st.sampled_from(
        [*"\\{}$~^_&%# aA19.:'\"`-()[]é\n\x01", "\\emph{", "\\alpha", "\\{", "\\}", "\\$", "$$", "https://a.b/", "\\(",
         "\\)", "Fig.~1", "\\textbraceleft{}", "GANs ", "\\ifmmode", "\\'"]
    ),
    max_size=20,
).map("".join)  # fmt: skip
_TEXT = st.one_of(_SOUP, st.text(max_size=30))


@settings(max_examples=examples(400))
@given(_TEXT)
def test_any_text_becomes_latex_that_stays(text: str) -> None:
    latex = text_to_latex(text)
    assert text_to_latex(latex) == latex
    assert has_balanced_braces(latex)
    assert re.sub(r"\\.", "", latex, flags=re.DOTALL).count("$") % 2 == 0
    title = protect_capitals(latex)
    assert protect_capitals(title) == title
    assert has_balanced_braces(title)


@settings(max_examples=examples(300))
@given(_TEXT)
def test_decoding_never_raises_and_balancing_balances(text: str) -> None:
    latex_to_text(text)
    assert has_balanced_braces(balance_braces(text))
    assert not has_balanced_braces(text) or balance_braces(balance_braces(text)) == balance_braces(text)


@pytest.mark.parametrize(
    "hostile", ["{" * 10**5, "$" * 10**5, "\\(" * 10**5, "$\\" * 10**5, "'-" * 10**5, "\\u{" * 10**5]
)
def test_hostile_values_take_no_long(hostile: str) -> None:
    for function in (latex_to_text, text_to_latex, protect_capitals):
        function(hostile)
