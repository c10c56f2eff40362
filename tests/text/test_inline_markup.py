"""Italics, subscripts and entities from HTML, JATS, MathML and LaTeX to LaTeX, CSL and plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.text.inline_markup import html_markup, latex_markup, mark_html, mark_latex, plain_markup
from refsync.text.latex import field_to_latex, latex_to_text
from tests.time_bounds import seconds_at_most

SMALL_CAPS = '<span style="font-variant:small-caps;">d</span>-glucose'


@pytest.mark.parametrize(
    ("value", "latex", "csl", "plain"),
    [
        ("On <i>Posidonia</i> and <sub>2</sub> &amp; x", r"On \textit{Posidonia} and \textsubscript{2} \& x",
         "On <i>Posidonia</i> and <sub>2</sub> & x", "On Posidonia and ₂ & x"),
        ("<jats:p>x<jats:sup>-5</jats:sup></jats:p>", r"x\textsuperscript{-5}", "x<sup>-5</sup>", "x⁻⁵"),
        ("<em>a <b>b</b></em>", r"\textit{a \textbf{b}}", "<i>a <b>b</b></i>", "a b"),
        ('<span style="font-variant: small-caps">d</span>-glucose', r"\textsc{d}-glucose", SMALL_CAPS, "d-glucose"),
        ("<scp>d</scp>-glucose", r"\textsc{d}-glucose", SMALL_CAPS, "d-glucose"),
        ("&lt;i&gt;moss&lt;/i&gt;", r"\textit{moss}", "<i>moss</i>", "moss"),
        ("p &lt; 0.05 &amp;amp; q &gt; 2", r"p < 0.05 \& q > 2", "p < 0.05 & q > 2", "p < 0.05 & q > 2"),
        ("a<b and c>d", "a<b and c>d", "a<b and c>d", "a<b and c>d"),
        ("one <b>alone", "one <b>alone", "one <b>alone", "one <b>alone"),
        ("caf&eacute; &#955; R&D; AT&T", r"café λ R\&D; AT\&T", "café λ R&D; AT&T", "café λ R&D; AT&T"),
        ("x<sub>AB</sub>", r"x\textsubscript{AB}", "x<sub>AB</sub>", "xAB"),
        ("one<br/>two<!-- no -->", "one two", "one two", "one two"),
        ("<mml:math><mml:msub><mml:mi>h</mml:mi><mml:mn>2</mml:mn></mml:msub></mml:math> in", "$h_{2}$ in",
         "h<sub>2</sub> in", "h₂ in"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac></math>", "$(a+b)/c$", "(a+b)/c",
         "(a+b)/c"),
    ],
)  # fmt: skip
def test_markup_of_texts(value: str, latex: str, csl: str, plain: str) -> None:
    marked = mark_html(value)
    assert field_to_latex("note", value).strip() == latex
    assert html_markup(marked).strip() == csl
    assert plain_markup(marked).strip() == plain


@pytest.mark.parametrize(
    ("value", "csl", "plain"),
    [
        (r"\emph{Posidonia {x} y} and CO$_2$", "<i>Posidonia x y</i> and CO<sub>2</sub>", "Posidonia x y and CO₂"),
        (r"$^{13}$C and \textsuperscript{14}C", "<sup>13</sup>C and <sup>14</sup>C", "¹³C and ¹⁴C"),
        (r"{\it Kelp} \textsc{d} {\bf b \emph{q}}",
         '<i>Kelp</i> <span style="font-variant:small-caps;">d</span> <b>b <i>q</i></b>', "Kelp d b q"),
        (r"\{a\} and a\_b", "{a} and a_b", "{a} and a_b"),
        (r"$x_1^{2}$", "x<sub>1</sub><sup>2</sup>", "x₁²"),
        (r"$\alpha_{\beta}$", "α<sub>β</sub>", "αᵦ"),
        (r"\emph{x", "x", "x"),
    ],
)  # fmt: skip
def test_markup_of_latex(value: str, csl: str, plain: str) -> None:
    text = latex_to_text(mark_latex(value))
    assert html_markup(text) == csl
    assert plain_markup(text) == plain


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"{\~\^e}", "ễ"), (r"{\'\u a}", "ắ"), (r"{\'{\^e}}", "ế"), (r"\~{\^{e}}", "ễ"), (r"\'{\"u}x", "ǘx"),
        (r"{\'{\i}} \"{\i}", "í ï"), (r"\c{\u{e}}", "ḝ"),
        (r"\LaTeX\ and \XeTeX{} or \AmSTeX", "LaTeX and XeTeX or AmS-TeX"), (r"\TeX nical", "TeXnical"),
        (r"\foo{Kelp} of \LaTeX", "Kelp of LaTeX"), (r"\unknown{A \emph{b}} c", "A b c"),
    ],
)  # fmt: skip
def test_accents_and_macros(value: str, expected: str) -> None:
    assert latex_to_text(value) == expected


def test_capitals_with_scripts_and_formulas_are_protected_in_titles() -> None:
    title = field_to_latex(
        "title", "Uptake of CO<sub>2</sub> and <math><msub><mi>H</mi><mn>2</mn></msub></math> by moss"
    )
    assert title == r"Uptake of {CO\textsubscript{2}} and {$H_{2}$} by moss"
    assert field_to_latex("title", title) == title


@given(
    st.lists(st.sampled_from(["<i>", "</i>", "<sub>", "</sub>", "$", "&amp;", "x", " ", "{", "}", "\\", "<p>"])).map(
        "".join
    )
)
def test_any_text_gives_balanced_latex_and_stays_the_same(value: str) -> None:
    latex = field_to_latex("note", value)
    assert field_to_latex("note", latex) == latex
    plain_markup(latex_to_text(mark_latex(value)))


@pytest.mark.parametrize(
    "value",
    ["<i>" * 40_000, "<i></i>" * 40_000, "<i>" * 20_000 + "</b>" * 20_000, "<math>" * 20_000, "&amp;" * 40_000,
     "<a b" * 40_000, "<b " + "x=y " * 40_000, "<!--" * 20_000, "\\emph{" * 20_000, "$_" * 20_000, "_{" * 20_000],
    ids=lambda value: value[:8],
)  # fmt: skip
def test_hostile_markup_takes_linear_time(value: str) -> None:
    with seconds_at_most(2):
        latex_markup(mark_html(value))
        mark_latex(value)
